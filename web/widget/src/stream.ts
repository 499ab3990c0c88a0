/**
 * The visitor's live stream over `fetch`, because an EventSource sends no token. It goes on behind the last message (`Last-Event-ID`).
 * Where streams do not get through (a proxy that holds them back), the thread is asked for every few seconds instead.
 */
import { ChatError, type Api } from './api.ts';

export interface Live {
  readonly close: () => void;
}

interface Options {
  readonly on: (event: string, data: unknown) => void;
  /** The last message that is here; null: there is none. */
  readonly last: () => string | null;
  /** The thread is asked for, instead of a stream. */
  readonly look: () => Promise<void>;
  /** The session is not good any more. */
  readonly onEnd: () => void;
}

const PAUSE_MS = 2_000;
const LONGEST_MS = 30_000;
/** The server writes a comment every 15 s. */
const SILENT_MS = 40_000;
const LOOK_EVERY_MS = 5_000;
/** So many connections without one byte, and streams are taken for impossible here. */
const HOPELESS = 3;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export function openLive(api: Api, { on, last, look, onEnd }: Options): Live {
  const closed = new AbortController();
  const { signal } = closed;
  let failures = 0;

  function handle(block: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const data = field('data');
    if (data !== undefined) on(field('event') ?? 'message', JSON.parse(data));
  }

  async function read(): Promise<void> {
    const now = new AbortController();
    const stop = (): void => now.abort();
    signal.addEventListener('abort', stop);
    let silence = setTimeout(stop, SILENT_MS);
    try {
      const response = await api.ask('GET', '/stream', undefined, now.signal, last());
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
        if (done) return;
        failures = 0;
        clearTimeout(silence);
        silence = setTimeout(stop, SILENT_MS);
        const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
        rest = blocks.pop() ?? '';
        blocks.forEach(handle);
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      now.abort();
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        failures += 1;
        if (failures > HOPELESS) {
          await look();
          await pause(LOOK_EVERY_MS, signal);
        } else await read();
      } catch (error) {
        if (signal.aborted) return;
        const { status, retryAfter } = error instanceof ChatError ? error : { status: 0, retryAfter: null };
        if (status === 401 || status === 404) {
          onEnd();
          return;
        }
        await pause(
          retryAfter === null ? Math.min(PAUSE_MS * 2 ** (failures - 1), LONGEST_MS) : retryAfter * 1_000,
          signal,
        );
      }
    }
  }
  void run();
  return { close: () => closed.abort() };
}
