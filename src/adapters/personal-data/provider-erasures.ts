/**
 * What providers are still asked to delete, in `ops.provider_erasures`. Ids of chats hold numbers, so they are sealed under a key of
 * the row's own, which is destroyed with the work.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Clock, ProviderErasure, ProviderErasures, WriteStore } from '../../ports.ts';
import { customerOf, type DataKey, seal, unseal } from './cipher.ts';
import type { KeyRing } from './keys.ts';

const targetsIn = z.array(z.string());
const placeOf = (id: string) => ({ stream: 'provider-erasures', id, type: 'targets' });

/** Made of whom and where, so that the same work twice is one row. */
function idOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  // The form of a UUID of its own making (RFC 9562, version 8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const added = statement(
  'provider_erasures_add',
  (id: string, customerId: string, channel: string, line: string, sealed: string, left: number, at: Date) =>
    sql<NoRow>`insert into ops.provider_erasures (id, customer_id, channel, line, sealed, items_left, next_at, created_at)
values (${id}, ${customerId}, ${channel}, ${line}, ${sealed}, ${left}, ${at}, ${at})
on conflict (customer_id, channel, line) do update set sealed = excluded.sealed, items_left = excluded.items_left
  where provider_erasures.done_at is null and provider_erasures.given_up_at is null`,
);

type DueRow = Columns<
  'ops.provider_erasures',
  {
    id: 'id';
    customerId: 'customer_id';
    channel: 'channel';
    line: 'line';
    attempts: 'attempts';
    createdAt: 'created_at';
  }
> & { readonly sealed: string };

const dueRows = statement(
  'provider_erasures_due',
  (now: Date, most: number) =>
    sql<DueRow>`select id, customer_id as "customerId", channel, line, attempts, created_at as "createdAt", sealed
from ops.provider_erasures e where sealed is not null and next_at <= ${now}
  and exists (select from ops.personal_keys k where k.customer_id = e.customer_id and k.destroyed_at is not null) order by next_at limit ${most}`,
);

const postponed = statement(
  'provider_erasures_later',
  (id: string, sealed: string, left: number, code: string, at: Date) =>
    sql<NoRow>`update ops.provider_erasures set sealed = ${sealed}, items_left = ${left}, last_code = ${code},
  attempts = attempts + 1, next_at = ${at} where id = ${id} and sealed is not null`,
);

const ended = statement(
  'provider_erasures_end',
  (id: string, isDone: boolean, left: number, at: Date) =>
    sql<NoRow>`update ops.provider_erasures set sealed = null, items_left = ${left}, attempts = attempts + 1,
  last_code = case when ${isDone}::boolean then null else last_code end,
  done_at = case when ${isDone}::boolean then ${at}::timestamptz end,
  given_up_at = case when ${isDone}::boolean then null else ${at}::timestamptz end where id = ${id} and sealed is not null`,
);

const openRows = statement(
  null,
  () => sql<{ waiting: number; lines: string | null; given: number }>`select
  count(*) filter (where sealed is not null and created_at < now() - interval '1 hour')::int as waiting,
  string_agg(distinct line, ', ') filter (where sealed is not null) as lines,
  count(*) filter (where given_up_at is not null)::int as given from ops.provider_erasures`,
);

/** How many wait for more than an hour and by which lines, and how many were given up. @throws StoreUnavailable */
export async function openProviderErasures(database: Pick<WriteStore, 'query'>) {
  const [row] = await database.query(openRows());
  return { waiting: row?.waiting ?? 0, lines: row?.lines ?? '', given: row?.given ?? 0 };
}

export function createProviderErasures(
  database: Pick<WriteStore, 'query'>,
  keys: Pick<KeyRing, 'make' | 'destroy' | 'purged'>,
  clock: Clock,
): ProviderErasures {
  async function keyOf(id: string): Promise<DataKey | null> {
    const key = await keys.make(id);
    return key === 'destroyed' ? null : key;
  }

  async function opened({ sealed, createdAt, ...row }: DueRow): Promise<ProviderErasure> {
    const key = await keyOf(row.id);
    const text = key === null || customerOf(sealed) !== row.id ? null : unseal(key, placeOf(row.id), sealed);
    // Without its key, or changed: nobody can read it any more, so nothing is left to ask for.
    const targets = text === null ? [] : targetsIn.parse(JSON.parse(text));
    return { ...row, targets, createdAt: createdAt.toISOString() };
  }

  const secretOf = (id: string, key: DataKey, targets: readonly string[]): string =>
    seal(key, placeOf(id), JSON.stringify(targets));

  return {
    add: async (traces) => {
      for (const { customerId, channel, line, targets } of traces) {
        const id = idOf(customerId, channel, line);
        const key = await keyOf(id);
        // It was done.
        if (key === null) continue;
        const sealed = secretOf(id, key, targets);
        await database.query(added(id, customerId, channel, line, sealed, targets.length, clock.now()));
      }
    },
    due: async (most) =>
      Promise.all((await database.query(dueRows(clock.now(), most))).map((row) => opened(row))),
    later: async ({ id }, targets, code, inSeconds) => {
      const key = await keyOf(id);
      if (key === null) return;
      const at = new Date(clock.now().getTime() + inSeconds * 1_000);
      await database.query(postponed(id, secretOf(id, key, targets), targets.length, code, at));
    },
    end: async ({ id }, how, left) => {
      await database.query(ended(id, how === 'done', left, clock.now()));
      await keys.destroy([id]);
      await keys.purged(id);
    },
  };
}
