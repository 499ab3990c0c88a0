import pg from 'pg';
import {
  type DeadLetter,
  type PubSub,
  INBOX_TOPIC,
  type InboxItem,
  type Logger,
  type Statement,
  StoreUnavailable,
  type WebhookInbox,
} from '../../ports.ts';
import { digest } from '../../channels/reading.ts';
import { saysOtherThan } from '../../domain/inbound/inbound.ts';
import { uuids } from '../clock.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import { verifying } from '../postgres/session.ts';
import { groupCommit } from '../postgres-event-store/group-commit.ts';
import { textArray, uuidArray } from '../postgres-event-store/binary-array.ts';
import { failureOf, reasonOf } from '../postgres-event-store/append-errors.ts';
import {
  backlogCounts,
  deadBodies,
  deadItems,
  DIFFERS,
  keptItems,
  pendingItems,
  reviveItems,
  settleDone,
  settleOthers,
  storeItems,
} from './webhook-inbox.sql.ts';

type Arrived = Parameters<WebhookInbox['store']>[0];
type Stored = Awaited<ReturnType<WebhookInbox['store']>>;

/**
 * Deliveries that travel together, and how much text they may hold (docs/design/performance.md#group-commit: 64 to
 * 256 are good).
 */
const MAX_BATCH = 128;
const MAX_BATCH_CHARS = 8_000_000;
/** Meta wants an answer; a sender that hears 503 in time comes again. */
const PATIENCE_MS = 5_000;

/** One row per item: those of one statement, in the order they came. */
function columns(batch: readonly Arrived[], ids: readonly string[]) {
  const rows = batch.flatMap((delivery, index) =>
    delivery.items.map((item) => ({
      item,
      deliveryId: ids[index] as string,
      receivedAt: delivery.receivedAt,
    })),
  );
  const texts = (values: readonly (string | null)[]) => textArray('text', values);
  const of = (read: (item: InboxItem) => string | null) => texts(rows.map(({ item }) => read(item)));
  return {
    rows,
    values: [
      of((item) => item.key),
      of((item) => item.orderingKey),
      uuidArray(rows.map(({ deliveryId }) => deliveryId)),
      of((item) => item.item),
      of((item) => item.state),
      of((item) => item.reason),
      texts(rows.map(({ receivedAt }) => receivedAt)),
      uuidArray(ids),
      texts(batch.map(({ form }) => form)),
      texts(batch.map(({ body }) => body)),
      texts(batch.map(({ receivedAt }) => receivedAt)),
      texts(batch.map(({ division }) => division)),
      of((item) => item.lane),
      of((item) => item.sentAt),
      texts(batch.map(({ line }) => line)),
      of((item) => item.formerKey),
    ],
  };
}

/** Counts per delivery; of a key that is twice in the batch, the first one was the new one. */
function tally(batch: readonly Arrived[], fresh: Set<string>): Stored[] {
  return batch.map(({ items }) => {
    const accepted = items.filter(({ key }) => fresh.delete(key)).length;
    return { accepted, duplicates: items.length - accepted };
  });
}

/**
 * The webhook inbox in `ops.webhook_inbox`, on a few connections of its own, so that nothing the rest of the program
 * does delays the answer to a channel. Deliveries of concurrent requests are stored by one statement.
 *
 * @param options.url a role that owns the `ops` tables
 * @param options.pubSub told (INBOX_TOPIC) once per batch that held something new
 */
export function createWebhookInbox(options: {
  readonly url: string;
  readonly pubSub: Pick<PubSub, 'publish'>;
  readonly logger: Logger;
}): WebhookInbox {
  const { pubSub, logger } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'saga webhook inbox',
    // One stores, one hands out, one settles; the fourth reads dead letters.
    max: 4,
    connectionTimeoutMillis: 2_000,
    query_timeout: PATIENCE_MS,
    verify: verifying({ statement_timeout: String(PATIENCE_MS) }),
    keepAlive: true,
  });
  // Without a listener the loss of an idle connection ends the process.
  pool.on('error', (error) => {
    logger.warn({ connection: 'webhook inbox', reason: reasonOf(error) }, 'postgres connection lost');
  });

  async function query<Row extends object>(asked: Statement<Row>): Promise<Row[]> {
    try {
      return await rowsOf(pool, asked);
    } catch (error) {
      if (failureOf(error) === 'unknown') throw new StoreUnavailable('webhook', { cause: error });
      throw error;
    }
  }

  /** Of what came again, whatever says something else than what is kept: somebody should look at it. */
  async function keepDiffering(batch: readonly Arrived[], fresh: Set<string>): Promise<void> {
    const again = batch.map((delivery) => delivery.items.filter(({ key }) => !fresh.delete(key)));
    const keys = again.flatMap((items) =>
      items.filter(({ state }) => state === 'pending').map(({ key }) => key),
    );
    if (keys.length === 0) return;
    const kept = new Map((await query(keptItems(keys))).map(({ key, item }) => [key, item]));
    const dead = batch.flatMap((delivery, index) => {
      const items = (again[index] ?? []).flatMap((item) => {
        const first = kept.get(item.key);
        if (first === undefined || !saysOtherThan(item.item, first)) return [];
        const key = digest([DIFFERS, item.key, item.item]);
        return [{ ...item, key, formerKey: null, state: 'dead' as const, reason: DIFFERS }];
      });
      return items.length > 0 ? [{ ...delivery, items }] : [];
    });
    if (dead.length === 0) return;
    logger.warn({ reason: DIFFERS, count: dead.length }, 'webhook items became dead letters');
    await query(
      storeItems(
        columns(
          dead,
          dead.map(() => uuids.next()),
        ).values,
      ),
    );
  }

  const stores = groupCommit<Arrived, Stored>({
    maxBatch: MAX_BATCH,
    weight: {
      of: ({ body, items }) => body.length + items.reduce((n, { item }) => n + item.length, 0),
      max: MAX_BATCH_CHARS,
    },
    patience: { milliseconds: PATIENCE_MS, error: () => new StoreUnavailable('webhook') },
    flush: async (batch) => {
      const { rows, values } = columns(
        batch,
        batch.map(() => uuids.next()),
      );
      if (rows.length === 0) return batch.map(() => ({ accepted: 0, duplicates: 0 }));
      const fresh = new Set((await query(storeItems(values))).map(({ key }) => key));
      await keepDiffering(batch, new Set(fresh));
      if (fresh.size > 0) pubSub.publish(INBOX_TOPIC, null);
      return tally(batch, fresh);
    },
  });

  return {
    store: (delivery) => stores.submit(delivery),

    pending: async (limit, except, share = limit) => {
      const rows = await query(pendingItems(limit, except, share));
      return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }));
    },

    settle: async (outcomes) => {
      const done = outcomes.filter((outcome) => outcome.kind === 'done');
      const others = outcomes.filter((outcome) => outcome.kind !== 'done');
      if (done.length > 0)
        await query(
          settleDone(
            done.map(({ seq }) => seq),
            done.map(({ evidence }) => evidence?.eventId ?? null),
            done.map(({ evidence }) => evidence?.position ?? null),
          ),
        );
      if (others.length === 0) return;
      await query(
        settleOthers(
          others.map(({ seq }) => seq),
          others.map(({ kind }) => kind),
          others.map(({ reason }) => reason),
          others.map((outcome) => (outcome.kind === 'dead' ? 0 : outcome.delayMs)),
        ),
      );
    },

    backlog: async () => {
      const [row] = await query(backlogCounts());
      return {
        pending: row?.pending ?? 0,
        dead: row?.dead ?? 0,
        oldestPendingAt: row?.oldest?.toISOString() ?? null,
      };
    },

    deadLetters: async (limit, cursor, division) => {
      // No page ever gave such a cursor, so there is nothing behind it.
      if (cursor !== null && !/^\d{1,18}$/.test(cursor)) return { items: [], nextCursor: null };
      const rows = await query(deadItems(cursor, division ?? null, limit + 1));
      const items = rows.slice(0, limit).map<DeadLetter>((row) => ({
        id: row.seq,
        reason: row.reason,
        receivedAt: row.receivedAt.toISOString(),
        attempts: row.attempts,
        payload: JSON.parse(row.item) as unknown,
      }));
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },

    deadDeliveries: async (limit, after, ids) => {
      const rows = await query(deadBodies(after, limit, ids ?? null));
      return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }));
    },

    revive: async (id, pendingKeys, deadKeys) => {
      await query(reviveItems(id, pendingKeys, deadKeys));
      if (pendingKeys.length > 0) pubSub.publish(INBOX_TOPIC, null);
    },

    close: async () => {
      await stores.close();
      await pool.end();
    },
  };
}
