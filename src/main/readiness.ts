import { decode } from '../domain/codec.ts';
import { ALL_VIEWS } from '../domain/projection-events.ts';
import type { NotWhole } from '../engine/commands/streams-not-whole.ts';
import type { ReadinessCheck } from '../http/framework/dependencies.ts';
import {
  type ClockCheck,
  type EventStore,
  type FileScanner,
  type Position,
  StoreUnavailable,
  type WriteStore,
  type PushSender,
} from '../ports.ts';
import { withPatience } from '../engine/jobs/patience.ts';
import { jobCheckpointStatuses } from '../engine/jobs/job-checkpoint-status.ts';
import type { SkippedEvents } from '../engine/jobs/skipped-events.ts';
import type { StoreGuard } from '../engine/store-identity/guard.ts';
import type { ParkedSummary } from '../engine/projections/parked-events.ts';
import { skippedBy } from '../engine/projections/rebuild/skips.ts';
import type { ProjectionStatus, ViewStatus } from '../engine/projections/projection-status.ts';
import { write } from '../engine/sql/statement.ts';

/** How long a check waits for a view that is behind: under load there is always an event that it has not read yet. */
const PATIENCE_MS = 2_000;
/** Less than the whole look may take, so that it can say why the event store does not answer. */
const HEAD_PATIENCE_MS = 2_000;

export function readinessOf({
  events,
  writes,
  guard,
  projectionStatus,
  skipped,
  clockProblem,
  notWhole,
  scanner,
  push,
}: {
  readonly events: Pick<EventStore, 'head' | 'storeId' | 'behind' | 'read'>;
  readonly writes: Pick<WriteStore, 'query'>;
  readonly guard: Pick<StoreGuard, 'problem'>;
  readonly projectionStatus: ProjectionStatus;
  readonly skipped: Pick<SkippedEvents, 'list'>;
  readonly clockProblem: ClockCheck;
  /** See `Stores.notWhole`. */
  readonly notWhole: () => Promise<readonly NotWhole[]>;
  /** null: files are not scanned. */
  readonly scanner: Pick<FileScanner, 'problem'> | null;
  readonly push: Pick<PushSender, 'problem'>;
}): () => Promise<readonly ReadinessCheck[]> {
  const wholeness = everyFewSeconds(notWhole);
  const scannerProblem = everyFewSeconds(() => scanner?.problem() ?? Promise.resolve(null));
  return async () => {
    // First: what else there is to say would be about another store.
    const changed = guard.problem();
    if (changed) return [{ name: 'event store', problem: changed.message }];
    const [database, head, unscanned] = await Promise.all([
      answers(writes.query(write(null, 'select 1'))),
      answers(withPatience(() => events.head(), HEAD_PATIENCE_MS)),
      scannerProblem(),
    ]);
    const checks = [
      { name: 'database', problem: 'problem' in database ? database.problem : null },
      { name: 'event store', problem: 'problem' in head ? head.problem : null },
    ];
    if (checks.some(({ problem }) => problem !== null) || 'problem' in head) return checks;
    try {
      return [
        ...checks,
        ...(await viewChecks(projectionStatus, head.value)),
        ...(await jobChecks(writes, events)),
        ...(await clockChecks(clockProblem)),
        ...(await skippedChecks(skipped, events)),
        ...wholeChecks(await wholeness()),
        ...scannerChecks(unscanned),
        ...pushChecks(push.problem()),
      ];
    } catch (error) {
      // It answered a moment ago: who asks still has to hear which store it is, and why.
      if (!(error instanceof StoreUnavailable)) throw error;
      return [{ name: error.store === 'events' ? 'event store' : 'database', problem: error.message }];
    }
  };
}

async function answers<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await work };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'does not answer' };
  }
}

async function viewChecks(
  projectionStatus: ProjectionStatus,
  head: Position,
): Promise<readonly ReadinessCheck[]> {
  const behind = (await projectionStatus.status()).some((view) => !view.caughtUp);
  if (behind) await projectionStatus.waitFor(head, PATIENCE_MS);
  const views = await projectionStatus.status();
  if (views.length === 0) return [{ name: 'projections', problem: 'no projector has run yet' }];
  return views.map((view) => ({
    name: `view ${view.view}`,
    problem: problemOf(view, head),
    ...(view.parked !== null && { warning: parkedWarning(view.parked) }),
  }));
}

/** A job that found another store stays off and is silent: the operator must see it here. */
async function jobChecks(
  writes: Pick<WriteStore, 'query'>,
  events: Pick<EventStore, 'storeId' | 'behind'>,
): Promise<readonly ReadinessCheck[]> {
  const statuses = await jobCheckpointStatuses(writes, events);
  return statuses.map(({ job, wrongStore }) => ({
    name: `job ${job}`,
    problem: wrongStore ? 'its checkpoint is of another event store: npm run store:accept' : null,
  }));
}

/** A warning and no problem: nothing is purged meanwhile, and requests are answered (docs/design/reliability.md#keys-and-clocks). */
async function clockChecks(clockProblem: ClockCheck): Promise<readonly ReadinessCheck[]> {
  const warning = await clockProblem();
  return warning === null ? [] : [{ name: 'clock', problem: null, warning: `nothing is purged: ${warning}` }];
}

/**
 * A warning and no problem: everything else is done, and no restart would read the event. Not of events that a person
 * skipped for good: they have looked.
 */
async function skippedChecks(
  skipped: Pick<SkippedEvents, 'list'>,
  events: Pick<EventStore, 'read'>,
): Promise<readonly ReadinessCheck[]> {
  if (skipped.list().length === 0) return [];
  return skipped.list(await skippedBy(events, decode, ALL_VIEWS)).map(({ job, count, lastEventId }) => ({
    name: `job ${job} skipped events`,
    problem: null,
    warning: `events it could not read since this process started: ${String(count)}, the last one ${lastEventId}`,
  }));
}

const LOOKED_AT_EVERY_MS = 5_000;
/** The doctor names more. */
const MOST_NAMED = 5;

/** Its streams are read to find out whether they are whole again: not for each request. */
function everyFewSeconds<T>(look: () => Promise<T>): () => Promise<T> {
  let known: { readonly value: T; readonly until: number } | undefined;
  return async () => {
    if (known === undefined || performance.now() > known.until)
      known = { value: await look(), until: performance.now() + LOOKED_AT_EVERY_MS };
    return known.value;
  };
}

/** A warning and no problem: every other ticket is served (docs/design/reliability.md#whole-streams). */
function wholeChecks(streams: readonly NotWhole[]): readonly ReadinessCheck[] {
  if (streams.length === 0) return [];
  const named = streams.slice(0, MOST_NAMED).map(({ stream, problem }) => `${stream} (${problem})`);
  const warning = `not whole: ${String(streams.length)} streams, ${named.join('; ')}`;
  return [{ name: 'streams', problem: null, warning }];
}

/** A warning and no problem: files wait, and everything else goes on (docs/design/business-rules.md#customer-files). */
const scannerChecks = (problem: string | null): readonly ReadinessCheck[] =>
  problem === null
    ? []
    : [{ name: 'scanner', problem: null, warning: `files of customers wait for it: ${problem}` }];

/** A warning and no problem: who looks at a screen sees everything (docs/design/business-rules.md#notifications). */
const pushChecks = (problem: string | null): readonly ReadinessCheck[] =>
  problem === null ? [] : [{ name: 'push to native apps', problem: null, warning: problem }];

/** The view serves the other streams: only these wait in it. */
const parkedWarning = ({ streams, events, firstEventId, because }: ParkedSummary): string =>
  `parked: ${String(events)} events of ${String(streams)} streams, first event ${firstEventId} (${because})`;

function problemOf(view: ViewStatus, head: Position): string | null {
  if (view.wrongStore) return 'belongs to another event store: npm run projections -- rebuild all';
  if (view.state === 'stopped')
    return `stopped at event ${view.stoppedAtEvent ?? '?'}: ${view.stoppedBecause ?? '?'}`;
  return view.position >= head ? null : `behind by ${view.lagSeconds.toFixed(0)} s`;
}
