/** Rows as columns, for set-wise writes: `insert into ... select * from unnest($1::uuid[], $2::text[], ...)`. */
import type { NewRow, TableName } from './tables.ts';

/** An array travels as the text of a literal or of JSON: unnest would flatten it. */
type Sent<Value> = Value | (Extract<Value, readonly unknown[]> extends never ? never : string);

type Picks<T extends TableName, Item> = {
  readonly [Column in keyof NewRow<T>]?: (item: Item) => Sent<NewRow<T>[Column]>;
};

const columnsBy = (items: readonly unknown[], picks: object): unknown[][] => {
  const inOrder = Object.values(picks) as ((item: unknown) => unknown)[];
  return inOrder.map((pick) => items.map(pick));
};

/**
 * One array per column, in the order in which `picks` names them: the first is `$1`.
 * @param _table whose columns these are: a pick of another name or type does not compile
 */
export const columnsOf = <T extends TableName, Item>(
  _table: T,
  items: readonly Item[],
  picks: Picks<T, Item>,
): unknown[][] => columnsBy(items, picks);

/**
 * The same for updates: null leaves a column as it is (`set status = coalesce(c.status, t.status)`).
 * @param _table whose columns these are: a pick of another name or type does not compile
 */
export const changedColumnsOf = <T extends TableName, Item>(
  _table: T,
  items: readonly Item[],
  picks: { readonly [Column in keyof Picks<T, Item>]: (item: Item) => Sent<NewRow<T>[Column]> | null },
): unknown[][] => columnsBy(items, picks);
