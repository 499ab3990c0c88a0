/**
 * What happens, as it happens (docs/design/dashboard.md#live). One connection per browser: the tab that holds the lock reads the
 * stream and tells the others.
 */
import { saga, type StreamEvents } from './api.ts';
import { createStore } from './store.ts';

export type LiveEvents = StreamEvents;
export type LiveName = keyof LiveEvents;
export type LiveEvent = { [N in LiveName]: { readonly name: N; readonly data: LiveEvents[N] } }[LiveName];

export type Connection = 'connecting' | 'live' | 'away';
export const connection = createStore<Connection>('connecting');
// The device knows it long before a stream has been silent for too long.
addEventListener('offline', () => connection.set('away'));
addEventListener('online', () => connection.set('connecting'));

/** All of them: one that is left out here does not compile. */
const HEARD: Readonly<Record<Exclude<LiveName, 'reset'>, true>> = {
  ticket: true,
  message: true,
  presence: true,
  notification: true,
  blast: true,
  export: true,
  job: true,
  unread: true,
  counts: true,
  typing: true,
  viewers: true,
  crm: true,
  invoice: true,
};
const NAMES = Object.keys(HEARD) as (keyof typeof HEARD)[];

type Listener = (event: LiveEvent) => void;

/** Until the signal says stop. */
function follow(signal: AbortSignal, tell: Listener): Promise<void> {
  const on = Object.fromEntries(
    NAMES.map((name) => [
      name,
      (data: LiveEvents[typeof name]) => {
        tell({ name, data } as LiveEvent);
      },
    ]),
  );
  const stream = saga.stream({
    on,
    onReset: () => {
      tell({ name: 'reset', data: { reason: 'unknown' } });
    },
    onState: (state) => {
      connection.set(state.kind === 'open' ? 'live' : state.kind === 'waiting' ? 'away' : connection.get());
    },
  });
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      stream.close();
      resolve();
    });
  });
}

/** @returns stops it */
export function openStream(userId: string, listener: Listener): () => void {
  const stop = new AbortController();
  const others = new BroadcastChannel(`saga.stream.${userId}`);
  others.onmessage = ({ data }: MessageEvent<LiveEvent>) => {
    connection.set('live');
    listener(data);
  };
  const lead = (): Promise<void> =>
    follow(stop.signal, (event) => {
      others.postMessage(event);
      listener(event);
    });
  const run =
    'locks' in navigator
      ? navigator.locks.request(`saga.stream.${userId}`, { signal: stop.signal }, lead)
      : lead();
  run.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return () => {
    stop.abort();
    others.close();
    connection.set('connecting');
  };
}
