/** Gathers what `GET /api/admin/operations` shows (docs/design/api.md#operations). */
import type { Gauge, Registry } from 'prom-client';
import type { Lines } from '../channels/lines.ts';
import { jobCheckpointStatuses } from '../engine/jobs/job-checkpoint-status.ts';
import type { ProjectionStatus } from '../engine/projections/projection-status.ts';
import type { OperationsLook } from '../http/operations/operations-look.ts';
import type { EventStore, WebhookInbox, WriteStore } from '../ports.ts';

export interface OperationsDeps {
  readonly projectionStatus: Pick<ProjectionStatus, 'status' | 'lag'>;
  readonly writes: Pick<WriteStore, 'query'>;
  readonly events: Pick<EventStore, 'storeId' | 'behind'>;
  readonly inbox: Pick<WebhookInbox, 'backlog'>;
  readonly lines: Lines;
  /** Where the sender of this process says which of its lines are stopped. */
  readonly registry: Registry;
}

/** NaN: it is the position of another store. */
const counted = (lag: number | undefined): number | null =>
  lag === undefined || Number.isNaN(lag) ? null : lag;

/** @returns per line the code that stopped it; null: the sender is in another process */
async function stoppedLines(registry: Registry): Promise<ReadonlyMap<string, string> | null> {
  const gauge = registry.getSingleMetric('outbound_line_stopped') as Gauge | undefined;
  if (gauge === undefined) return null;
  const { values } = await gauge.get();
  return new Map(
    values
      .filter(({ value }) => value === 1)
      .map(({ labels }) => [
        `${String(labels['channel'])} ${String(labels['line'])}`,
        String(labels['code']),
      ]),
  );
}

export const operationsOf =
  ({ projectionStatus, writes, events, inbox, lines, registry }: OperationsDeps) =>
  async (): Promise<OperationsLook> => {
    const [views, jobs, backlog, stopped] = await Promise.all([
      projectionStatus.status(),
      jobCheckpointStatuses(writes, events),
      inbox.backlog(),
      stoppedLines(registry),
    ]);
    const lags = await projectionStatus.lag(views);
    return {
      views: views.map((view) => ({
        view: view.view,
        state: view.wrongStore ? 'wrong_store' : view.state,
        lag_events: counted(lags.get(view.view)),
        lag_seconds: view.lagSeconds,
        stopped_because: view.stoppedBecause,
        parked: view.parked && {
          streams: view.parked.streams,
          events: view.parked.events,
          because: view.parked.because,
        },
      })),
      jobs: jobs.map(({ job, wrongStore, lagEvents, updatedAt }) => ({
        job,
        state: wrongStore ? 'wrong_store' : 'running',
        lag_events: counted(lagEvents),
        updated_at: updatedAt.toISOString(),
      })),
      lines: lines.all.map(({ channel, id, name, division }) => {
        const code = stopped?.get(`${channel} ${id}`) ?? null;
        return {
          channel,
          id,
          name,
          division,
          state: stopped === null ? 'unknown' : code === null ? 'sending' : 'stopped',
          stopped_by: code,
        };
      }),
      webhooks: { pending: backlog.pending, dead: backlog.dead, oldest_pending_at: backlog.oldestPendingAt },
    };
  };
