/**
 * Prometheus metrics of stores, views and queues. They are read at each scrape, so they are true also while the
 * process that does the work hangs. A store that does not answer has no numbers; the other numbers come all the same.
 */
import { Gauge, type Registry } from 'prom-client';
import type { PoolUse } from '../../adapters/postgres/reads.ts';
import {
  type Clock,
  type EventStore,
  StoreUnavailable,
  type WebhookInbox,
  type WriteStore,
} from '../../ports.ts';
import { jobCheckpointStatuses } from '../../engine/jobs/job-checkpoint-status.ts';
import type { StoreGuard } from '../../engine/store-identity/guard.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { waitingTickets } from '../../projections/routing/waiting-tickets.ts';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** One query for several gauges of the same scrape. @returns null while the store does not answer */
function askedOnce<T>(ask: () => Promise<T>): () => Promise<T | null> {
  let asking: Promise<T | null> | undefined;
  return () => {
    asking ??= ask()
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailable) return null;
        throw error;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
}

function gaugesOf<T>(registry: Registry, ask: () => Promise<T>) {
  const asked = askedOnce(ask);
  return (
    name: string,
    help: string,
    labelNames: readonly string[],
    read: (answer: T) => readonly Sample[],
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const answer = await asked();
        this.reset();
        if (answer === null) {
          // A gauge without labels says 0 after a reset, which would be wrong.
          if (labelNames.length === 0) this.set(Number.NaN);
          return;
        }
        for (const [labels, value] of read(answer)) this.set(labels, value);
      },
    });
}

export function observeViews(
  registry: Registry,
  projectionStatus: Pick<ProjectionStatus, 'status' | 'lag'>,
): void {
  const gauge = gaugesOf(registry, async () => {
    const views = await projectionStatus.status();
    return { views, lag: await projectionStatus.lag(views) };
  });
  gauge(
    'projection_running',
    '1 while the view follows, 0 when it stopped at an event or belongs to another store',
    ['view'],
    ({ views }) =>
      views.map(({ view, state, wrongStore }) => [{ view }, state === 'running' && !wrongStore ? 1 : 0]),
  );
  gauge(
    'saga_projection_parked_events',
    'Events that a view holds back: one it could not take in, and what came behind it',
    ['view'],
    ({ views }) => views.map(({ view, parked }) => [{ view }, parked?.events ?? 0]),
  );
  gauge(
    'projection_lag_seconds',
    'Age of the last event in a view that is behind; 0 when it holds all; below 0 where clocks differ',
    ['view'],
    ({ views }) => views.map(({ view, lagSeconds }) => [{ view }, lagSeconds]),
  );
  gauge(
    'projection_lag_events',
    'Events a view has yet to take in; NaN where its checkpoint is of another store',
    ['view'],
    ({ lag }) => [...lag].map(([view, events]) => [{ view }, events]),
  );
}

export function observeJobs(
  registry: Registry,
  tables: Pick<WriteStore, 'query'>,
  store: Pick<EventStore, 'storeId' | 'behind'>,
): void {
  const gauge = gaugesOf(registry, () => jobCheckpointStatuses(tables, store));
  gauge(
    'job_lag_events',
    'Events a job has yet to look at; NaN where its checkpoint is of another store',
    ['job'],
    (places) => places.map(({ job, lagEvents }) => [{ job }, lagEvents]),
  );
}

/** docs/design/reliability.md#the-right-store */
export function observeStore(registry: Registry, guard: Pick<StoreGuard, 'problem'>): void {
  const gauge = gaugesOf(registry, () => Promise.resolve(guard.problem()));
  gauge('saga_store_changed', '1 while another event store answers than the right one', [], (problem) => [
    [{}, problem === null ? 0 : 1],
  ]);
}

export function observeQueues(
  registry: Registry,
  deps: {
    readonly inbox: Pick<WebhookInbox, 'backlog'>;
    readonly tables: Pick<WriteStore, 'query'>;
    readonly clock: Clock;
  },
): void {
  const inbox = gaugesOf(registry, () => deps.inbox.backlog());
  inbox(
    'webhook_inbox_items',
    'Items of webhooks that wait, or that nobody could understand',
    ['state'],
    (b) => [
      [{ state: 'pending' }, b.pending],
      [{ state: 'dead' }, b.dead],
    ],
  );
  inbox('webhook_inbox_oldest_seconds', 'Age of the oldest waiting item; 0 when none waits', [], (b) => [
    [
      {},
      b.oldestPendingAt === null ? 0 : (deps.clock.now().getTime() - Date.parse(b.oldestPendingAt)) / 1000,
    ],
  ]);
  const tickets = gaugesOf(registry, () => waitingTickets(deps.tables));
  tickets('tickets_waiting', 'Tickets that wait for an agent', ['division', 'queue'], (rows) =>
    rows.map(({ division, queue, count }) => [{ division, queue }, count]),
  );
}

export function observePools(registry: Registry, use: () => readonly PoolUse[]): void {
  const gauge = gaugesOf(registry, () => Promise.resolve(use()));
  const each = (name: string, help: string, read: (one: PoolUse) => number) =>
    gauge(name, help, ['pool'], (pools) => pools.map((one) => [{ pool: one.pool }, read(one)]));
  each('postgres_connections_open', 'Connections that are open', ({ open }) => open);
  each('postgres_connections_max', 'Connections that the pool may open', ({ most }) => most);
  each(
    'postgres_requests_running',
    'Statements or transactions that a connection works at',
    ({ busy }) => busy,
  );
  each('postgres_requests_waiting', 'Those that wait for a free connection', ({ waiting }) => waiting);
}
