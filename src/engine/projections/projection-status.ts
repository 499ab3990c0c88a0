/** How far the views have come, seen from any process: received by fan-out, and looked up when that is not enough. */
import { holdsTicket } from '../../domain/projection-events.ts';
import type { Clock, EventStore, PubSub, Position, WriteStore } from '../../ports.ts';
import { readCheckpoints } from './checkpoints.ts';
import { type ParkedSummary, subjectsParked, summarizeParked } from './parked-events.ts';

export const PROJECTION_STATUS_TOPIC = 'projections';

export interface ViewStatus {
  readonly view: string;
  readonly position: Position;
  readonly state: 'running' | 'stopped';
  readonly stoppedAtEvent: string | null;
  readonly stoppedBecause: string | null;
  /** The view holds everything that the store holds, and nothing else. */
  readonly caughtUp: boolean;
  /**
   * Age of the last event in the view while it is behind; 0 when caught up. Not clamped: below 0 where this clock
   * is behind the one that wrote the event.
   */
  readonly lagSeconds: number;
  /** The checkpoint belongs to another store: rebuild. */
  readonly wrongStore: boolean;
  /** Of the store that the checkpoint belongs to. */
  readonly storeId: string;
  /** What it holds back while it goes on with everything else; null: nothing. */
  readonly parked: ParkedSummary | null;
}

export interface ProjectionStatus {
  /**
   * Waits until every running view has taken in everything up to `position`.
   * @returns false when that did not happen in time, or a stopped view is behind
   */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Does a view hold back events of this ticket? Then what is read of it is not the newest. */
  isParked(ticketId: string): boolean;
  /** Every view, for readiness and metrics. @throws StoreUnavailable */
  status(): Promise<readonly ViewStatus[]>;
  /**
   * How many events a view has yet to take in (`EventStore.behind`). NaN: it is the checkpoint of another store.
   * @throws StoreUnavailable
   */
  lag(views: readonly ViewStatus[]): Promise<ReadonlyMap<string, number>>;
  close(): void;
}

export interface ProjectionStatusOptions {
  readonly store: Pick<EventStore, 'head' | 'storeId' | 'behind'>;
  readonly write: Pick<WriteStore, 'query'>;
  readonly pubSub: PubSub;
  readonly clock: Clock;
  /** While somebody waits, checkpoints are looked up this often: a message may be lost. Default 100 ms. */
  readonly pollMs?: number;
}

interface StatusMessage {
  readonly positions: Readonly<Record<string, Position>>;
  readonly stopped: readonly string[];
  /** Subjects that a view holds back. */
  readonly parked: readonly string[];
}

const isStatusMessage = (message: unknown): message is StatusMessage =>
  typeof message === 'object' &&
  message !== null &&
  'positions' in message &&
  'stopped' in message &&
  'parked' in message;

/** Listens to the projector of the installation, and looks up its checkpoints where that is not enough. */
export function createProjectionStatus(options: ProjectionStatusOptions): ProjectionStatus {
  const { store, write, clock } = options;
  const running = new Map<string, Position>();
  const stopped = new Map<string, Position>();
  let parked: ReadonlySet<string> = new Set();
  const waiting = new Set<() => void>();
  /** One for all who wait: each with its own, they asked the more often the slower the views were. */
  let polling: NodeJS.Timeout | undefined;
  let looking = false;

  /** Checkpoints only grow: what comes late, or from a zombie, must not set anything back. */
  const take = (view: string, position: Position, isStopped: boolean): void => {
    const known = running.get(view) ?? stopped.get(view) ?? '';
    const furthest = position > known ? position : known;
    running.delete(view);
    stopped.delete(view);
    (isStopped ? stopped : running).set(view, furthest);
  };

  const unsubscribe = options.pubSub.subscribe(PROJECTION_STATUS_TOPIC, (message) => {
    if (!isStatusMessage(message)) return;
    for (const view of message.stopped) take(view, '', true);
    parked = new Set(message.parked);
    for (const [view, position] of Object.entries(message.positions)) take(view, position, false);
    for (const check of waiting) check();
  });

  async function refresh(): Promise<void> {
    parked = await subjectsParked(write);
    for (const { view, position, state } of await readCheckpoints(write))
      take(view, position, state === 'stopped');
    for (const check of waiting) check();
  }

  function poll(): void {
    if (looking) return;
    looking = true;
    refresh()
      // A lookup that fails is no answer; the time-out of who waits is.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }

  function wait(check: () => void): void {
    waiting.add(check);
    polling ??= setInterval(poll, options.pollMs ?? 100);
  }

  function waitNoMore(check: () => void): void {
    waiting.delete(check);
    if (waiting.size > 0) return;
    clearInterval(polling);
    polling = undefined;
  }

  const all = (positions: ReadonlyMap<string, Position>, position: Position): boolean =>
    [...positions.values()].every((each) => each >= position);

  return {
    async waitFor(position, timeoutMs) {
      if (running.size === 0) await refresh();
      const reached = (): boolean => running.size > 0 && all(running, position);
      if (!reached()) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            waitNoMore(check);
            clearTimeout(timer);
            resolve();
          };
          const check = (): void => {
            if (reached()) done();
          };
          const timer = setTimeout(done, timeoutMs);
          wait(check);
        });
      }
      return reached() && all(stopped, position);
    },
    isParked: (ticketId) => holdsTicket(parked, ticketId),
    async status() {
      // In this order: a head asked for later is never behind a checkpoint of the same store.
      const checkpoints = await readCheckpoints(write);
      const summaries = await summarizeParked(write);
      const [head, storeId] = await Promise.all([store.head(), store.storeId()]);
      return checkpoints.map((one) => {
        const caughtUp = one.storeId === storeId && one.position >= head;
        const age = one.eventAt === null ? 0 : clock.now().getTime() - one.eventAt.getTime();
        return {
          view: one.view,
          position: one.position,
          state: one.state,
          stoppedAtEvent: one.stoppedAtEvent,
          stoppedBecause: one.stoppedBecause,
          caughtUp,
          lagSeconds: caughtUp ? 0 : age / 1000,
          wrongStore: one.storeId !== storeId,
          storeId: one.storeId,
          parked: summaries.find(({ view }) => view === one.view) ?? null,
        };
      });
    },
    async lag(views) {
      const storeId = await store.storeId();
      const own = views.filter((view) => view.storeId === storeId).map(({ position }) => position);
      // Views go together: there is mostly one position to ask for.
      const distinct = [...new Set(own)];
      const counts = await Promise.all(distinct.map((position) => store.behind(position)));
      const behind = new Map(distinct.map((position, index) => [position, counts[index] ?? Number.NaN]));
      return new Map(
        views.map((view) => [
          view.view,
          view.storeId === storeId ? (behind.get(view.position) ?? Number.NaN) : Number.NaN,
        ]),
      );
    },
    close() {
      unsubscribe();
    },
  };
}
