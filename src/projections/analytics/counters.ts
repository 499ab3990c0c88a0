/** Counter tables: a batch sums up in memory what it adds, and writes it in one statement per table. */
import { monthOf } from '../../domain/time/calendar.ts';
import { write } from '../../engine/sql/statement.ts';
import type { Row, TableName } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';

export interface CounterColumn<Name extends string = string> {
  readonly name: Name;
  /** Its Postgres type: `uuid`, `date`, ... */
  readonly type: string;
}

/** Columns of whole numbers that fit a bigint. */
export const counts = <Name extends string>(...names: readonly Name[]): readonly CounterColumn<Name>[] =>
  names.map((name) => ({ name, type: 'bigint' }));
/** Columns of rupiah. They are sums of what people typed, so they have no limit. */
export const money = <Name extends string>(...names: readonly Name[]): readonly CounterColumn<Name>[] =>
  names.map((name) => ({ name, type: 'numeric' }));

/** A table of schema `read`: its key, and the sums it keeps for each key. */
export interface CounterTable<T extends TableName> {
  readonly table: T;
  readonly keys: readonly CounterColumn<keyof Row<T> & string>[];
  readonly sums: readonly CounterColumn<keyof Row<T> & string>[];
}

/** The values of the key columns, in their order. */
export type CounterKey = readonly (string | number)[];

export interface Counters {
  /** Adds to the sums of the row with this key. */
  add(key: CounterKey, sums: readonly number[]): void;
  write(sql: Sql): Promise<void>;
}

/**
 * Adds once for the day and once for its month, to a table whose key begins with an owner, a span and a day.
 * @param owner a division or a user
 * @param day 'YYYY-MM-DD'
 * @param key the rest of the key
 */
export function addBySpan(
  counters: Pick<Counters, 'add'>,
  owner: string,
  day: string,
  key: CounterKey,
  sums: readonly number[],
): void {
  counters.add([owner, 'day', day, ...key], sums);
  counters.add([owner, 'month', `${monthOf(day)}-01`, ...key], sums);
}

/** A bigint where a number is not exact: the same events give the same sum however they are cut into batches. */
type Sum = number | bigint;

function plus(sum: Sum, by: number): Sum {
  if (typeof sum === 'bigint') return sum + BigInt(by);
  const added = sum + by;
  return Number.isSafeInteger(added) ? added : BigInt(sum) + BigInt(by);
}

/** As the driver sends it in an array. */
const asParameter = (sum: Sum): number | string => (typeof sum === 'bigint' ? String(sum) : sum);
const isZero = (sum: Sum): boolean => sum === 0 || sum === 0n;

interface Delta {
  readonly key: CounterKey;
  readonly sums: Sum[];
}

function textsOf<T extends TableName>({ table, keys, sums }: CounterTable<T>) {
  const name = table.replace('read.', '');
  const columns = [...keys, ...sums];
  const names = columns.map((column) => column.name).join(', ');
  const unnest = (of: readonly CounterColumn[]): string =>
    `unnest(${of.map(({ type }, index) => `$${String(index + 1)}::${type}[]`).join(', ')})`;
  return {
    add: {
      name: `${name}_add`,
      text: `insert into ${table} as t (${names}) select * from ${unnest(columns)}
on conflict (${keys.map((key) => key.name).join(', ')}) do update set
  ${sums.map((sum) => `${sum.name} = t.${sum.name} + excluded.${sum.name}`).join(', ')}`,
    },
    // A row of zeros is deleted, so the table is the same however the events were cut into batches.
    clear: {
      name: `${name}_clear`,
      text: `delete from ${table} t using ${unnest(keys)} k (${keys.map((key) => key.name).join(', ')})
where ${keys.map((key) => `t.${key.name} = k.${key.name}`).join(' and ')}
  and ${sums.map((sum) => `t.${sum.name} = 0`).join(' and ')}`,
    },
  };
}

/**
 * The statements of a counter table.
 *
 *     insert into read.<name> as t (...) select * from unnest(...) on conflict (...) do update set n = t.n + excluded.n
 *     delete from read.<name> t using unnest(...) k where t.key = k.key and t.n = 0
 *
 * @returns makes empty counters; a batch needs new ones
 */
export function countersOf<T extends TableName>(table: CounterTable<T>): () => Counters {
  const { add, clear } = textsOf(table);
  const columnsOf = (deltas: readonly Delta[]): unknown[][] =>
    table.keys.map((_key, index) => deltas.map(({ key }) => key[index]));
  return () => {
    const deltas = new Map<string, Delta>();
    return {
      add(key, sums) {
        const name = key.join('\n');
        const known = deltas.get(name);
        if (!known) deltas.set(name, { key, sums: [...sums] });
        else for (const [index, sum] of sums.entries()) known.sums[index] = plus(known.sums[index] ?? 0, sum);
      },
      async write(sql) {
        const nonZero = [...deltas.values()].filter(({ sums }) => !sums.every(isZero));
        if (nonZero.length === 0) return;
        const lowered = nonZero.filter(({ sums }) => sums.some((sum) => sum < 0));
        const values = [
          ...columnsOf(nonZero),
          ...table.sums.map((_sum, index) => nonZero.map(({ sums }) => asParameter(sums[index] ?? 0))),
        ];
        await sql.query(write(add.name, add.text, values));
        if (lowered.length > 0) await sql.query(write(clear.name, clear.text, columnsOf(lowered)));
      },
    };
  };
}
