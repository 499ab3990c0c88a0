/** Filling a shadow from the store: batch by batch with the view's own code, or in bulk where a view knows a quicker way. */
import type { Recorded } from '../../../domain/codec.ts';
import type { BulkSession, BulkStore } from '../../../ports.ts';
import { write } from '../../sql/statement.ts';
import { findPoisonEvent, isTransient } from '../poison-events.ts';
import type { BulkFold, BulkRows, View } from '../view.ts';
import type { FedBatch } from './feed.ts';
import type { SiteHolding } from './site-holding.ts';
import type { TableDefinition } from './catalogue.ts';
import { addIndexes, ForeignTable, type Shadow, shadowSql } from './shadow.ts';

/** One view on its way: its connection, its new tables, and what it leaves out. */
export interface Site {
  readonly view: View;
  readonly session: BulkSession;
  readonly shadow: Shadow;
  readonly holding: SiteHolding;
}

/** Takes in a batch as the projector does, but into the shadow. @throws PoisonEvent, ForeignTable */
export async function applyBatch(site: Site, batch: FedBatch, inTransaction = false): Promise<void> {
  const { view, session, shadow, holding } = site;
  const events = holding.taken(view, batch);
  if (events.length === 0) return;
  const sql = shadowSql(session, shadow);
  const feed = async (part: readonly Recorded[]): Promise<void> => {
    try {
      if (inTransaction) (await view.apply(sql, part))?.();
      else (await session.transaction(() => view.apply(sql, part)))?.();
    } catch (error) {
      view.forget();
      throw error;
    }
  };
  try {
    await feed(events);
  } catch (error) {
    // After a failure within a greater transaction nothing more can be found out in it.
    if (inTransaction || isTransient(error) || error instanceof ForeignTable) throw error;
    const poison = await findPoisonEvent(events, (event) => feed([event]));
    if (!poison) return;
    holding.failed(view, events, poison);
    // The events before it are in; those behind it are looked at again, less what it holds back.
    const at = batch.reads.findIndex(({ stored }) => stored.id === poison.eventId);
    await applyBatch(site, { ...batch, reads: batch.reads.slice(at + 1) });
  }
}

/** Fills the tables of one view. It gets every batch of one pass over the events, and again as long as it asks for it. */
export interface Loader {
  take(batch: FedBatch): Promise<void>;
  /** @returns true when the same events are wanted once more */
  endOfPass(): Promise<boolean>;
}

/** Planner statistics from when the tables were empty make the last plan walk through them row by row. */
const ANALYZE_AT = [5_000, 50_000, 500_000, 5_000_000];

const analyze = ({ session, shadow }: Site): Promise<unknown> =>
  session.query(
    write(null, `analyze ${shadow.tables.map(({ name }) => `${shadow.schema}.${name}`).join(', ')}`),
  );

/** Statistics, and the map of what all may see: totals come from indexes alone. */
const settle = (
  session: BulkSession,
  { schema }: Shadow,
  tables: readonly TableDefinition[],
): Promise<unknown> =>
  session.query(write(null, `vacuum (analyze) ${tables.map(({ name }) => `${schema}.${name}`).join(', ')}`));

/** With the view's own statements: their conflicts and look-ups need keys and indexes from the start. */
async function steady(site: Site): Promise<Loader> {
  for (const table of site.shadow.tables) await addIndexes(site.session, site.shadow, table);
  let taken = 0;
  const due = [...ANALYZE_AT];
  return {
    take: async (batch) => {
      await applyBatch(site, batch);
      taken += batch.reads.length;
      if (taken < (due[0] ?? Infinity)) return;
      due.shift();
      await analyze(site);
    },
    endOfPass: async () => {
      await settle(site.session, site.shadow, site.shadow.tables);
      return false;
    },
  };
}

/**
 * Folded in memory, then rows straight to COPY, indexes afterwards (docs/design/performance.md#rebuild-by-copy).
 *
 * @param bulk set where no reader waits for answers: what is written is then indexed on a connection of its own,
 *   while the rows of the next table are made
 */
function bulky(site: Site, fold: BulkFold, bulk: BulkStore | null): Loader {
  const { view, session, shadow, holding } = site;
  const erasures: Recorded[] = [];
  let first = true;

  const copy = ({ table, division, columns, pieces }: BulkRows): Promise<void> => {
    const definition = shadow.tables.find(({ name }) => name === table);
    const partition = definition?.partitions.find(
      ({ bound }) => bound === `FOR VALUES IN ('${division ?? ''}')`,
    );
    const into = `${shadow.schema}.${partition?.name ?? table}`;
    return session.transaction(async () => {
      // Only rows of a table that is new to this transaction may be written as if they had always been there.
      if (first) await session.query(write(null, `truncate ${into}`));
      await session.copy(`${into} (${columns.join(', ')})`, { pieces, options: first ? '(freeze)' : '' });
    });
  };

  const complete = async (on: BulkSession, tables: readonly TableDefinition[]): Promise<void> => {
    for (const table of tables) await addIndexes(on, shadow, table);
    if (tables.length > 0) await settle(on, shadow, tables);
  };

  /** The last rows of each table. */
  async function writeAndComplete(second: BulkSession | null): Promise<void> {
    let left = shadow.tables;
    let current: string | undefined;
    const completing: Promise<void>[] = [];
    try {
      for (const rows of fold.rows()) {
        if (second && current !== undefined && current !== rows.table) {
          const done = left.filter(({ name }) => name === current);
          left = left.filter(({ name }) => name !== current);
          completing.push(complete(second, done));
          completing.at(-1)?.catch(() => undefined);
        }
        current = rows.table;
        await copy(rows);
      }
      await complete(session, left);
    } finally {
      // Also after a failure: what is under way holds locks on the tables that are dropped next.
      await Promise.allSettled(completing);
    }
    await Promise.all(completing);
  }

  return {
    take: (batch) => {
      const events = holding.taken(view, batch);
      if (first) erasures.push(...events.filter(({ type }) => type === 'CustomerErased'));
      fold.take(events);
      return Promise.resolve();
    },
    endOfPass: async () => {
      if (fold.endOfPass()) {
        for (const rows of fold.rows()) await copy(rows);
        first = false;
        return true;
      }
      const second = bulk && (await bulk.open());
      try {
        await writeAndComplete(second);
      } finally {
        await second?.close();
      }
      // What was read before somebody's key was destroyed may still be in the rows.
      if (erasures.length > 0)
        await session.transaction(() => view.apply(shadowSql(session, shadow), erasures));
      view.forget();
      return false;
    },
  };
}

/** In bulk where the view can, else batch by batch. */
export const loaderFor = async (site: Site, bulk: BulkStore | null): Promise<Loader> =>
  site.view.bulk ? bulky(site, site.view.bulk(), bulk) : steady(site);
