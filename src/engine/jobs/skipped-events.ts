/** Events that jobs could not read and passed over: said once each, counted, and shown by every process. */
import { z } from 'zod';
import type { UndecodableEvent } from '../../domain/codec.ts';
import type { Logger, PubSub } from '../../ports.ts';

export interface SkippedByJob {
  readonly job: string;
  readonly count: number;
  readonly lastEventId: string;
}

export interface SkippedEvents {
  /** Logs, counts and publishes it; a second time for the same job and event nothing happens. */
  skip(job: string, error: UndecodableEvent): void;
  /**
   * By job, of the whole installation, since this process started.
   * @param settled ids of events that a person let everything go on without: nobody has to look at those any more
   */
  list(settled?: ReadonlySet<string>): readonly SkippedByJob[];
  close(): void;
}

const NONE: ReadonlySet<string> = new Set();
const TOPIC = 'skipped events';
const message = z.object({ job: z.string(), eventId: z.string() });
/** Ids remembered per job: a store full of events that cannot be read must not fill the memory. */
const MOST_REMEMBERED = 1_000;

/** Counts each id once, as far as it is remembered. */
class SeenIds {
  readonly #ids = new Set<string>();
  #count = 0;

  /** @returns whether it is new */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    const [oldest] = this.#ids;
    if (this.#ids.size >= MOST_REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
    this.#ids.add(id);
    this.#count += 1;
    return true;
  }

  /** How many are not settled, those that are forgotten among them, and the last one that is remembered. */
  open(settled: ReadonlySet<string>): { readonly count: number; readonly last: string | undefined } {
    const remembered = [...this.#ids].filter((id) => !settled.has(id));
    return { count: this.#count - this.#ids.size + remembered.length, last: remembered.at(-1) };
  }
}

/** @param counted called once per job and event of this process, for its metric */
export function createSkippedEvents({
  pubSub,
  log,
  counted,
}: {
  readonly pubSub: Pick<PubSub, 'publish' | 'subscribe'>;
  readonly log: Logger;
  readonly counted: (job: string) => void;
}): SkippedEvents {
  const byThisProcess = new Map<string, SeenIds>();
  const byAll = new Map<string, SeenIds>();
  const note = (into: Map<string, SeenIds>, job: string, eventId: string): boolean => {
    const seen = into.get(job) ?? new SeenIds();
    into.set(job, seen);
    return seen.add(eventId);
  };
  const unsubscribe = pubSub.subscribe(TOPIC, (received) => {
    const { data } = message.safeParse(received);
    if (data) note(byAll, data.job, data.eventId);
  });
  return {
    skip(job, err) {
      const eventId = err.event.id;
      if (!note(byThisProcess, job, eventId)) return;
      log.error({ err, job, eventId }, 'a job skips an event that it cannot read');
      counted(job);
      pubSub.publish(TOPIC, { job, eventId });
    },
    list: (settled = NONE) =>
      [...byAll].flatMap(([job, seen]) => {
        const { count, last } = seen.open(settled);
        return count === 0 ? [] : [{ job, count, lastEventId: last ?? 'unknown' }];
      }),
    close: unsubscribe,
  };
}
