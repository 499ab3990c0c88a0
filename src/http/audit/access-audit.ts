/**
 * Puts on record, from requests, who came in and who looked at personal data. What is read is recorded before it is given; what
 * happens when the store is away is decision 9.
 */
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
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
import type { BlindIndex, Clock, Logger } from '../../ports.ts';
import { createAccessAuditBuffer } from './access-audit-buffer.ts';

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
}

export interface AccessAudit {
  /** Resolves when it is on record, or waits to be put there. @throws StoreUnavailable when it must not be given */
  read(ctx: CommandContext, what: AccessedData): Promise<void>;
  signedIn(caller: Caller, sessionId: string, from: Origin): Promise<void>;
  signedOut(ctx: CommandContext, sessionId: string): Promise<void>;
  /** Never waits: a wrong password must not take longer for an account that is there. */
  signInFailed(email: string, userId: string | null, reason: SignInFailure, from: Origin): void;
  /** Events that wait for the store: for a gauge. */
  waiting(): number;
  /** Tries once more to write what waits. */
  close(): Promise<void>;
}

/** Reads remembered, over all persons: about 100 bytes each. */
const READS_KEPT = 100_000;
/** How long an ordinary read waits for its record before it goes on without. */
const PATIENCE_MS = 250;
const FAILURES_PER_ACCOUNT = 5;
const FAILURES_PER_PROCESS = 300;
const MINUTE_MS = 60_000;

/** Records reads of personal data and sign-ins as events, and waits for the store only as long as a request may wait. */
export function createAccessAudit(deps: {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly blindIndex: BlindIndex;
  readonly log: Logger;
  /** Most events that may wait for the store; then ordinary reads are refused too. Default 10,000. */
  readonly mostWaiting?: number;
}): AccessAudit {
  const { handler, clock, blindIndex, log } = deps;
  const recent = new LRUCache<string, { readonly until: number; readonly written: Promise<void> }>({
    max: READS_KEPT,
  });
  const buffer = createAccessAuditBuffer({ log, most: deps.mostWaiting ?? 10_000 });
  const failures = createFailureLimit();

  const record = recordAccess({ handler });
  const write = (key: string, eventContext: EventContext, event: AccessEvent) => () =>
    record(key, eventContext, event);

  /** Waits a little for the record, not for a store that is away. @throws StoreUnavailable too many wait already */
  async function soon(work: () => Promise<void>): Promise<void> {
    const impatience = new AbortController();
    const enough = sleep(PATIENCE_MS, 'late' as const, { signal: impatience.signal }).catch(() => undefined);
    const written = buffer.add(work);
    try {
      if ((await Promise.race([written, enough])) === 'late') written.catch(logFailure);
    } finally {
      impatience.abort();
    }
  }

  const logFailure = (err: unknown): void => {
    log.error({ err }, 'an access could not be recorded');
  };

  const originOf = ({ address }: Origin): string | null =>
    address === undefined ? null : blindIndex('network-address', address);
  const eventContext = (from: Origin, actor: EventContext['actor']): EventContext => ({
    actor,
    correlationId: from.correlationId,
    causationId: from.requestId,
    requestId: from.requestId,
    at: clock.now().toISOString(),
  });

  return {
    async read(ctx, what) {
      const key = `${ctx.caller.id} ${what.kind} ${what.ticketId ?? what.subjectId ?? ''}`;
      const now = clock.now().getTime();
      const known = recent.get(key);
      if (known && known.until > now) return known.written;
      const userId = ctx.caller.id;
      const data = { userId, ...what, filters: [...what.filters] };
      // Without the key of an Idempotency-Key: a read is no command, and has its own ids.
      const event = write(userId, eventContextOf({ ...ctx, key: undefined }, clock), {
        type: 'PersonalDataRead',
        data,
      });
      const written = RECORDED_OR_REFUSED.has(what.kind) ? event() : soon(event);
      const entry = { until: now + SAME_READ_MS, written };
      recent.set(key, entry);
      try {
        await written;
      } catch (error) {
        // It was refused, so it was not read: the next try must be recorded.
        if (recent.peek(key) === entry) recent.delete(key);
        throw error;
      }
    },

    signedIn: ({ id, role, division }, sessionId, from) =>
      soon(
        write(id, eventContext(from, { kind: 'user', id, role, division }), {
          type: 'SignedIn',
          data: { userId: id, sessionId, origin: originOf(from) },
        }),
      ),

    signedOut: (ctx, sessionId) =>
      soon(
        write(ctx.caller.id, eventContextOf({ ...ctx, key: undefined }, clock), {
          type: 'SignedOut',
          data: { userId: ctx.caller.id, sessionId },
        }),
      ),

    signInFailed(email, userId, reason, from) {
      const emailKey = blindIndex('email', email);
      const unrecorded = failures.take(emailKey, clock.now().getTime());
      if (unrecorded === null || buffer.full()) return;
      const data = { userId, emailKey, reason, origin: originOf(from), unrecorded };
      const key = userId ?? `unknown-${emailKey}`;
      buffer
        .add(
          write(key, eventContext(from, { kind: 'system', process: 'sign-in' }), {
            type: 'SignInFailed',
            data,
          }),
        )
        .catch(logFailure);
    },

    waiting: () => buffer.waiting(),
    close: () => buffer.close(),
  };
}

/** Failed sign-ins cost whoever makes them nothing: so few are recorded that they cannot fill a disk. */
function createFailureLimit() {
  const perAccount = new LRUCache<string, { readonly minute: number; readonly count: number }>({
    max: 10_000,
  });
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
      if (count > FAILURES_PER_ACCOUNT || all.count >= FAILURES_PER_PROCESS) {
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
