/** Customers' keys in ops.personal_keys, and for a minute in memory. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
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

interface Row {
  readonly id: string;
  readonly wrapped: Buffer | null;
}

const KEPT = 50_000;
/** For so long a process that does not follow the events may go on reading a customer who was erased elsewhere. */
const KEPT_MS = 60_000;
const AT_ONCE = 1_000;

/** @param secret MASTER_KEY */
export function createKeyRing(tables: Pick<WriteStore, 'query'>, secret: string): KeyRing {
  const master = createMaster(secret);
  const cache = new LRUCache<string, { readonly key: Key }>({ max: KEPT, ttl: KEPT_MS });

  function learn({ id, wrapped }: Row): Key {
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
    const rows = await tables.query<Row>({
      name: 'personal_keys_find',
      text: 'select customer_id::text as id, wrapped from ops.personal_keys where customer_id = any($1::uuid[])',
      values: [ids],
    });
    return rows.map((row) => [row.id, learn(row)] as const);
  });

  const insert = inTurns(async (ids: readonly string[]) => {
    const fresh = ids.map((id) => master.wrap(id, randomBytes(32)));
    const rows = await tables.query<Row>({
      name: 'personal_keys_make',
      // What is there already is seen by the second part; what this statement makes only by the first.
      text: `with made as (insert into ops.personal_keys (customer_id, wrapped)
  select * from unnest($1::uuid[], $2::bytea[]) on conflict do nothing returning customer_id, wrapped)
select customer_id::text as id, wrapped from made
union all select customer_id::text, wrapped from ops.personal_keys where customer_id = any($1::uuid[])`,
      values: [ids, fresh],
    });
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
      const rows = await tables.query<Row>({
        text: 'select customer_id::text as id, wrapped from ops.personal_keys where wrapped is not null limit 1',
        values: [],
      });
      for (const { id, wrapped } of rows) if (wrapped) master.unwrap(id, wrapped);
    },
    async destroy(customerIds) {
      for (const id of customerIds) bury(id);
      const rows = await tables.query<{ id: string }>({
        text: `insert into ops.personal_keys as k (customer_id, wrapped, destroyed_at)
select id, null, now() from (select distinct unnest($1::uuid[])) d (id)
on conflict (customer_id) do update set wrapped = null, destroyed_at = coalesce(k.destroyed_at, now()),
  purged_at = case when k.destroyed_at is null then null else k.purged_at end
returning case when purged_at is null then customer_id::text end as id`,
        values: [customerIds],
      });
      return rows.flatMap(({ id }) => (id as string | null) ?? []);
    },
    async purged(customerId) {
      await tables.query({
        text: 'update ops.personal_keys set purged_at = now() where customer_id = $1 and destroyed_at is not null',
        values: [customerId],
      });
    },
    async rewrap() {
      let count = 0;
      let after = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const rows = await tables.query<{ id: string; wrapped: Buffer }>({
          text: `select customer_id::text as id, wrapped from ops.personal_keys
where customer_id > $1 and wrapped is not null order by customer_id limit $2`,
          values: [after, AT_ONCE],
        });
        const old = rows.filter(({ wrapped }) => !master.isNewest(wrapped));
        const anew = old.map(({ id, wrapped }) => master.wrap(id, master.unwrap(id, wrapped)));
        // Not one that was destroyed meanwhile.
        await tables.query({
          text: `update ops.personal_keys k set wrapped = n.wrapped from unnest($1::uuid[], $2::bytea[]) n (id, wrapped)
where k.customer_id = n.id and k.wrapped is not null`,
          values: [old.map(({ id }) => id), anew],
        });
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
    const mine = new Set(ids);
    const answer = last.then(async () => {
      waiting = undefined;
      return new Map(await work([...mine]));
    });
    waiting = { ids: mine, answer };
    // Who asks next waits for the end, not for a success.
    last = answer.catch(() => undefined);
    return answer;
  };
}
