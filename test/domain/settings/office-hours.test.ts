import { expect } from 'chai';
import { DEFAULT_HOURS, openAt, openState } from '../../../src/domain/settings/office-hours.ts';
import { calendarOf } from '../../../src/domain/time/calendar.ts';

const jakarta = (hours: Parameters<typeof openAt>[0]) => {
  const open = openAt(hours, 'Asia/Jakarta');
  return (local: string) => open(new Date(`${local}+07:00`));
};

describe('office hours', () => {
  it('are Monday to Friday, 08:00 to 17:00 in Jakarta, until configured', () => {
    const open = jakarta(DEFAULT_HOURS);
    expect(open('2026-07-03T07:59:00'), 'Friday before eight').to.be.false;
    expect(open('2026-07-03T08:00:00'), 'Friday at eight').to.be.true;
    expect(open('2026-07-03T16:59:59'), 'the last minute').to.be.true;
    expect(open('2026-07-03T17:00:00'), 'closed at five').to.be.false;
    expect(open('2026-07-04T10:00:00'), 'Saturday').to.be.false;
  });

  it('may pass midnight, also from Saturday into Sunday', () => {
    const open = jakarta([{ dayOfWeek: 6, opens: '22:00', closes: '02:00' }]);
    expect(open('2026-07-04T21:59:00')).to.be.false;
    expect(open('2026-07-04T23:00:00')).to.be.true;
    expect(open('2026-07-05T01:59:00')).to.be.true;
    expect(open('2026-07-05T02:00:00')).to.be.false;
  });

  it('may be several a day', () => {
    const open = jakarta([
      { dayOfWeek: 5, opens: '08:00', closes: '12:00' },
      { dayOfWeek: 5, opens: '13:00', closes: '17:00' },
    ]);
    expect([
      open('2026-07-03T11:00:00'),
      open('2026-07-03T12:30:00'),
      open('2026-07-03T13:00:00'),
    ]).to.deep.equal([true, false, true]);
  });

  it('that close when they open last the whole day', () => {
    const open = jakarta([{ dayOfWeek: 5, opens: '00:00', closes: '00:00' }]);
    expect([
      open('2026-07-03T00:00:00'),
      open('2026-07-03T23:59:00'),
      open('2026-07-04T00:00:00'),
    ]).to.deep.equal([true, true, false]);
  });

  it('tell when they change next, in the time of the business', () => {
    const state = (hours: Parameters<typeof openAt>[0], local: string) => {
      const zone = 'Asia/Jakarta';
      const { isOpen, nextOpenAt, nextCloseAt } = openState(
        hours,
        zone,
        calendarOf(zone),
        new Date(`${local}+07:00`),
      );
      return [isOpen, nextOpenAt?.toISOString() ?? null, nextCloseAt?.toISOString() ?? null];
    };
    expect(state(DEFAULT_HOURS, '2026-07-03T10:00:00'), 'Friday at ten').to.deep.equal([
      true,
      '2026-07-06T01:00:00.000Z',
      '2026-07-03T10:00:00.000Z',
    ]);
    expect(state(DEFAULT_HOURS, '2026-07-04T10:00:00'), 'Saturday').to.deep.equal([
      false,
      '2026-07-06T01:00:00.000Z',
      '2026-07-06T10:00:00.000Z',
    ]);
    const night = [
      { dayOfWeek: 5, opens: '22:00', closes: '00:00' },
      { dayOfWeek: 6, opens: '00:00', closes: '02:00' },
    ];
    expect(state(night, '2026-07-03T23:00:00'), 'over midnight, in two rows').to.deep.equal([
      true,
      '2026-07-10T15:00:00.000Z',
      '2026-07-03T19:00:00.000Z',
    ]);
    expect(state([], '2026-07-03T10:00:00')).to.deep.equal([false, null, null]);
    const always = [0, 1, 2, 3, 4, 5, 6].map((dayOfWeek) => ({ dayOfWeek, opens: '00:00', closes: '00:00' }));
    expect(state(always, '2026-07-03T10:00:00')).to.deep.equal([true, null, null]);
  });
});
