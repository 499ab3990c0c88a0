/** Records that must be written, and need not be written now: tried at once, kept while the store is away. */
import { Refusal } from '../../domain/refusals.ts';
import { type Logger, StoreUnavailable } from '../../ports.ts';

export interface AccessAuditBuffer {
  /**
   * Begins `work`. Resolves when it is done, or when the store is known to be away and it waits; then it is tried
   * again until it is done.
   * @throws StoreUnavailable too much waits already, and nothing was begun; what `work` throws for other reasons
   */
  add(work: () => Promise<void>): Promise<void>;
  full(): boolean;
  waiting(): number;
  /** One more try for everything that waits. What is left is lost, and the log says so. */
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;
/** A store that takes so long is taken for away: less than a read's patience, so that only the first one waits. */
const SLOW_MS = 200;
/** Written at the same time when the store is back. */
const AT_ONCE = 64;

type Work = () => Promise<void>;

const passes = (error: unknown): boolean =>
  error instanceof StoreUnavailable || (error instanceof Refusal && error.code === 'BUSY');

/** @param most that may be under way or wait, in this process */
export function createAccessAuditBuffer({ log, most }: { log: Logger; most: number }): AccessAuditBuffer {
  const kept: Work[] = [];
  /** When each was begun, oldest first. */
  const underWay = new Map<Promise<boolean>, number>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const waiting = (): number => kept.length + underWay.size;

  function isAway(): boolean {
    const [oldest = Infinity] = underWay.values();
    return kept.length > 0 || performance.now() - oldest > SLOW_MS;
  }

  /** @returns false: the store was away, and the work waits */
  function attempt(work: Work): Promise<boolean> {
    const done = work().then(
      () => true,
      (error: unknown) => {
        if (!passes(error)) throw error;
        keep(work);
        return false;
      },
    );
    underWay.set(done, performance.now());
    return done.finally(() => underWay.delete(done));
  }

  function keep(work: Work): void {
    kept.push(work);
    if (closed || timer) return;
    timer = setTimeout(() => void again(), PAUSE_MS);
    timer.unref();
  }

  /** The first alone, to see whether the store is there; then the rest. */
  async function again(): Promise<void> {
    const first = kept.shift();
    if (first && (await attemptAll([first]))) await drain();
    timer = undefined;
    const next = kept.shift();
    if (next) keep(next);
  }

  async function drain(): Promise<void> {
    while (kept.length > 0) {
      if (!(await attemptAll(kept.splice(0, AT_ONCE)))) return;
    }
  }

  /** @returns whether all are done with */
  async function attemptAll(work: readonly Work[]): Promise<boolean> {
    const settled = await Promise.allSettled(work.map(attempt));
    for (const one of settled) {
      if (one.status === 'rejected')
        log.error({ err: one.reason as unknown }, 'an access could not be recorded');
    }
    return settled.every((one) => one.status === 'rejected' || one.value);
  }

  return {
    async add(work) {
      if (waiting() >= most) throw new StoreUnavailable('events');
      if (isAway()) keep(work);
      else await attempt(work);
    },
    full: () => waiting() >= most,
    waiting,
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.allSettled(underWay.keys());
      await drain();
      if (kept.length > 0)
        log.error({ events: kept.length }, 'accesses were not recorded: the store is away');
    },
  };
}
