import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { Clock, IdempotencyKeys, Ids, WriteStore } from '../../ports.ts';

const KEPT_MS = 24 * 3_600_000;
/**
 * A claim without an answer for this long belongs to a process that died: every request is answered sooner.
 * Should one not be, both runs derive the same event ids, and the store writes them once.
 */
const ABANDONED_MS = 15_000;

const claimKey = statement(
  'idempotency_claim',
  (
    caller: string,
    key: string,
    fingerprint: Buffer,
    ticketId: string | null,
    operationId: string,
    now: Date,
    expiresAt: Date,
    abandonedBefore: Date,
  ) => sql<
    Columns<'ops.idempotency_keys', { operationId: 'operation_id' }>
  >`insert into ops.idempotency_keys as k
  (caller_id, key, fingerprint, ticket_id, operation_id, claimed_at, expires_at)
values (${caller}, ${key}, ${fingerprint}, ${ticketId}, ${operationId}, ${now}, ${expiresAt})
on conflict (caller_id, key) do update set
  operation_id = case when k.expires_at <= ${now} then excluded.operation_id else k.operation_id end,
  expires_at = case when k.expires_at <= ${now} then excluded.expires_at else k.expires_at end,
  fingerprint = excluded.fingerprint, ticket_id = excluded.ticket_id, claimed_at = ${now}, status = null, body = null
where k.expires_at <= ${now}
   or (k.status is null and k.claimed_at <= ${abandonedBefore} and k.fingerprint = excluded.fingerprint)
returning operation_id as "operationId"`,
);

const answerOf = statement('idempotency_look', (caller: string, key: string, fingerprint: Buffer) =>
  tables
    .selectFrom('ops.idempotency_keys')
    .select(({ eb }) => ['status', 'body', eb('fingerprint', '=', fingerprint).as('same')])
    .where('caller_id', '=', caller)
    .where('key', '=', key),
);

const finish = statement('idempotency_finish', (operationId: string, status: number, body: string) =>
  tables
    .updateTable('ops.idempotency_keys')
    .set({ status, body })
    .where('operation_id', '=', operationId)
    .where('status', 'is', null),
);

const release = statement('idempotency_release', (operationId: string) =>
  tables
    .updateTable('ops.idempotency_keys')
    .set({ claimed_at: '-infinity' })
    .where('operation_id', '=', operationId)
    .where('status', 'is', null),
);

const purgeExpired = statement('idempotency_purge', (now: Date) =>
  tables
    .deleteFrom('ops.idempotency_keys')
    .where('expires_at', '<=', now)
    .returning(sql<number>`1`.as('gone')),
);

/** First answers in `ops.idempotency_keys`. */
export function createIdempotencyKeys(store: WriteStore, clock: Clock, ids: Ids): IdempotencyKeys {
  const claimOnce: (
    caller: string,
    key: string,
    print: Buffer,
    ticketId: string | null,
  ) => Promise<string | undefined> = async (callerId, key, fingerprint, ticketId) => {
    const now = clock.now();
    const rows = await store.query(
      claimKey(
        callerId,
        key,
        fingerprint,
        ticketId,
        ids.next(),
        now,
        new Date(now.getTime() + KEPT_MS),
        new Date(now.getTime() - ABANDONED_MS),
      ),
    );
    return rows[0]?.operationId;
  };

  return {
    async claim(callerId, key, fingerprintHex, ticketId) {
      const fingerprint = Buffer.from(fingerprintHex, 'hex');
      for (;;) {
        const operationId = await claimOnce(callerId, key, fingerprint, ticketId);
        if (operationId !== undefined) return { state: 'mine', operationId };
        const [row] = await store.query(answerOf(callerId, key, fingerprint));
        // Purged between the two statements: the next insert gets through.
        if (!row) continue;
        if (!row.same) return { state: 'other' };
        if (row.status === null || row.body === null) return { state: 'busy' };
        return { state: 'done', status: row.status, body: row.body };
      }
    },

    async finish(operationId, { status, body }) {
      await store.query(finish(operationId, status, body));
    },

    async release(operationId) {
      await store.query(release(operationId));
    },

    async purge() {
      const gone = await store.query(purgeExpired(clock.now()));
      return gone.length;
    },
  };
}
