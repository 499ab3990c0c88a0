/**
 * How long the caller of a request still waits for stores. A command loads, reads a link, appends, appends again: each
 * step has a time-out of its own, and their sum is what the caller sees. Every step asks here how much is left
 * (docs/design/reliability.md#callers-wait-five-seconds).
 */
import { AsyncLocalStorage } from 'node:async_hooks';

interface Patience {
  until: number;
  readonly milliseconds: number;
  /** The caller has an answer: what still runs is work in the background, with time-outs of its own. */
  over: boolean;
}

const callers = new AsyncLocalStorage<Patience>();

/** Less than 5 s: the answer has to be written, too. */
const CALLER_PATIENCE_MS = 4_500;
/** A store that answers so soon is well: who asks it page by page may go on for longer. */
const SOON_MS = 500;

/** The patience that counts now; none in the background. */
function current(): Patience | undefined {
  const patience = callers.getStore();
  return patience?.over === false ? patience : undefined;
}

/** Runs `work` for a caller who waits `milliseconds` for stores that do not answer. */
export async function withPatience<T>(work: () => Promise<T>, milliseconds = CALLER_PATIENCE_MS): Promise<T> {
  const patience = { milliseconds, over: false, until: performance.now() + milliseconds };
  try {
    return await callers.run(patience, work);
  } finally {
    patience.over = true;
  }
}

/** For work that several callers share, or that goes on for long: no caller cuts it short. */
export const withoutPatience = <T>(work: () => T): T => callers.exit(work);

/** For what is the caller's own time, such as sending a body: it does not count. */
export async function onCallersTime<T>(work: () => Promise<T>): Promise<T> {
  const patience = current();
  const begun = performance.now();
  try {
    return await work();
  } finally {
    if (patience) patience.until += performance.now() - begun;
  }
}

/** @returns how long a step that may take `milliseconds` may take now; at least 1 */
export function withinPatience(milliseconds: number): number {
  const patience = current();
  return patience ? Math.max(1, Math.min(milliseconds, patience.until - performance.now())) : milliseconds;
}

/** A store answered what was asked at `since`, a time of `performance.now()`. */
export function storeAnswered(since: number): void {
  const patience = current();
  const now = performance.now();
  if (patience && now - since < SOON_MS)
    patience.until = Math.max(patience.until, now + patience.milliseconds);
}

/**
 * Stops waiting for `work` when the caller's time is over; what was begun goes on, and its outcome is unknown.
 * @param late the error that the caller gets then
 */
export async function inPatience<T>(work: Promise<T>, late: () => Error): Promise<T> {
  const begun = performance.now();
  if (!current()) return work;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, withinPatience(Infinity));
  });
  try {
    const answer = await Promise.race([work, over]);
    storeAnswered(begun);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}
