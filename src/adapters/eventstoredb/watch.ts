import { END } from '@eventstore/db-client';
import type { Clients } from './clients.ts';
import { STORE_STREAM } from './reads.ts';

/**
 * See `EventStore.watch`: a subscription to the stream that holds the store's id. It gets no event, and ends with the
 * connection. It ends with the client, too: the next one has connections of its own.
 */
export async function watchStore(
  clients: Clients,
  timeoutMs: number,
  ended: () => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const client = clients.current();
  const stream = client.subscribeToStream(STORE_STREAM, { ...clients.callOptions, fromRevision: END });
  let [isHeld, isOver] = [false, false];
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    forget();
    signal.removeEventListener('abort', stop);
    // Rejects when the call never came to be.
    stream.unsubscribe().catch(() => undefined);
    if (isHeld && !signal.aborted) ended();
  };
  const stop = (): void => {
    over();
  };
  const forget = clients.onReplaced(over);
  signal.addEventListener('abort', stop);
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause?: unknown): void => {
      clearTimeout(timer);
      reject(clients.unavailable(cause));
    };
    const timer = setTimeout(() => {
      over();
      refuse();
    }, timeoutMs);
    stream.on('confirmation', () => {
      clearTimeout(timer);
      isHeld = true;
      resolve();
    });
    // Without a reader the end of the stream is never seen.
    stream.on('data', () => undefined);
    for (const event of ['end', 'close', 'error'] as const)
      stream.on(event, (cause?: unknown) => {
        over();
        refuse(cause);
      });
  });
}
