import type { Clock, IdempotencyKeys, Ids, WriteStore } from '../../ports.ts';

const KEPT_MS = 24 * 3_600_000;
/**
 * A claim without an answer for this long belongs to a process that died: every request is answered sooner.
 * Should one not be, both runs derive the same event ids, and the store writes them once.
 */
const ABANDONED_MS = 15_000;

interface Row {
  readonly same: boolean;
  readonly status: number | null;
  readonly body: string | null;
}

/** First answers in `ops.idempotency_keys`. */
export function createIdempotencyKeys(store: WriteStore, clock: Clock, ids: Ids): IdempotencyKeys {
  const claimOnce: (caller: string, key: string, print: Buffer) => Promise<string | undefined> = async (
    callerId,
    key,
    fingerprint,
  ) => {
    const now = clock.now();
    const rows = await store.query<{ operation_id: string }>({
      name: 'idempotency_claim',
      text: `insert into ops.idempotency_keys as k
               (caller_id, key, fingerprint, operation_id, claimed_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (caller_id, key) do update set
               operation_id = case when k.expires_at <= $5 then excluded.operation_id else k.operation_id end,
               expires_at = case when k.expires_at <= $5 then excluded.expires_at else k.expires_at end,
               fingerprint = excluded.fingerprint, claimed_at = $5, status = null, body = null
             where k.expires_at <= $5
                or (k.status is null and k.claimed_at <= $7 and k.fingerprint = excluded.fingerprint)
             returning operation_id`,
      values: [
        callerId,
        key,
        fingerprint,
        ids.next(),
        now,
        new Date(now.getTime() + KEPT_MS),
        new Date(now.getTime() - ABANDONED_MS),
      ],
    });
    return rows[0]?.operation_id;
  };

  return {
    async claim(callerId, key, fingerprintHex) {
      const fingerprint = Buffer.from(fingerprintHex, 'hex');
      for (;;) {
        const operationId = await claimOnce(callerId, key, fingerprint);
        if (operationId !== undefined) return { state: 'mine', operationId };
        const [row] = await store.query<Row>({
          name: 'idempotency_look',
          text: `select fingerprint = $3 as same, status, body from ops.idempotency_keys
                 where caller_id = $1 and key = $2`,
          values: [callerId, key, fingerprint],
        });
        // Purged between the two statements: the next insert gets through.
        if (!row) continue;
        if (!row.same) return { state: 'other' };
        if (row.status === null || row.body === null) return { state: 'busy' };
        return { state: 'done', status: row.status, body: row.body };
      }
    },

    async finish(operationId, { status, body }) {
      await store.query({
        name: 'idempotency_finish',
        text: `update ops.idempotency_keys set status = $2, body = $3
               where operation_id = $1 and status is null`,
        values: [operationId, status, body],
      });
    },

    async release(operationId) {
      await store.query({
        name: 'idempotency_release',
        text: `update ops.idempotency_keys set claimed_at = '-infinity'
               where operation_id = $1 and status is null`,
        values: [operationId],
      });
    },

    async purge() {
      const gone = await store.query({
        name: 'idempotency_purge',
        text: 'delete from ops.idempotency_keys where expires_at <= $1 returning 1 as gone',
        values: [clock.now()],
      });
      return gone.length;
    },
  };
}
