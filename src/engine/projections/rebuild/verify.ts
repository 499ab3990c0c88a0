/** Folds all streams into tables of its own and compares: is what people read what the events say? */
import { sql } from 'kysely';
import type { Position, Sql } from '../../../ports.ts';
import { assembled, statement } from '../../sql/statement.ts';
import { readCheckpoints } from '../checkpoints.ts';
import { readParked } from '../parked-events.ts';
import type { View } from '../view.ts';
import { eventsOf } from './feed.ts';
import { applyBatch, type Site } from './load.ts';
import { load, openSite, type RebuildParts } from './rebuild.ts';
import { dropShadow, type Shadow } from './shadow.ts';

/** A row that is not what the events say. */
export interface ViewDifference {
  readonly view: string;
  readonly table: string;
  /** Its primary key; where a table has none, the columns of its first index. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly kind: 'missing' | 'surplus' | 'different';
  /** Columns that differ, with what is there and what should be: personal data, so not for everybody. */
  readonly columns: Readonly<Record<string, { readonly live: unknown; readonly should: unknown }>>;
}

export interface VerifyResult {
  readonly view: string;
  /** Both were compared as of this position. */
  readonly position: Position;
  readonly rows: number;
  readonly differences: readonly ViewDifference[];
  /** More rows differ than are listed. */
  readonly more: boolean;
}

/** The view was built from another store: there is nothing to compare with. */
export class NotComparable extends Error {
  override readonly name = 'NotComparable';
}

/** Per part of a table. */
const MOST_LISTED = 10_000;
/** Fed while nothing moves: fewer are no burden. */
const NEARLY = 500;

/**
 * Compares every row of these views with what their events say, at exactly the position of the live view's checkpoint:
 * rows and checkpoint are looked at in one snapshot, while everything goes on. Changes nothing.
 * @throws AlreadyUnderWay, PoisonEvent, NotComparable
 */
export async function verifyViews(
  parts: RebuildParts,
  views: readonly View[],
): Promise<readonly VerifyResult[]> {
  const sites: Site[] = [];
  try {
    for (const view of views) sites.push(await openSite(parts, view, 'verify'));
    const positions = await Promise.all(sites.map((site) => livePosition(parts, site)));
    for (const site of sites) await leaveOutParked(site);
    const until = positions.reduce((low, one) => (one < low ? one : low), positions[0] ?? '');
    await load(parts, sites, until);
    const verdicts: VerifyResult[] = [];
    for (const site of sites) verdicts.push(await compareAt(parts, site, until));
    return verdicts;
  } finally {
    for (const { session, shadow } of sites) {
      // Its locks go with the connection; what cannot be removed now is by the next run.
      await dropShadow(session, shadow.schema).catch(() => undefined);
      await session.close();
    }
  }
}

async function livePosition({ store }: RebuildParts, { session, view }: Site): Promise<Position> {
  const checkpoint = (await readCheckpoints(session)).find((one) => one.view === view.name);
  if (!checkpoint || checkpoint.storeId !== (await store.storeId()))
    throw new NotComparable(
      `view ${view.name} was not built from this event store as it is now: npm run projections -- rebuild all`,
    );
  // Behind the last event are only the server's own: there is nothing of ours to compare there, or to wait for.
  const head = await store.head();
  return checkpoint.position < head ? checkpoint.position : head;
}

/**
 * What the live view holds back stays out of the shadow, too. Asked after where the view is: so everything it holds back up
 * to there is known.
 * @throws NotComparable
 */
async function leaveOutParked({ session, view, holding }: Site): Promise<void> {
  const rows = await readParked(session, [view.name]);
  if (!holding.leaveOut(rows.map(({ eventId }) => eventId)))
    throw new NotComparable(
      `view ${view.name} has taken in, meanwhile, what it held back: npm run projections -- verify ${view.name}`,
    );
}

async function compareAt(parts: RebuildParts, site: Site, loaded: Position): Promise<VerifyResult> {
  const { session, view, shadow } = site;
  let at = loaded;
  const feed = async (until: Position, inTransaction: boolean): Promise<number> => {
    let fed = 0;
    for await (const batch of eventsOf(
      parts.store,
      parts.decode,
      [view],
      { after: at, until },
      parts.signal,
    )) {
      await applyBatch(site, batch, inTransaction);
      at = batch.checkpoint;
      fed += batch.reads.length;
    }
    return fed;
  };
  const nextPosition = async (): Promise<Position> => {
    const position = await livePosition(parts, site);
    await leaveOutParked(site);
    return position;
  };
  while ((await feed(await nextPosition(), false)) > NEARLY) parts.signal.throwIfAborted();
  return session.transaction(
    async () => {
      // The first look takes the snapshot that rows and checkpoint are seen in.
      const position = await nextPosition();
      await feed(position, true);
      const found: ViewDifference[] = [];
      let [rows, more] = [0, false];
      for (const table of shadow.tables) {
        for (const part of await partsOf(session, shadow, table.name)) {
          const compared = await compare(session, view, shadow, table.name, part);
          rows += compared.rows;
          more ||= compared.more;
          found.push(...compared.differences);
        }
      }
      return { view: view.name, position, rows, differences: found, more };
    },
    { snapshot: true },
  );
}

const partitionConditions = statement(
  null,
  (schema: string, table: string) => sql<{
    condition: string;
  }>`select pg_get_partition_constraintdef(inhrelid) as condition from pg_inherits
where inhparent = (${schema} || '.' || ${table})::regclass order by inhrelid`,
);

/** Conditions that part a table as its partitions do; row security lets nobody look at a partition itself. */
async function partsOf(on: Sql, { schema }: Shadow, table: string): Promise<readonly string[]> {
  const rows = await on.query(partitionConditions(schema, table));
  return rows.length === 0 ? ['true'] : rows.map(({ condition }) => condition);
}

interface ComparedColumn {
  readonly name: string;
  readonly isJson: boolean;
  readonly isKey: boolean;
}

const columnsOfTable = statement(
  null,
  (
    schema: string,
    table: string,
  ) => sql<ComparedColumn>`select attname as name, atttypid = 'json'::regtype as "isJson", attnum = any(coalesce(
  (select array_agg(k) from pg_index i, unnest(i.indkey) k where i.indrelid = c.oid and i.indisprimary),
  (select array_agg(k) from unnest((select indkey from pg_index i where i.indrelid = c.oid order by indexrelid limit 1)) k))) as "isKey"
from pg_attribute join pg_class c on c.oid = attrelid
where c.oid = (${schema} || '.' || ${table})::regclass and attnum > 0 and not attisdropped order by attnum`,
);

/** A row that only one of the two tables has. */
interface Side {
  readonly side: 'live' | 'made';
  readonly row: Record<string, unknown>;
}

async function compare(
  on: Sql,
  view: View,
  { schema }: Shadow,
  table: string,
  part: string,
): Promise<{
  readonly rows: number;
  readonly more: boolean;
  readonly differences: readonly ViewDifference[];
}> {
  const columns = await on.query(columnsOfTable(schema, table));
  // json has no equality; its text has, and is what people get.
  const list = columns.map(({ name, isJson }) => (isJson ? `${name}::text as ${name}` : name)).join(', ');
  const hollow = view.hollow?.[table];
  const where = `where (${part})${hollow === undefined ? '' : ` and not (${hollow})`}`;
  const live = `select ${list} from read.${table} ${where}`;
  const made = `select ${list} from ${schema}.${table} ${where}`;
  // Tables, columns and conditions are the catalogue's: they can be no parameters, and no type knows them.
  const [counted] = await on.query(
    assembled<{ n: number }>(null, `select count(*)::int as n from read.${table} ${where}`, []),
  );
  const rows = await on.query(
    assembled<Side>(
      null,
      `(select 'live' as side, to_jsonb(x) as row from ((${live}) except all (${made})) x limit ${String(MOST_LISTED)})
union all (select 'made', to_jsonb(x) from ((${made}) except all (${live})) x limit ${String(MOST_LISTED)})`,
      [],
    ),
  );
  return {
    rows: counted?.n ?? 0,
    more: rows.length >= MOST_LISTED,
    differences: paired(view.name, table, columns, rows),
  };
}

function paired(
  view: string,
  table: string,
  columns: readonly ComparedColumn[],
  rows: readonly Side[],
): readonly ViewDifference[] {
  const keyOf = (row: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(columns.filter(({ isKey }) => isKey).map(({ name }) => [name, row[name]]));
  const found = new Map<string, { live?: Record<string, unknown>; made?: Record<string, unknown> }>();
  for (const { side, row } of rows) {
    const id = JSON.stringify(keyOf(row));
    const pair = found.get(id) ?? {};
    pair[side] = row;
    found.set(id, pair);
  }
  return [...found.values()].map(({ live, made }) => ({
    view,
    table,
    key: keyOf(live ?? made ?? {}),
    kind: !live ? 'missing' : !made ? 'surplus' : 'different',
    columns: Object.fromEntries(
      columns
        .filter(({ name }) => JSON.stringify(live?.[name]) !== JSON.stringify(made?.[name]))
        .map(({ name }) => [name, { live: live?.[name] ?? null, should: made?.[name] ?? null }]),
    ),
  }));
}
