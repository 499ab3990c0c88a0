/**
 * What happens, as it happens (docs/design/dashboard.md#live). One connection per browser: the tab that holds the lock reads the
 * stream and tells the others.
 */
import type { AppNotification, Division, DeskCounts, Message, Note, Person, Ticket } from './api.ts';
import { authorized } from './api.ts';
import { createStore } from './store.ts';

export interface LiveEvents {
  ticket: Ticket;
  message:
    | { ticket_id: string; division: Division; layer: 'L1'; message: Message }
    | { ticket_id: string; division: Division; layer: 'L2'; message: Note };
  presence: {
    id: string;
    name: string;
    division: Division | 'all';
    status: 'online' | 'offline';
    changed_at: string;
    active_ticket_count: number;
  };
  notification: AppNotification;
  blast: { blast_id: string };
  export: { id: string };
  unread: { ticket_id: string; unread_count: number };
  counts: DeskCounts;
  typing: { ticket_id: string; layer: 'L1' | 'L2'; by: Person };
  viewers: { ticket_id: string; viewers: Person[] };
  /** Load everything again. */
  reset: { reason: string };
}
export type LiveName = keyof LiveEvents;
export type LiveEvent = { [N in LiveName]: { readonly name: N; readonly data: LiveEvents[N] } }[LiveName];

export type Connection = 'connecting' | 'live' | 'away';
export const connection = createStore<Connection>('connecting');

/** The server says something every 15 s: after so long without a byte the connection is dead. */
const SILENCE_MS = 40_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

interface Frame {
  id: string | null;
  name: string;
  data: string;
}

/** Cuts the text of a stream into its events; comments count as a sign of life only. */
export function frameReader(): (chunk: string) => Frame[] {
  let rest = '';
  let lastId: string | null = null;
  return (chunk) => {
    rest += chunk;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      let name = 'message';
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        const at = line.indexOf(':');
        const field = at < 0 ? line : line.slice(0, at);
        const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
        if (field === 'event') name = value;
        else if (field === 'data') data.push(value);
        else if (field === 'id') lastId = value;
      }
      return data.length === 0 ? [] : [{ id: lastId, name, data: data.join('\n') }];
    });
  };
}

type Listener = (event: LiveEvent) => void;

/** Reads until the connection ends. @param lastId where to go on; null: from now */
async function readOnce(
  lastId: string | null,
  signal: AbortSignal,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
  const watchdog = new AbortController();
  const both = AbortSignal.any([signal, watchdog.signal]);
  const answer = await authorized(new Request('/api/stream', { headers, signal: both, cache: 'no-store' }));
  if (!answer.ok || answer.body === null) throw new Error(`stream: HTTP ${String(answer.status)}`);
  connection.set('live');
  let silence: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      watchdog.abort();
    }, SILENCE_MS);
  };
  const frames = frameReader();
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  try {
    for (alive(); ;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      for (const frame of frames(decoder.decode(value, { stream: true }))) onFrame(frame);
    }
  } finally {
    clearTimeout(silence);
    await reader.cancel().catch(() => undefined); // it has ended already
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const now = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', now, { once: true });
    addEventListener('online', now, { once: true });
  });

/** Follows the stream for as long as the signal lets it, and connects again when it ends. */
async function follow(signal: AbortSignal, tell: Listener): Promise<void> {
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const opened = performance.now();
    try {
      await readOnce(lastId, signal, (frame) => {
        failures = 0;
        if (frame.id !== null) lastId = frame.id;
        tell({ name: frame.name, data: JSON.parse(frame.data) as unknown } as LiveEvent);
      });
    } catch {
      // It could not be opened or broke: the banner says so, and we try again.
      if (!signal.aborted) connection.set('away');
    }
    if (performance.now() - opened > 30_000) failures = 0;
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 10_000;
    failures += 1;
    if (!signal.aborted) await pause(wait * (0.75 + Math.random() / 2), signal);
  }
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
