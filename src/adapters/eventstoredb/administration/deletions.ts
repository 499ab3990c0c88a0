/** What administrators deleted or cut, read from $all: the streams themselves no longer say it (docs/audit.md). */
import { type AllStreamResolvedEvent, eventTypeFilter } from '@eventstore/db-client';
import { type ShortenedStream, StoreUnavailable } from '../../../ports.ts';
import type { Clients } from '../clients.ts';
import { shorteningOf } from './shortened.ts';

const METADATA = '$metadata';
const DELETED = '$streamDeleted';

/**
 * See `EventStore.deletions`. The server filters, so that not every event travels.
 * @param silenceMs after so much silence the store counts as away, in milliseconds
 * @throws StoreUnavailable
 */
export async function readDeletions(
  clients: Clients,
  silenceMs: number,
): Promise<readonly ShortenedStream[]> {
  const found = new Map<string, string>();
  const subscription = clients.current().subscribeToAll({
    ...clients.callOptions,
    fromPosition: 'start',
    filter: eventTypeFilter({ prefixes: [METADATA, DELETED], maxSearchWindow: 1_000 }),
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const away = (cause?: unknown): void => {
        reject(new StoreUnavailable('events', { cause }));
      };
      const listen = (): void => {
        clearTimeout(timer);
        timer = setTimeout(away, silenceMs);
      };
      listen();
      subscription.on('data', (resolved: AllStreamResolvedEvent) => {
        listen();
        if (resolved.event) take(found, resolved.event);
      });
      subscription.on('caughtUp', () => {
        resolve();
      });
      subscription.on('error', away);
      subscription.on('end', away);
    });
  } finally {
    clearTimeout(timer);
    // Rejects when the call never came to be; the caller has its error already.
    await subscription.unsubscribe().catch(() => undefined);
  }
  return [...found].map(([stream, because]) => ({ stream, because }));
}

/** The newest setting of a stream counts; a tombstone is final. */
function take(
  found: Map<string, string>,
  { type, streamId, data }: NonNullable<AllStreamResolvedEvent['event']>,
): void {
  if (type === DELETED) found.set(streamId, 'deleted for good in the event store (tombstone)');
  if (type !== METADATA || !streamId.startsWith('$$')) return;
  const stream = streamId.slice(2);
  // The server's own streams are no business of ours.
  if (stream.startsWith('$') || found.get(stream)?.includes('tombstone')) return;
  const shortening = shorteningOf(data);
  if (shortening === null) found.delete(stream);
  else found.set(stream, `the event store leaves out events of it: ${shortening} is set`);
}
