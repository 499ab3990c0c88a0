/**
 * Takes tickets back from agents who did not answer in time (docs/design/business-rules.md#response-deadline). The
 * router then gives them to another agent.
 */
import type { RouteTicket } from '../../commands/routing/route-ticket.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { type Clock, type Ids, type Leases, type Logger, NOBODY, type ReadStore } from '../../ports.ts';
import { listOverdue } from '../../projections/routing/agent-workload.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import type { SkippedEvents } from '../../engine/jobs/skipped-events.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface ResponseTimeoutDeps {
  readonly read: ReadStore;
  readonly routeTicket: Pick<RouteTicket, 'withdraw'>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly skipped: Pick<SkippedEvents, 'skip'>;
  /** How often to look. Default 5 s. */
  readonly everyMs?: number;
}

const JOB = 'response-timeout';

export const createResponseTimeout = (deps: ResponseTimeoutDeps): Job =>
  runWhileLeader(deps.leases, JOB, (signal) => work(deps, signal));

async function work(deps: ResponseTimeoutDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await withdrawOverdue(deps);
    } catch (error) {
      deps.log.warn({ err: error }, 'overdue tickets could not be looked at, trying again');
    }
    await sleep(deps.everyMs ?? 5_000, signal);
  }
}

/** The read table says which to look at; the decision is made on the streams, so a late table withdraws nothing. */
async function withdrawOverdue(deps: ResponseTimeoutDeps): Promise<void> {
  const { read, routeTicket, clock, ids, log, skipped } = deps;
  const cause = ids.next();
  let count = 0;
  for (const ticketId of await listOverdue(read, NOBODY, clock.now().toISOString())) {
    try {
      if (await routeTicket.withdraw(ticketId, cause)) count += 1;
    } catch (error) {
      // The other tickets are looked at all the same.
      if (!(error instanceof UndecodableEvent)) throw error;
      skipped.skip(JOB, error);
    }
  }
  if (count > 0) log.info({ count }, 'tickets withdrawn from agents who did not answer in time');
}
