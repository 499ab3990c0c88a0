import { expect } from 'chai';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { jobOfButton, takeButton } from '../../../src/commands/staff/staff-button.ts';
import {
  decideClaimTelegram,
  decideIssueTelegramCode,
  decideLinkTelegram,
  decideLoseTelegram,
  decideReleaseTelegram,
  decideUnlinkTelegram,
  decideUseTelegramCode,
  requireMayLink,
} from '../../../src/commands/staff/telegram-link.ts';
import { DEFAULT_PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { staff, type StaffEvent } from '../../../src/domain/staff/staff.ts';
import { telegramCode, type TelegramCodeEvent } from '../../../src/domain/staff/telegram-code.ts';
import { user, type UserEvent } from '../../../src/domain/staff/user.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, rina, sena, tono } from '../../support/scenarios/people.ts';

const NOW = '2026-11-01T02:00:00.000Z';
const LATER = '2026-11-01T02:10:00.000Z';
const A = ani.id;
const B = sena.id;

describe('linking a Telegram account', () => {
  const issued: TelegramCodeEvent = { type: 'TelegramCodeIssued', data: { userId: A, expiresAt: LATER } };
  const used = (telegramKey: string): TelegramCodeEvent => ({
    type: 'TelegramCodeUsed',
    data: { userId: A, telegramKey },
  });
  const code = specOf(telegramCode);

  it('takes a code once, within ten minutes, again only by the same account', () => {
    code()
      .when((state) => decideIssueTelegramCode(state, issued.data))
      .thenOnce(issued);
    code(issued)
      .when((state) => decideUseTelegramCode(state, 'k1', NOW))
      .thenOnce(used('k1'));
    code(issued)
      .when((state) => decideUseTelegramCode(state, 'k1', LATER))
      .thenRefused('TELEGRAM_CODE_WRONG');
    code(issued, used('k1'))
      .when((state) => decideUseTelegramCode(state, 'k2', NOW))
      .thenRefused('TELEGRAM_CODE_WRONG');
    code()
      .when((state) => decideUseTelegramCode(state, 'k1', NOW))
      .thenRefused('TELEGRAM_CODE_WRONG');
  });

  const claimed = (userId: string, telegramKey: string): StaffEvent => ({
    type: 'StaffTelegramClaimed',
    data: { userId, telegramKey },
  });
  const list = specOf(staff);

  it('gives an account to one person', () => {
    list()
      .when((state) => decideClaimTelegram(state, A, 'k1'))
      .thenOnce(claimed(A, 'k1'));
    list(claimed(A, 'k1'))
      .when((state) => decideClaimTelegram(state, B, 'k1'))
      .thenRefused('TELEGRAM_TAKEN');
    // Who claims another lets go of the one before.
    list(claimed(A, 'k1'), claimed(A, 'k2'))
      .when((state) => decideClaimTelegram(state, B, 'k1'))
      .thenOnce(claimed(B, 'k1'));
    list(claimed(A, 'k1'))
      .when((state) => decideReleaseTelegram(state, A))
      .thenOnce({ type: 'StaffTelegramReleased', data: { userId: A } });
  });

  const registered: UserEvent = {
    type: 'UserRegistered',
    data: {
      userId: A,
      name: 'Ani',
      email: 'ani@demo.saga',
      passwordHash: '-',
      role: 'technician',
      division: 'sari',
    },
  };
  const linked: UserEvent = { type: 'TelegramLinked', data: { userId: A, telegramId: '77' } };
  const person = specOf(user);

  it('is on the person, who was not deactivated', () => {
    person(registered)
      .when((state) => decideLinkTelegram(state, '77'))
      .thenOnce(linked);
    person(registered, { type: 'UserDeactivated', data: { userId: A } })
      .when((state) => decideLinkTelegram(state, '77'))
      .thenRefused('TELEGRAM_CODE_WRONG');
    person(registered, linked)
      .when(decideUnlinkTelegram)
      .thenOnce({ type: 'TelegramUnlinked', data: { userId: A } });
    person(registered).when(decideUnlinkTelegram).then();
    person().when(decideUnlinkTelegram).thenRefused('USER_NOT_FOUND');
  });

  it('is lost when the person stops the bot, and who plans the visits is told', () => {
    const recipients = [tono.id];
    person(registered, linked)
      .when((state) => decideLoseTelegram(state, '77', recipients))
      .thenOnce({ type: 'TelegramUnlinked', data: { userId: A, because: 'blocked', recipients } });
    person(registered, linked)
      .when((state) => decideLoseTelegram(state, '78', recipients))
      .then();
  });

  it('needs as much authority as a new password, but for oneself', () => {
    const sets = DEFAULT_PRIVILEGES;
    requireMayLink(asUser(ani), ani, sets);
    requireMayLink(asUser(ani), rina, sets);
    const refused = (of: Parameters<typeof requireMayLink>[0], by: typeof ani) =>
      refusalIn(() => {
        requireMayLink(of, by, sets);
      }).code;
    expect(refused({ status: 'absent' }, rina)).to.equal('USER_NOT_FOUND');
    expect(refused(asUser(sena), ani)).to.equal('DIVISION_FORBIDDEN');
    expect(refused(asUser(rina), tono)).to.equal('SUPER_ADMIN_PROTECTED');
    expect(refused(asUser(ani), tono)).to.equal('PRIVILEGE_ABOVE_OWN');
  });
});

describe('a button of the staff bot', () => {
  const index = createBlindIndex('one key');
  const JOB = '019a9d1e-7c00-7000-8000-0000000000ff';

  it('carries a job, for one account, under one key', () => {
    const data = takeButton(index, '77', JOB);
    expect(data.length).to.be.at.most(64);
    expect(jobOfButton(index, '77', data)).to.equal(JOB);
    expect(jobOfButton(index, '78', data), 'forwarded').to.equal(null);
    expect(jobOfButton(createBlindIndex('another'), '77', data), 'an old key').to.equal(null);
    for (const odd of ['', 'x', data.slice(1), `${data}x`, data.replace(/^t/, 'u')])
      expect(jobOfButton(index, '77', odd), odd).to.equal(null);
  });
});
