/** Takes tickets back from agents who did not answer in time ('Ticket life' 7). The router gives them to somebody else. */
import type { RouteTicket } from '../../commands/routing/route-ticket.ts';
import { type Clock, type Ids, type Leases, type Logger, NOBODY, type ReadStore } from '../../ports.ts';
import { listOverdue } from '../../projections/routing/agent-workload.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface ResponseTimeoutDeps {
  readonly read: ReadStore;
  readonly routeTicket: Pick<RouteTicket, 'withdraw'>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** How often to look. Default 5 s. */
  readonly everyMs?: number;
}

export const createResponseTimeout = (deps: ResponseTimeoutDeps) => ({
  /** Works while this process holds the lease `response-timeout`. Resolves after `signal`. */
  run: (signal: AbortSignal): Promise<void> =>
    deps.leases.hold('response-timeout', signal, (lease) => work(deps, lease.signal)),
});

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
async function withdrawOverdue({ read, routeTicket, clock, ids, log }: ResponseTimeoutDeps): Promise<void> {
  const cause = ids.next();
  let count = 0;
  for (const ticketId of await listOverdue(read, NOBODY, clock.now().toISOString())) {
    if (await routeTicket.withdraw(ticketId, cause)) count += 1;
  }
  if (count > 0) log.info({ count }, 'tickets withdrawn from agents who did not answer in time');
}
