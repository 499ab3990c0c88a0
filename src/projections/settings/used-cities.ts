/** The cities that routes name already (docs/design/api.md#cities). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { statement } from '../../engine/sql/statement.ts';

interface CityRow {
  readonly city: string;
}

const usedCities = statement(
  'used_cities',
  (divisions: readonly Division[], begins: string, most: number) => sql<CityRow>`select city from (
  select origin as city, sum(leads) as n from read.analytics_routes where division = any(${divisions}) and span = 'month' group by 1
  union all
  select destination, sum(leads) from read.analytics_routes where division = any(${divisions}) and span = 'month' group by 1) c
where starts_with(lower(city), ${begins}) group by city having sum(n) > 0 order by sum(n) desc, city limit ${most}`,
);

/** Cities of routes in these divisions whose name begins so, the most used first. */
export async function citiesInUse(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  query: string,
  most: number,
): Promise<readonly string[]> {
  const rows = await read.scoped(scope, (on) =>
    on.query(usedCities(divisions, query.trim().toLowerCase(), most)),
  );
  return rows.map(({ city }) => city);
}
