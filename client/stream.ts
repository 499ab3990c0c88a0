/**
 * The live stream over `fetch`: connects again by itself and resumes behind the last event it handled, so nothing is missed and
 * nothing comes twice. Where the server cannot tell what was missed it says `reset`: load everything again.
 */
import type { components } from './api.ts';
import { errorOf, errorOfThrown, retryAfterOf, type SagaError } from './errors.ts';
import { pause, spread, type Fetch } from './retries.ts';
import type { Session } from './session.ts';

/** What `data` holds, by the name of the event. */
export type StreamEvents = components['schemas']['StreamEvents'];
export type StreamEventName = Exclude<keyof StreamEvents, 'reset'>;

export type StreamHandlers = {
  readonly [Name in StreamEventName]?: (data: StreamEvents[Name]) => void;
};

/** Why everything must be loaded again. */
export type ResetReason = StreamEvents['reset']['reason'] | 'other_person';

export type StreamState =
  | { readonly kind: 'connecting' }
  /** `resumed`: nothing was missed. Not resumed: load now, after the stream is open, so that nothing falls in between. */
  | { readonly kind: 'open'; readonly resumed: boolean }
  /** Tries again after so many milliseconds. */
  | { readonly kind: 'waiting'; readonly milliseconds: number; readonly error: SagaError | null }
  /** Closed, or signed out (`error`): it does not come again. */
  | { readonly kind: 'ended'; readonly error: SagaError | null };

export interface StreamOptions {
  readonly on: StreamHandlers;
  readonly onReset: (reason: ResetReason) => void;
  readonly onState?: (state: StreamState) => void;
  /** A handler that threw, or an event that cannot be read. Default: thrown where the platform reports it. */
  readonly onError?: (error: unknown, event: string) => void;
  /** Where to go on; without it the stream begins with what happens next. */
  readonly lastEventId?: string;
  /** Without a byte for so long the connection is taken for dead. The server writes every 15 s. Default 40 s. */
  readonly silentMs?: number;
  /** The longest pause between two tries. Default 30 s. */
  readonly longestPauseMs?: number;
}

export interface Stream {
  /** The place of the last event that was handled; null before the first connection. */
  lastEventId(): string | null;
  close(): void;
}

interface StreamDeps {
  readonly baseUrl: string;
  readonly session: Session;
  readonly fetch: Fetch;
}

const SILENT_MS = 40_000;
/** Until the server says otherwise (`retry:`). */
const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

const throwLater = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

type Field = 'event' | 'data' | 'id' | 'retry';

/** A block of the stream: what each of its lines says, by the name of the field. */
function fieldsOf(block: string): Partial<Record<Field, string[]>> {
  const fields: Partial<Record<string, string[]>> = {};
  for (const line of block.split('\n')) {
    const [, name = line, value = ''] = /^([^:]*): ?([^]*)$/.exec(line) ?? [];
    (fields[name] ??= []).push(value);
  }
  return fields;
}

/** Why a connection ended. */
type Ending =
  | { readonly kind: 'lost'; readonly error: SagaError | null; readonly retryAfter: number | null }
  /** No other try would end otherwise. */
  | { readonly kind: 'refused'; readonly error: SagaError };

export function openStream({ baseUrl, session, fetch }: StreamDeps, options: StreamOptions): Stream {
  const { on, onReset, onState, onError = throwLater, silentMs = SILENT_MS } = options;
  const longestPauseMs = options.longestPauseMs ?? LONGEST_PAUSE_MS;
  const closed = new AbortController();
  let lastId = options.lastEventId ?? null;
  let pauseMs = PAUSE_MS;
  let failures = 0;
  /** Ends the connection, or the pause, that is on now. */
  let now = new AbortController();

  function handle(event: string, text: string): void {
    try {
      const data = JSON.parse(text) as never;
      if (event === 'reset') onReset((data as StreamEvents['reset']).reason);
      else on[event as StreamEventName]?.(data);
    } catch (error) {
      onError(error, event);
    }
  }

  /** Block by block: also one without data is a place to resume from. A line that begins with a colon says only that all is well. */
  function createReader(): (text: string) => void {
    let rest = '';
    return (text) => {
      const blocks = (rest + text).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        if (now.signal.aborted) return;
        const { event = ['message'], data, id, retry } = fieldsOf(block);
        if (retry !== undefined && /^\d+$/.test(retry.at(-1) ?? '')) pauseMs = Number(retry.at(-1));
        if (data !== undefined) handle(event.at(-1) ?? '', data.join('\n'));
        // A handler may have changed who is signed in: then this place is worth nothing.
        if (now.signal.aborted) return;
        lastId = id?.at(-1) ?? lastId;
      }
    };
  }

  /** Reads until the end; `alive` at every byte. */
  async function read(body: ReadableStream<Uint8Array>, alive: () => void): Promise<void> {
    const take = createReader();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      take(decoder.decode(value, { stream: true }));
    }
  }

  async function connect(token: string, signal: AbortSignal): Promise<Ending> {
    const dead = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        dead.abort(new DOMException('the stream is silent', 'TimeoutError'));
      }, silentMs);
    };
    try {
      alive();
      const response = await fetch(
        new Request(`${baseUrl}/api/stream`, {
          headers: {
            accept: 'text/event-stream',
            authorization: `Bearer ${token}`,
            ...(lastId !== null && { 'last-event-id': lastId }),
          },
          cache: 'no-store',
          credentials: 'omit',
          signal: AbortSignal.any([signal, dead.signal]),
        }),
      );
      if (!response.ok || response.body === null) return await endingOf(response, token);
      onState?.({ kind: 'open', resumed: lastId !== null });
      const openedAt = Date.now();
      await read(response.body, alive);
      // One that ends at once is no success: it must not be tried without a pause.
      if (Date.now() - openedAt > pauseMs) failures = 0;
      return { kind: 'lost', error: null, retryAfter: null };
    } catch (thrown) {
      return { kind: 'lost', error: signal.aborted ? null : errorOfThrown(thrown), retryAfter: null };
    } finally {
      clearTimeout(timer);
    }
  }

  async function endingOf(response: Response, token: string): Promise<Ending> {
    const text = await response.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = text; // no JSON: `errorOf` calls it unexpected
    }
    const error = errorOf(response, body);
    if (response.status === 401) {
      const refreshed = await session.refresh(token);
      if (refreshed.ok) return { kind: 'lost', error: null, retryAfter: null };
      return session.state().kind === 'signed-out'
        ? { kind: 'refused', error: refreshed.error }
        : { kind: 'lost', error: refreshed.error, retryAfter: null };
    }
    return response.status === 403
      ? { kind: 'refused', error }
      : { kind: 'lost', error, retryAfter: retryAfterOf(response) };
  }

  async function run(): Promise<SagaError | null> {
    while (!closed.signal.aborted) {
      now = new AbortController();
      const signal = AbortSignal.any([closed.signal, now.signal]);
      const token = await session.token();
      const state = session.state();
      if (token === null) return state.kind === 'signed-out' ? state.error : null;
      onState?.({ kind: 'connecting' });
      const ending = await connect(token, signal);
      if (ending.kind === 'refused') return ending.error;
      if (signal.aborted) continue;
      const backoff = Math.min(pauseMs * 2 ** failures, longestPauseMs);
      failures += 1;
      const milliseconds = Math.max(spread(backoff), (ending.retryAfter ?? 0) * 1000);
      onState?.({ kind: 'waiting', milliseconds, error: ending.error });
      await pause(milliseconds, signal).catch(() => undefined); // ended early: then it is tried now, or closed
    }
    return null;
  }

  let person = session.state();
  const stopListening = session.onChange((state) => {
    const changed =
      person.kind === 'signed-in' && state.kind === 'signed-in' && person.userId !== state.userId;
    person = state;
    if (changed) {
      lastId = null;
      onReset('other_person');
    }
    now.abort();
  });
  /** The network is back: no pause goes on. */
  const retryNow = (): void => {
    failures = 0;
    now.abort();
  };
  const platform = globalThis as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>;
  platform.addEventListener?.('online', retryNow);

  void run()
    .then((error) => onState?.({ kind: 'ended', error }))
    .catch((error: unknown) => onError(error, 'ended'))
    .finally(() => {
      stopListening();
      platform.removeEventListener?.('online', retryNow);
    });

  return {
    lastEventId: () => lastId,
    close: () => closed.abort(),
  };
}
