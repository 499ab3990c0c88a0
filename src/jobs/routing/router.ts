/**
 * The router: follows tickets and staff, and gives queued tickets to agents (docs/design/business-rules.md#routing
 * and docs/design/business-rules.md#sharing-the-queue). One in the whole installation, by lease; one plan at a time,
 * so that loads stay even however many tickets come at once.
 */
import pLimit from 'p-limit';
import type { RaiseAlert } from '../../commands/notifications/raise-alert.ts';
import type { ReturnOfTickets, RouteTicket } from '../../commands/routing/route-ticket.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import { userStream } from '../../domain/staff/user.ts';
import { createReactor, type ReactorDeps, type ReactorRun } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { Clock, EventStore, ReadStore, WriteStore } from '../../ports.ts';
import { createRoutingState, type RoutingOptions, type RoutingState } from './routing-state.ts';
import { loadRoutingState } from './load-routing-state.ts';

export interface RouterDeps extends ReactorDeps, RoutingOptions {
  readonly store: EventStore;
  readonly read: ReadStore;
  readonly write: Pick<WriteStore, 'query'>;
  readonly routeTicket: RouteTicket;
  readonly raiseAlert: Pick<RaiseAlert, 'returned'>;
  readonly clock: Clock;
}

const RETRY_MS = 1_000;

/** Holds the lease `routing`. Every run begins with the read tables: what is in memory may not be what the store holds. */
export const createRouter = (deps: RouterDeps): Job =>
  createReactor(deps, {
    name: 'routing',
    streamPrefixes: ['ticket-', 'user-', 'role-'],
    position: 'read tables',
    start: async (run) => {
      const loaded = await loadRoutingState(deps);
      const state = createRoutingState(loaded, deps);
      let cause = 'routing-start';
      /** One plan at a time, whether an event or the clock asks for it. */
      const oneAtATime = pLimit(1);
      let timer: NodeJS.Timeout | undefined;

      const work = (): Promise<void> =>
        oneAtATime(async () => {
          if (run.signal.aborted) return;
          wakeIn(await route(deps, state, cause, run));
        });
      function wakeIn(ms: number | null): void {
        clearTimeout(timer);
        if (ms === null || run.signal.aborted) return;
        timer = setTimeout(() => void work().catch(failed), ms);
      }
      /** No event follows that would make the router try again. */
      function failed(err: unknown): void {
        deps.log.warn({ err, job: 'routing', backoff: RETRY_MS }, 'a job is interrupted, trying again');
        state.planAll();
        wakeIn(RETRY_MS);
      }

      return {
        after: loaded.after,
        // The router's own assignments come back here, too: seen twice they do no harm.
        handle: (event) =>
          oneAtATime(() => {
            state.see(event);
            cause = event.id;
          }),
        caughtUp: work,
        drain: async () => {
          clearTimeout(timer);
          await oneAtATime(() => undefined);
        },
      };
    },
  });

/**
 * Many appends at once, but one plan at a time. An assignment that turns out to be impossible (another person was quicker,
 * the agent left) makes no event; what happened instead arrives as one, and is planned with.
 */
async function route(
  deps: RouterDeps,
  state: RoutingState,
  cause: string,
  { signal, skip }: ReactorRun,
): Promise<number | null> {
  const { routeTicket, clock } = deps;
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

  let againInMs: number | null;
  do {
    excluded = false;
    const plan = state.plan(clock.now());
    const { release, assign, notice } = plan;
    againInMs = plan.againInMs;
    for (const { agentId, ticketIds } of plan.giveBack)
      await takeBack(deps, state.leads(), agentId, ticketIds, cause, readable);
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
  return againInMs;
}

/**
 * An agent who cannot answer any more gives their open tickets back (docs/design/business-rules.md#people-who-left). Team
 * leads are told first: a crash in between must not leave them without a word, and what is told is told once.
 */
async function takeBack(
  { routeTicket, raiseAlert }: RouterDeps,
  leads: readonly string[],
  agentId: string,
  ticketIds: readonly string[],
  cause: string,
  readable: (ticketId: string, agentId: string | null, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const returned: string[] = [];
  let about: ReturnOfTickets | null = null;
  await Promise.all(
    ticketIds.map((id) =>
      readable(id, agentId, async () => {
        const found = await routeTicket.mustReturn(agentId, id);
        if (found === null) return;
        about = found;
        returned.push(id);
      }),
    ),
  );
  if (about === null) return;
  await raiseAlert.returned({ ...(about as ReturnOfTickets), ticketIds: returned.sort() }, leads, cause);
  await Promise.all(
    returned.map((id) => readable(id, agentId, () => routeTicket.giveBack(id, agentId, cause))),
  );
}
