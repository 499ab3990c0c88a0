/** Tells each reader of the stream what the tabs of their desk hold, when that changed (docs/design/api.md#inbox-counts). */
import pLimit from 'p-limit';
import type { Logger } from '../../ports.ts';
import type { SseReader } from './sse-visibility.ts';
import type { SseConnection } from './sse-connection.ts';

interface CountedReader {
  readonly reader: SseReader;
  readonly connection: Pick<SseConnection, 'write' | 'behind' | 'closed'>;
}

export interface CountsFeed {
  /** Something that this reader sees has changed. */
  due(client: CountedReader): void;
}

const EVERY_MS = 2_000;
/** What comes together is counted once. */
const SOON_MS = 100;

/**
 * @param countsOf the counts of a person, as JSON text; readers of one person are counted once
 * @param everyMs a reader is told at most so often. Default 2 s
 */
export function createCountsFeed(
  countsOf: (reader: SseReader) => Promise<string>,
  log: Pick<Logger, 'warn'>,
  everyMs = EVERY_MS,
): CountsFeed {
  const waiting = new Set<CountedReader>();
  /** What each was told last. */
  const told = new WeakMap<CountedReader, string>();
  const atOnce = pLimit(2);
  let timer: NodeJS.Timeout | undefined;
  let last = -Infinity;

  async function count(): Promise<void> {
    last = performance.now();
    const clients = [...waiting].filter(({ connection }) => !connection.closed());
    waiting.clear();
    const people = new Map<string, CountedReader[]>();
    for (const client of clients)
      people.set(client.reader.id, [...(people.get(client.reader.id) ?? []), client]);
    await Promise.all(
      [...people.values()].map((theirs) =>
        atOnce(async () => {
          const [first] = theirs;
          if (!first?.reader.privileges.has('inbox_read')) return;
          const counts = await countsOf(first.reader);
          for (const client of theirs) {
            // Who is behind gets the next ones.
            if (told.get(client) === counts || client.connection.closed() || client.connection.behind())
              continue;
            told.set(client, counts);
            client.connection.write(Buffer.from(`event: counts\ndata: ${counts}\n\n`));
          }
        }),
      ),
    );
  }

  function plan(): void {
    timer ??= setTimeout(
      () => {
        void count()
          .catch((err: unknown) => {
            log.warn({ err }, 'the counts of a desk could not be looked up; they come with the next change');
          })
          .finally(() => {
            timer = undefined;
            if (waiting.size > 0) plan();
          });
      },
      Math.max(SOON_MS, last + everyMs - performance.now()),
    );
    timer.unref();
  }

  return {
    due(client) {
      waiting.add(client);
      plan();
    },
  };
}
