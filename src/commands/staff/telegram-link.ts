/**
 * Links a person of staff to their Telegram account (docs/design/field-service.md#staff-bot): a code that they, or who manages
 * users, ask for, and that they send to the staff bot. An account belongs to one of them.
 */
import { Refusal } from '../../domain/refusals.ts';
import { staff, STAFF_ID, type Staff, type StaffEvent } from '../../domain/staff/staff.ts';
import { telegramCode, type TelegramCode, type TelegramCodeEvent } from '../../domain/staff/telegram-code.ts';
import { user, type User, type UserEvent } from '../../domain/staff/user.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { requireAuthorityOver, type RoleSets } from './granting.ts';
import { loadRoleSets } from './role-sets.ts';
import { staffDirectory } from './staff-directory.ts';

/** How long a code is good, in milliseconds. */
export const TELEGRAM_CODE_MS = 10 * 60_000;

const keyOfCode = (blindIndex: BlindIndex, code: string): string =>
  blindIndex('telegram-code', code.trim().toUpperCase());
/** Keyed hash of a Telegram account, by which it is claimed. */
export const keyOfTelegram = (blindIndex: BlindIndex, telegramId: string): string =>
  blindIndex('staff-telegram', telegramId);

/**
 * Who brings the code acts as that person, so it needs as much authority as a new password does.
 * @throws Refusal USER_NOT_FOUND, DIVISION_FORBIDDEN, SUPER_ADMIN_PROTECTED, ROLE_ABOVE_OWN, PRIVILEGE_ABOVE_OWN
 */
export function requireMayLink(state: User, by: Caller, sets: RoleSets): void {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (state.id === by.id) return;
  requireReach(by, state.division);
  requireAuthorityOver(by, state, { ...state, passwordHash: '' }, sets);
}

export const decideIssueTelegramCode = (
  state: TelegramCode,
  data: Extract<TelegramCodeEvent, { type: 'TelegramCodeIssued' }>['data'],
): TelegramCodeEvent[] => (state.status === 'unknown' ? [{ type: 'TelegramCodeIssued', data }] : []);

/** Brought again by the same account it makes no event. @throws Refusal TELEGRAM_CODE_WRONG */
export function decideUseTelegramCode(
  state: TelegramCode,
  telegramKey: string,
  now: string,
): TelegramCodeEvent[] {
  if (state.status === 'used' && state.usedBy === telegramKey) return [];
  if (state.status !== 'issued' || Date.parse(now) >= Date.parse(state.expiresAt))
    throw new Refusal('TELEGRAM_CODE_WRONG');
  return [{ type: 'TelegramCodeUsed', data: { userId: state.userId, telegramKey } }];
}

/** @throws Refusal TELEGRAM_TAKEN */
export function decideClaimTelegram(state: Staff, userId: string, telegramKey: string): StaffEvent[] {
  const holder = state.byTelegram.get(telegramKey);
  if (holder === userId) return [];
  if (holder !== undefined) throw new Refusal('TELEGRAM_TAKEN');
  return [{ type: 'StaffTelegramClaimed', data: { userId, telegramKey } }];
}

export const decideReleaseTelegram = (state: Staff, userId: string): StaffEvent[] =>
  [...state.byTelegram.values()].includes(userId)
    ? [{ type: 'StaffTelegramReleased', data: { userId } }]
    : [];

/** @throws Refusal TELEGRAM_CODE_WRONG: who was deactivated links nothing */
export function decideLinkTelegram(state: User, telegramId: string): UserEvent[] {
  if (state.status !== 'active') throw new Refusal('TELEGRAM_CODE_WRONG');
  return state.telegramId === telegramId
    ? []
    : [{ type: 'TelegramLinked', data: { userId: state.id, telegramId } }];
}

/**
 * The person stopped the bot. No event when they are linked otherwise by now.
 * @param recipients who is told: those who plan the visits
 */
export function decideLoseTelegram(
  state: User,
  telegramId: string,
  recipients: readonly string[],
): UserEvent[] {
  if (state.status === 'absent' || state.telegramId !== telegramId) return [];
  const data = { userId: state.id, because: 'blocked' as const, recipients: [...recipients] };
  return [{ type: 'TelegramUnlinked', data }];
}

/** @throws Refusal USER_NOT_FOUND */
export function decideUnlinkTelegram(state: User): UserEvent[] {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  return state.telegramId === null ? [] : [{ type: 'TelegramUnlinked', data: { userId: state.id } }];
}

export function telegramLinks(deps: {
  readonly handler: CommandHandler;
  readonly blindIndex: BlindIndex;
  readonly clock: Clock;
  readonly newCode: () => string;
}) {
  const { handler, blindIndex, clock, newCode } = deps;
  const directory = staffDirectory(deps);

  async function requireLinker(ctx: CommandContext, userId: string): Promise<void> {
    requireMayLink(await handler.load(user, userId), ctx.caller, await loadRoleSets(handler));
  }

  return {
    /** @returns the code in clear, once @throws Refusal as `requireMayLink` */
    async issueCode(
      ctx: CommandContext,
      userId: string,
    ): Promise<{ readonly code: string; readonly expires_at: string }> {
      await requireLinker(ctx, userId);
      // A code is secret, so a repeated key gets another one.
      const eventContext = { ...eventContextOf(ctx, clock), key: undefined };
      const expiresAt = new Date(Date.parse(eventContext.at) + TELEGRAM_CODE_MS).toISOString();
      for (;;) {
        const code = newCode();
        const { events } = await handler.executeCommand(
          telegramCode,
          keyOfCode(blindIndex, code),
          eventContext,
          (state) => decideIssueTelegramCode(state, { userId, expiresAt }),
        );
        if (events.length > 0) return { code, expires_at: expiresAt };
      }
    },

    /**
     * The account that sends the code is that person's from now on, in place of one that they had. May be asked again.
     * @param telegramId the account's number, in digits @returns who it is
     * @throws Refusal TELEGRAM_CODE_WRONG, TELEGRAM_TAKEN
     */
    async link(
      code: string,
      telegramId: string,
      request: Pick<CommandContext, 'requestId' | 'correlationId'>,
    ) {
      const codeKey = keyOfCode(blindIndex, code);
      const telegramKey = keyOfTelegram(blindIndex, telegramId);
      const found = await handler.load(telegramCode, codeKey);
      const person = found.status === 'unknown' ? null : await directory.byId(found.userId);
      if (person?.active !== true) throw new Refusal('TELEGRAM_CODE_WRONG');
      const eventContext = eventContextOf({ ...request, caller: person }, clock);
      // Before the code is used up: it stays good for the right account.
      decideUseTelegramCode(found, telegramKey, eventContext.at);
      decideClaimTelegram(await handler.load(staff, STAFF_ID), person.id, telegramKey);
      await handler.executeCommand(telegramCode, codeKey, eventContext, (state) =>
        decideUseTelegramCode(state, telegramKey, eventContext.at),
      );
      await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
        decideClaimTelegram(state, person.id, telegramKey),
      );
      await handler.executeCommand(user, person.id, eventContext, (state) =>
        decideLinkTelegram(state, telegramId),
      );
      return person;
    },

    /** Who is not linked stays so. @throws Refusal as `requireMayLink` */
    async unlink(ctx: CommandContext, userId: string): Promise<{ readonly position: Position }> {
      await requireLinker(ctx, userId);
      const eventContext = eventContextOf(ctx, clock);
      const { position } = await handler.executeCommand(user, userId, eventContext, decideUnlinkTelegram);
      await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
        decideReleaseTelegram(state, userId),
      );
      return { position };
    },

    /**
     * The person stopped the bot: they get a code again to come back.
     * @param cause of the offer that did not reach them
     */
    async lost(
      who: { readonly userId: string; readonly telegramId: string },
      recipients: readonly string[],
      cause: EventContext,
    ): Promise<void> {
      const { state, events } = await handler.executeCommand(user, who.userId, cause, (now) =>
        decideLoseTelegram(now, who.telegramId, recipients),
      );
      if (events.length === 0 && state.status !== 'absent' && state.telegramId !== null) return;
      await handler.executeCommand(staff, STAFF_ID, cause, (now) => decideReleaseTelegram(now, who.userId));
    },

    /** @returns the person whose account this is, as they are right now; null: nobody's @throws StoreUnavailable */
    async personOf(telegramId: string) {
      const { byTelegram } = await handler.load(staff, STAFF_ID);
      const userId = byTelegram.get(keyOfTelegram(blindIndex, telegramId));
      if (userId === undefined) return null;
      const known = await handler.load(user, userId);
      const isTheirs = known.status === 'active' && known.telegramId === telegramId;
      return isTheirs ? directory.byId(userId) : null;
    },
  };
}

export type TelegramLinks = ReturnType<typeof telegramLinks>;
