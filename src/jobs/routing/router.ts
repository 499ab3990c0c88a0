/**
 * The router: follows tickets and staff, and gives queued tickets to agents ('Ticket life' 3 and 4). One in the
 * whole installation, by lease; one plan at a time, so that loads stay even however many tickets come at once.
 */
import pLimit from 'p-limit';
import type { RouteTicket } from '../../commands/routing/route-ticket.ts';
import { decode } from '../../domain/codec.ts';
import type { EventStore, Leases, Logger, ReadStore, WriteStore } from '../../ports.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { createRoutingState, type RoutingState } from './routing-state.ts';
import { loadRoutingState } from './load-routing-state.ts';

export interface RouterDeps {
  readonly store: EventStore;
  readonly read: ReadStore;
  readonly write: Pick<WriteStore, 'query'>;
  readonly routeTicket: RouteTicket;
  readonly leases: Leases;
  readonly log: Logger;
}

export interface Router {
  /** Works while this process holds the lease `routing`. Resolves after `signal`. */
  run(signal: AbortSignal): Promise<void>;
}

const STREAMS = ['ticket-', 'user-'];

export function createRouter(deps: RouterDeps): Router {
  return { run: (signal) => deps.leases.hold('routing', signal, (lease) => term(deps, lease.signal)) };
}

/** Starts over from the tables after a failure: what is in memory may not be what the store holds. */
async function term(deps: RouterDeps, signal: AbortSignal): Promise<void> {
  const failed = (err: unknown, backoff: number): void => {
    deps.log.warn({ err, backoff }, 'routing interrupted, trying again');
  };
  await retry((went) => follow(deps, signal, went), { signal, failed });
}

async function follow(deps: RouterDeps, signal: AbortSignal, went: () => void): Promise<void> {
  const seed = await loadRoutingState(deps);
  const state = createRoutingState(seed);
  let cause = 'routing-start';
  for await (const batch of deps.store.subscribe({
    after: seed.after,
    filter: { streamPrefixes: STREAMS },
    signal,
  })) {
    for (const stored of batch.events) {
      const event = decode(stored);
      // The router's own assignments come back here, too: seen twice they do no harm.
      state.see(event);
      cause = event.id;
    }
    if (batch.caughtUp) await act(deps, state, cause);
    went();
  }
}

/**
 * Many appends at once, but one plan at a time. A move that turns out to be impossible (somebody else was quicker,
 * the agent left) makes no event; what happened instead arrives as one, and is planned with.
 */
async function act({ routeTicket }: RouterDeps, state: RoutingState, cause: string): Promise<void> {
  const limit = pLimit(32);
  const { release, assign, stay } = state.moves();
  await Promise.all(release.map((ticketId) => limit(() => routeTicket.release(ticketId, cause))));
  await Promise.all(
    assign.map((move) =>
      limit(async () => {
        if (await routeTicket.assign(move, cause)) state.made(move);
      }),
    ),
  );
  await Promise.all(stay.map((ticketId) => limit(() => routeTicket.notice(ticketId, cause))));
}
