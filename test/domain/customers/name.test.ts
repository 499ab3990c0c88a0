import { expect } from 'chai';
import { cutName } from '../../../src/domain/customers/name.ts';
import { inbound } from '../../../src/domain/inbound/inbound.ts';

const FAMILY = '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}';
const ACCENTED = 'e\u0301';

describe('the length of a name', () => {
  it('is what it is up to 300 characters', () => {
    for (const name of ['', 'Budi', 'x'.repeat(300), FAMILY]) expect(cutName(name)).to.equal(name);
  });

  it('is 300 at most, with no character cut in half', () => {
    expect(cutName('x'.repeat(301))).to.equal('x'.repeat(300));
    const family = cutName('x'.repeat(297) + FAMILY);
    expect(family).to.equal('x'.repeat(297));
    expect(cutName('x'.repeat(299) + ACCENTED)).to.equal('x'.repeat(299));
    expect(cutName('x'.repeat(298) + ACCENTED + 'y')).to.equal('x'.repeat(298) + ACCENTED);
    const long = cutName(FAMILY.repeat(1_000));
    expect(long.length).to.be.at.most(300);
    expect(long.replaceAll(FAMILY, '')).to.equal('');
  });

  it('keeps whole code points of a single character that is longer than a name may be', () => {
    const one = `a${'\u{1D167}'.repeat(500)}`;
    const cut = cutName(one);
    expect(cut.length).to.be.within(298, 300);
    expect(cut.isWellFormed()).to.equal(true);
  });

  it('is cut on the way in, whatever the channel', () => {
    for (const channel of ['whatsapp', 'telegram', 'instagram', 'facebook', 'web'] as const) {
      const item = inbound.parse({
        division: 'sari',
        channel,
        userId: 'x_1',
        businessScopedId: null,
        phone: null,
        userName: `${'x'.repeat(299)}${FAMILY}`,
        botId: null,
        waPhoneId: null,
        waDisplayName: null,
        sentAt: '2026-07-03T10:00:00.000Z',
        isOfficeHours: null,
        kind: 'resolved',
      });
      expect(item.userName).to.equal('x'.repeat(299));
    }
  });
});
