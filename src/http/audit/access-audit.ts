/**
 * Puts on record, from requests, who came in, who looked at personal data or at the record itself, and who was refused. What
 * is read is on a disk before it is given (docs/design/reliability.md#records-of-reads).
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import { eventContextOf, type CommandContext } from '../../commands/context.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { recordAccess } from '../../commands/audit/record-access.ts';
import {
  type AccessEvent,
  type SignInFailure,
  SAME_READ_MS,
  type ReadKind,
  RECORDED_OR_REFUSED,
} from '../../domain/audit/access.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { AccessJournal, BlindIndex, Clock, Ids, Logger } from '../../ports.ts';
import { type AccessRecord, createAccessRecords } from './access-records.ts';

/** What is known of a request that nobody is signed in for yet. */
export interface Origin {
  readonly requestId: string;
  readonly correlationId: string;
  readonly address: string | undefined;
}

export interface AccessedData {
  readonly kind: ReadKind;
  readonly ticketId: string | null;
  readonly subjectId: string | null;
  readonly filters: readonly string[];
  /** The phone number that was searched for, in clear: only its keyed hash is recorded. */
  readonly number?: string | null;
}

export interface RefusedAccess {
  /** Name of the route. */
  readonly action: string;
  /** The code of the answer. */
  readonly code: string;
  readonly ticketId: string | null;
  readonly subjectId: string | null;
}

export interface AccessAudit {
  /**
   * Resolves when it is on a disk.
   * @param address of who asks
   * @throws StoreUnavailable it could not be recorded, so it must not be given
   */
  read(ctx: CommandContext, what: AccessedData, address?: string): Promise<void>;
  /**
   * A file is about to leave by a link, which needs no sign-in.
   * @param userId whose link it is
   * @param every false: downloads of the same place within 15 minutes are one
   * @throws StoreUnavailable it must not be given
   */
  exported(userId: string, exportId: string, from: Origin, every: boolean): Promise<void>;
  /** Never throws: what is refused shows nothing. Resolves when it is on a disk, or the log says that it is not. */
  refused(ctx: CommandContext, what: RefusedAccess, address?: string): Promise<void>;
  /** @throws StoreUnavailable */
  signedIn(caller: Caller, sessionId: string, from: Origin): Promise<void>;
  /** @throws StoreUnavailable */
  signedOut(ctx: CommandContext, sessionId: string): Promise<void>;
  /** Never waits: a wrong password must not take longer for an account that is there. */
  signInFailed(email: string, userId: string | null, reason: SignInFailure, from: Origin): void;
  /** Never throws. */
  tokenReused(userId: string, sessionId: string, from: Origin): Promise<void>;
  /** Under which key searches for this number are on record; null for none. */
  keyOfNumber(number: string | null): string | null;
  /** Records that wait for the event store, on the disk, of all processes. */
  waiting(): Promise<number>;
  /** Tries once more to store what waits. */
  close(): Promise<void>;
}

/** Reads remembered, over all persons: about 100 bytes each. */
const READS_KEPT = 100_000;
/** What costs an attacker nothing is recorded so often per account, and by one process. */
const FAILURES = { perAccount: 5, perProcess: 300 };
/** A person who is signed in is counted by RATE_LIMIT_PER_MINUTE too. */
const REFUSALS = { perAccount: 60, perProcess: 1_000 };
const MINUTE_MS = 60_000;

/** Records reads of personal data, refusals and sign-ins as events. */
export function createAccessAudit(deps: {
  readonly handler: CommandHandler;
  readonly journal: AccessJournal;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly log: Logger;
}): AccessAudit {
  const { handler, clock, blindIndex, ids, log } = deps;
  const recent = boundedCache<string, { readonly until: number; readonly written: Promise<void> }>(
    READS_KEPT,
  );
  const failures = createLimit(FAILURES);
  const refusals = createLimit(REFUSALS);
  const reuses = createLimit(FAILURES);

  const record = recordAccess({ handler });
  const store = ({ id, key, context, event }: AccessRecord, again: boolean): Promise<void> =>
    record(key, { ...context, key: id, keyIsNew: !again }, event);
  const records = createAccessRecords({ store, journal: deps.journal, log });
  const recordOf = (key: string, context: EventContext, event: AccessEvent): AccessRecord => ({
    id: ids.next(),
    key,
    // Without the key of an Idempotency-Key: this is no command, and has its own ids.
    context: { ...context, key: undefined },
    event,
  });
  const add = (key: string, context: EventContext, event: AccessEvent): Promise<void> =>
    records.add(recordOf(key, context, event));

  const logFailure = (err: unknown): void => {
    log.error({ err }, 'an access could not be recorded');
  };

  const originOf = (address: string | undefined): string | null =>
    address === undefined ? null : blindIndex('network-address', address);
  const keyOfNumber = (number: string | null): string | null =>
    number === null ? null : blindIndex('searched-number', number);
  const eventContext = (from: Origin, actor: EventContext['actor']): EventContext => ({
    actor,
    correlationId: from.correlationId,
    causationId: from.requestId,
    requestId: from.requestId,
    at: clock.now().toISOString(),
  });

  /** Once within 15 minutes, unless it was not recorded. */
  async function once(key: string, work: () => Promise<void>): Promise<void> {
    const now = clock.now().getTime();
    const known = recent.get(key);
    if (known && known.until > now) return known.written;
    const written = work();
    const entry = { until: now + SAME_READ_MS, written };
    recent.set(key, entry);
    try {
      await written;
    } catch (error) {
      // It was refused, so it was not read: the next try must be recorded.
      if (recent.peek(key) === entry) recent.delete(key);
      throw error;
    }
  }

  return {
    async read(ctx, { number = null, ...what }, address) {
      const userId = ctx.caller.id;
      const origin = originOf(address);
      const data = { userId, ...what, filters: [...what.filters], searched: keyOfNumber(number), origin };
      const write = (): Promise<void> => {
        const one = recordOf(userId, eventContextOf(ctx, clock), { type: 'PersonalDataRead', data });
        return RECORDED_OR_REFUSED.has(what.kind) ? store(one, false) : records.add(one);
      };
      if (number !== null) return write();
      const about = what.ticketId ?? what.subjectId ?? '';
      return once(`${userId} ${what.kind} ${about} ${origin ?? ''}`, write);
    },

    async exported(userId, exportId, from, every) {
      const origin = originOf(from.address);
      const context = eventContext(from, { kind: 'system', process: 'export-link' });
      const subject = { kind: 'export' as const, ticketId: null, subjectId: exportId, filters: [] };
      const data = { userId, ...subject, searched: null, origin };
      const write = (): Promise<void> =>
        store(recordOf(userId, context, { type: 'PersonalDataRead', data }), false);
      return every ? write() : once(`${userId} export ${exportId} ${origin ?? ''}`, write);
    },

    async refused(ctx, { action, code, ticketId, subjectId }, address) {
      const userId = ctx.caller.id;
      const origin = originOf(address);
      const about = ticketId ?? subjectId ?? '';
      await once(`${userId} refused ${action} ${code} ${about} ${origin ?? ''}`, async () => {
        const unrecorded = refusals.take(userId, clock.now().getTime());
        if (unrecorded === null) return;
        const data = { userId, action, code, ticketId, subjectId, origin, unrecorded };
        await add(userId, eventContextOf(ctx, clock), { type: 'AccessRefused', data });
      }).catch(logFailure);
    },

    signedIn: ({ id, role, division }, sessionId, from) =>
      add(id, eventContext(from, { kind: 'user', id, role, division }), {
        type: 'SignedIn',
        data: { userId: id, sessionId, origin: originOf(from.address) },
      }),

    signedOut: (ctx, sessionId) =>
      add(ctx.caller.id, eventContextOf(ctx, clock), {
        type: 'SignedOut',
        data: { userId: ctx.caller.id, sessionId },
      }),

    signInFailed(email, userId, reason, from) {
      const emailKey = blindIndex('email', email);
      const unrecorded = failures.take(emailKey, clock.now().getTime());
      if (unrecorded === null) return;
      const data = { userId, emailKey, reason, origin: originOf(from.address), unrecorded };
      const context = eventContext(from, { kind: 'system', process: 'sign-in' });
      add(userId ?? `unknown-${emailKey}`, context, { type: 'SignInFailed', data }).catch(logFailure);
    },

    async tokenReused(userId, sessionId, from) {
      const unrecorded = reuses.take(userId, clock.now().getTime());
      if (unrecorded === null) return;
      const data = { userId, sessionId, origin: originOf(from.address), unrecorded };
      const context = eventContext(from, { kind: 'system', process: 'sign-in' });
      await add(userId, context, { type: 'RefreshTokenReused', data }).catch(logFailure);
    },

    keyOfNumber,
    waiting: () => records.waiting(),
    close: () => records.close(),
  };
}

/** What costs an attacker nothing: so few are recorded that they cannot fill a disk. The others are counted. */
function createLimit(most: { readonly perAccount: number; readonly perProcess: number }) {
  const perAccount = boundedCache<string, { readonly minute: number; readonly count: number }>(10_000);
  let all = { minute: 0, count: 0 };
  let unrecorded = 0;
  return {
    /** @returns how many went unrecorded before this one; null: this one does too */
    take(account: string, now: number): number | null {
      const minute = Math.floor(now / MINUTE_MS);
      const known = perAccount.get(account);
      const count = known?.minute === minute ? known.count + 1 : 1;
      perAccount.set(account, { minute, count });
      if (all.minute !== minute) all = { minute, count: 0 };
      if (count > most.perAccount || all.count >= most.perProcess) {
        unrecorded += 1;
        return null;
      }
      all = { minute, count: all.count + 1 };
      const before = unrecorded;
      unrecorded = 0;
      return before;
    },
  };
}
