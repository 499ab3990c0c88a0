/** Rebuilding views from all events, next to the live tables, while everything goes on (docs/projections.md). */
import { sql } from 'kysely';
import type { BulkSession, BulkStore, EventStore, Position, WriteStore } from '../../../ports.ts';
import { statement } from '../../sql/statement.ts';
import type { Decode } from '../batch.ts';
import type { View } from '../view.ts';
import { eventsOf, type FedBatch } from './feed.ts';
import { applyBatch, type Loader, loaderFor, type Site } from './load.ts';
import { FULL_SPEED, type Pace } from './pace.ts';
import { assertAlike, createShadow, dropShadow, protect, schemaOf } from './shadow.ts';
import { siteHolding } from './site-holding.ts';
import { skippedBy } from './skips.ts';
import { oldSchema, type Rebuilt, swap } from './swap.ts';

export interface RebuildParts {
  readonly store: EventStore;
  readonly bulk: BulkStore;
  readonly write: Pick<WriteStore, 'query'>;
  readonly decode: Decode;
  readonly pace: Pace;
  /** Called about twice a second, and at the end of each step. */
  readonly onProgress: (progress: RebuildProgress) => void;
  readonly signal: AbortSignal;
}

export type RebuildProgress =
  | {
      readonly step: 'reading';
      /** Events looked at in this pass. */
      readonly done: number;
      /** Events in the store when it began; at least so many where the store cannot count further. */
      readonly total: number;
      readonly seconds: number;
    }
  | { readonly step: 'indexing' | 'catching up' | 'swapped'; readonly view: string };

/** Somebody rebuilds or verifies this view right now. */
export class AlreadyUnderWay extends Error {
  override readonly name = 'AlreadyUnderWay';
}

const tryLock = statement(
  null,
  (view: string) =>
    sql<{
      locked: boolean;
    }>`select pg_try_advisory_lock(hashtextextended('saga rebuild ' || ${view}, 0)) as locked`,
);

/** Held by its session: gone the moment the process dies. @throws AlreadyUnderWay */
export async function lockView(session: BulkSession, view: string): Promise<void> {
  const [row] = await session.query(tryLock(view));
  if (!row?.locked) throw new AlreadyUnderWay(`view ${view} is being rebuilt or verified already`);
}

/** A connection, empty tables and what to leave out, for each view. @throws AlreadyUnderWay */
export async function openSite(
  { store, bulk, decode }: Pick<RebuildParts, 'store' | 'bulk' | 'decode'>,
  view: View,
  use: 'rebuild' | 'verify',
): Promise<Site> {
  const session = await bulk.open();
  try {
    await lockView(session, view.name);
    view.forget();
    const holding = siteHolding(await skippedBy(store, decode, view.name), use);
    // What a killed run left behind after its swap.
    await dropShadow(session, oldSchema({ schema: schemaOf(view, use) }));
    return { view, session, holding, shadow: await createShadow(session, view, use) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Every event up to `until` into the tables of these sites, read and decoded once for all of them. */
export async function load(
  parts: RebuildParts,
  sites: readonly Site[],
  until: Position,
): Promise<string | null> {
  const { store, bulk, decode, pace, onProgress, signal } = parts;
  const second = pace === FULL_SPEED ? bulk : null;
  const total = await store.behind('');
  let eventAt: string | null = null;
  let wanting: readonly (readonly [Site, Loader])[] = await Promise.all(
    sites.map(async (site) => [site, await loaderFor(site, second)] as const),
  );
  while (wanting.length > 0) {
    const began = performance.now();
    let done = 0;
    let reported = began;
    const report = (): void => {
      onProgress({ step: 'reading', done, total, seconds: (performance.now() - began) / 1000 });
    };
    const views = wanting.map(([{ view }]) => view);
    for (const [{ holding }] of wanting) holding.beginPass();
    let since = began;
    for await (const batch of eventsOf(store, decode, views, { after: '', until }, signal)) {
      await Promise.all(wanting.map(([, loader]) => loader.take(batch)));
      done += batch.reads.length;
      eventAt = lastMoment(batch) ?? eventAt;
      const now = performance.now();
      await pace.rest(now - since);
      since = performance.now();
      if (now - reported < 500) continue;
      reported = now;
      report();
    }
    report();
    const again: (readonly [Site, Loader])[] = [];
    for (const one of wanting) {
      onProgress({ step: 'indexing', view: one[0].view.name });
      if (await one[1].endOfPass()) again.push(one);
    }
    wanting = again;
  }
  return eventAt;
}

const lastMoment = ({ reads }: FedBatch): string | null =>
  reads.findLast(({ recorded }) => recorded)?.recorded?.metadata.at ?? null;

/** Fewer than this many events to go: the rest is fed while the projector waits. */
const NEARLY = 200;

/**
 * Fills new tables for these views and swaps them in, one view after the other. Stopped at any moment, nothing of the
 * live tables has changed, or all of a view has; run again, it starts over. Also the cure when the checkpoints belong
 * to another store, or to a later state of this one: then all views have to be named.
 * @throws AlreadyUnderWay, PoisonEvent, TablesDiffer, StoreUnavailable
 */
export async function rebuildViews(parts: RebuildParts, views: readonly View[]): Promise<void> {
  const sites: Site[] = [];
  try {
    const storeId = await parts.store.storeId();
    for (const view of views) sites.push(await openSite(parts, view, 'rebuild'));
    const until = await parts.store.head();
    const eventAt = await load(parts, sites, until);
    for (const site of sites) {
      await finish(parts, site, {
        view: site.view.name,
        shadow: site.shadow,
        storeId,
        position: until,
        eventAt,
        parked: () => site.holding.parked(),
      });
      parts.onProgress({ step: 'swapped', view: site.view.name });
    }
  } catch (error) {
    for (const { session, shadow } of sites) {
      // Its locks go with the connection; what cannot be removed now is by the next run.
      await dropShadow(session, shadow.schema).catch(() => undefined);
    }
    throw error;
  } finally {
    for (const { session } of sites) await session.close();
  }
}

async function finish(parts: RebuildParts, site: Site, rebuilt: Rebuilt): Promise<void> {
  const { store, decode, signal } = parts;
  const { session, shadow, view } = site;
  await protect(session, shadow);
  await assertAlike(session, shadow);
  parts.onProgress({ step: 'catching up', view: view.name });

  const feedUpTo = async (until: Position): Promise<number> => {
    let fed = 0;
    const stretch = { after: rebuilt.position, until };
    for await (const batch of eventsOf(store, decode, [view], stretch, signal)) {
      await applyBatch(site, batch);
      rebuilt.position = batch.checkpoint;
      rebuilt.eventAt = lastMoment(batch) ?? rebuilt.eventAt;
      fed += batch.reads.length;
    }
    return fed;
  };
  while ((await feedUpTo(await store.head())) > NEARLY) signal.throwIfAborted();

  const swapping = await parts.bulk.open();
  try {
    await swap(swapping, store, rebuilt, async (until) => {
      await feedUpTo(until);
    });
  } finally {
    await swapping.close();
  }
}
