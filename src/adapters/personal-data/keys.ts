/** Customers' keys in ops.personal_keys, and for a minute in memory. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import { type PersonalKeys, StoreUnavailable, type WriteStore } from '../../ports.ts';
import { type DataKey, dataKey } from './cipher.ts';
import { createMaster } from './master.ts';

/** `destroyed`: the customer was erased. Final, and never said of a table that did not answer. */
export type Key = DataKey | 'destroyed';

export interface KeyRing extends PersonalKeys {
  /** Of the customers in `ids`, those in memory. */
  known(id: string): Key | undefined;
  /** Looks the others up, all at once. A customer who has no key is not in the answer. @throws StoreUnavailable */
  find(ids: Iterable<string>): Promise<ReadonlyMap<string, Key>>;
  /** The key of a customer, made when it is the first time: two processes make one. @throws StoreUnavailable */
  make(id: string): Promise<Key>;
  /** From now on this process takes the key for destroyed. */
  bury(id: string): void;
  /** @throws WrongMasterKey the keys that are there cannot be opened */
  check(): Promise<void>;
  /** Wraps everything that an older master wrapped with the newest. @returns how many */
  rewrap(): Promise<number>;
}

const AT_ONCE = 1_000;

type KeyRow = Columns<'ops.personal_keys', { id: 'customer_id'; wrapped: 'wrapped' }>;

const keysOf = statement('personal_keys_find', (ids: readonly string[]) =>
  tables
    .selectFrom('ops.personal_keys')
    .select(['customer_id as id', 'wrapped'])
    .where('customer_id', '=', sql<string>`any(${ids}::uuid[])`),
);

// A key that is there already is seen by the second part, one that this statement makes only by the first.
const makeKeys = statement(
  'personal_keys_make',
  (ids: readonly string[], wrapped: readonly Buffer[]) =>
    sql<KeyRow>`with made as (insert into ops.personal_keys (customer_id, wrapped)
  select * from unnest(${ids}::uuid[], ${wrapped}::bytea[]) on conflict do nothing returning customer_id, wrapped)
select customer_id::text as id, wrapped from made
union all select customer_id::text, wrapped from ops.personal_keys where customer_id = any(${ids}::uuid[])`,
);

const anyKey = statement(null, () =>
  tables
    .selectFrom('ops.personal_keys')
    .select(['customer_id as id', 'wrapped'])
    .where('wrapped', 'is not', null)
    .limit(1),
);

const destroyKeys = statement(
  null,
  (ids: readonly string[]) => sql<{
    id: KeyRow['id'] | null;
  }>`insert into ops.personal_keys as k (customer_id, wrapped, destroyed_at)
select id, null, now() from (select distinct unnest(${ids}::uuid[])) d (id)
on conflict (customer_id) do update set wrapped = null, destroyed_at = coalesce(k.destroyed_at, now()),
  purged_at = case when k.destroyed_at is null then null else k.purged_at end
returning case when purged_at is null then customer_id::text end as id`,
);

const setPurged = statement(null, (id: string) =>
  tables
    .updateTable('ops.personal_keys')
    .set({ purged_at: sql`now()` })
    .where('customer_id', '=', id)
    .where('destroyed_at', 'is not', null),
);

const keysAfter = statement(null, (after: string) =>
  tables
    .selectFrom('ops.personal_keys')
    .select(['customer_id as id', 'wrapped'])
    .where('customer_id', '>', after)
    .where('wrapped', 'is not', null)
    .$narrowType<{ wrapped: Buffer }>()
    .orderBy('customer_id')
    .limit(AT_ONCE),
);

// Not one that was destroyed meanwhile.
const rewrapKeys = statement(
  null,
  (ids: readonly string[], wrapped: readonly Buffer[]) =>
    sql<NoRow>`update ops.personal_keys k set wrapped = n.wrapped from unnest(${ids}::uuid[], ${wrapped}::bytea[]) n (id, wrapped)
where k.customer_id = n.id and k.wrapped is not null`,
);

const KEPT = 50_000;
/** For so long a process that does not follow the events may go on reading a customer who was erased elsewhere. */
const KEPT_MS = 60_000;

/** @param secret MASTER_KEY */
export function createKeyRing(database: Pick<WriteStore, 'query'>, secret: string): KeyRing {
  const master = createMaster(secret);
  const cache = new LRUCache<string, { readonly key: Key }>({ max: KEPT, ttl: KEPT_MS });

  function learn({ id, wrapped }: KeyRow): Key {
    // An answer that was under way when the customer was erased brings nothing back.
    if (cache.get(id)?.key === 'destroyed') return 'destroyed';
    const key = wrapped === null ? 'destroyed' : dataKey(id, master.unwrap(id, wrapped));
    cache.set(id, { key });
    return key;
  }

  const bury = (id: string): void => {
    cache.set(id, { key: 'destroyed' });
  };

  const look = inTurns(async (ids: readonly string[]) => {
    const rows = await database.query(keysOf(ids));
    return rows.map((row) => [row.id, learn(row)] as const);
  });

  const insert = inTurns(async (ids: readonly string[]) => {
    const fresh = ids.map((id) => master.wrap(id, randomBytes(32)));
    const rows = await database.query(makeKeys(ids, fresh));
    return rows.map((row) => [row.id, learn(row)] as const);
  });

  return {
    known: (id) => cache.get(id)?.key,
    async find(ids) {
      const found = new Map<string, Key>();
      const missing: string[] = [];
      for (const id of ids) {
        const key = cache.get(id)?.key;
        if (key === undefined) missing.push(id);
        else found.set(id, key);
      }
      if (missing.length > 0) for (const [id, key] of await look(missing)) found.set(id, key);
      return found;
    },
    async make(id) {
      const cached = cache.get(id)?.key;
      if (cached !== undefined) return cached;
      // The second look finds what another process made while the first one was under way.
      const key = (await insert([id])).get(id) ?? (await look([id])).get(id);
      if (key === undefined) throw new StoreUnavailable('events');
      return key;
    },
    bury,
    async check() {
      const rows = await database.query(anyKey());
      for (const { id, wrapped } of rows) if (wrapped) master.unwrap(id, wrapped);
    },
    async destroy(customerIds) {
      for (const id of customerIds) bury(id);
      const rows = await database.query(destroyKeys(customerIds));
      return rows.flatMap(({ id }) => id ?? []);
    },
    async purged(customerId) {
      await database.query(setPurged(customerId));
    },
    async rewrap() {
      let count = 0;
      let after = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const rows = await database.query(keysAfter(after));
        const old = rows.filter(({ wrapped }) => !master.isNewest(wrapped));
        const fresh = old.map(({ id, wrapped }) => master.wrap(id, master.unwrap(id, wrapped)));
        await database.query(
          rewrapKeys(
            old.map(({ id }) => id),
            fresh,
          ),
        );
        count += old.length;
        if (rows.length < AT_ONCE) return count;
        after = rows.at(-1)?.id ?? after;
      }
    },
  };
}

/** One statement at a time for all who ask meanwhile. */
function inTurns(
  work: (ids: readonly string[]) => Promise<readonly (readonly [string, Key])[]>,
): (ids: readonly string[]) => Promise<ReadonlyMap<string, Key>> {
  let waiting: { readonly ids: Set<string>; readonly answer: Promise<ReadonlyMap<string, Key>> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (ids) => {
    if (waiting) {
      for (const id of ids) waiting.ids.add(id);
      return waiting.answer;
    }
    const batch = new Set(ids);
    const answer = last.then(async () => {
      waiting = undefined;
      return new Map(await work([...batch]));
    });
    waiting = { ids: batch, answer };
    // The next caller waits for the end, not for a success.
    last = answer.catch(() => undefined);
    return answer;
  };
}
