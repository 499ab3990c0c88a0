/**
 * The router: follows tickets and staff, and gives queued tickets to agents (docs/design/business-rules.md#routing
 * and docs/design/business-rules.md#sharing-the-queue). One in the whole installation, by lease; one plan at a time,
 * so that loads stay even however many tickets come at once.
 */
import pLimit from 'p-limit';
import type { RouteTicket } from '../../commands/routing/route-ticket.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import { userStream } from '../../domain/staff/user.ts';
import { createReactor, type ReactorDeps, type ReactorRun } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { EventStore, ReadStore, WriteStore } from '../../ports.ts';
import { createRoutingState, type RoutingState } from './routing-state.ts';
import { loadRoutingState } from './load-routing-state.ts';

export interface RouterDeps extends ReactorDeps {
  readonly store: EventStore;
  readonly read: ReadStore;
  readonly write: Pick<WriteStore, 'query'>;
  readonly routeTicket: RouteTicket;
}

/** Holds the lease `routing`. Every run begins with the read tables: what is in memory may not be what the store holds. */
export const createRouter = (deps: RouterDeps): Job =>
  createReactor(deps, {
    name: 'routing',
    streamPrefixes: ['ticket-', 'user-'],
    position: 'read tables',
    start: async (run) => {
      const loaded = await loadRoutingState(deps);
      const state = createRoutingState(loaded);
      let cause = 'routing-start';
      return {
        after: loaded.after,
        // The router's own assignments come back here, too: seen twice they do no harm.
        handle: (event) => {
          state.see(event);
          cause = event.id;
        },
        caughtUp: () => route(deps.routeTicket, state, cause, run),
      };
    },
  });

/**
 * Many appends at once, but one plan at a time. An assignment that turns out to be impossible (another person was quicker,
 * the agent left) makes no event; what happened instead arrives as one, and is planned with.
 */
async function route(
  routeTicket: RouteTicket,
  state: RoutingState,
  cause: string,
  { signal, skip }: ReactorRun,
): Promise<void> {
  const limit = pLimit(32);
  let excluded = false;
  /** A ticket or an agent whose stream cannot be read is left out of the plans: all others go on. */
  const readable = (ticketId: string, agentId: string | null, work: () => Promise<void>): Promise<void> =>
    limit(async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof UndecodableEvent)) throw error;
        skip(error);
        if (error.event.stream === ticketStream(ticketId)) state.excludeTicket(ticketId);
        else if (agentId !== null && error.event.stream === userStream(agentId)) state.excludeAgent(agentId);
        else return;
        excluded = true;
      }
    });

  do {
    excluded = false;
    const { release, assign, notice } = state.plan();
    await Promise.all(release.map((id) => readable(id, null, () => routeTicket.release(id, cause))));
    await Promise.all(
      assign.map((assignment) =>
        readable(assignment.ticketId, assignment.agentId, async () => {
          const done = await routeTicket.assign(assignment, cause);
          if (done) state.assigned(assignment);
          // Somebody else's event put it in the queue: it must not take an agent's place in every plan.
          if (done === null) {
            state.excludeTicket(assignment.ticketId);
            excluded = true;
          }
        }),
      ),
    );
    await Promise.all(notice.map((id) => readable(id, null, () => routeTicket.notice(id, cause))));
    // What was planned for an agent who is left out now needs another one.
  } while (excluded && !signal.aborted);
}
