/**
 * Group commit: requests of independent callers travel to a store together, so that many share one round
 * trip, one transaction and one fsync (docs/design/performance.md#group-commit: 2.2 x a pool of connections at 32
 * callers).
 */

export interface GroupCommitOptions<Request, Result> {
  /**
   * Writes one batch, 1 to `maxBatch` requests in the order they came in; never called while it runs.
   * @returns one entry per request, in the same order: its result, or the Error its caller gets.
   *   A rejection fails every request of the batch.
   */
  readonly flush: (requests: readonly Request[]) => Promise<readonly (Result | Error)[]>;
  /** Most requests per flush. 64 to 256 are good values. */
  readonly maxBatch: number;
  /** Bounds a batch by size as well: the sum of `of(request)` stays under `max` unless one alone is over it. */
  readonly weight?: { readonly of: (request: Request) => number; readonly max: number };
  /**
   * A request that could not be sent for so long, because earlier flushes hang, is refused with `error()`:
   * it was certainly not written. Without it callers wait as long as the flushes before them.
   */
  readonly patience?: { readonly milliseconds: number; readonly error: () => Error };
}

export interface GroupCommit<Request, Result> {
  /** @returns what `flush` answered for this request. Rejects with its error, or after `close`. */
  submit(request: Request): Promise<Result>;
  /** Requests waiting for their flush (not those in the running one): for a gauge. */
  waiting(): number;
  /** Takes no more requests, and resolves when all earlier ones have their answer. */
  close(): Promise<void>;
}

interface Waiting<Request, Result> {
  readonly request: Request;
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function groupCommit<Request, Result>(
  options: GroupCommitOptions<Request, Result>,
): GroupCommit<Request, Result> {
  let queue: Waiting<Request, Result>[] = [];
  let running = false;
  let closed = false;
  let onIdle: (() => void)[] = [];

  function takeBatch(): Waiting<Request, Result>[] {
    const batch: Waiting<Request, Result>[] = [];
    const oldest = options.patience ? performance.now() - options.patience.milliseconds : -Infinity;
    let weight = 0;
    let taken = 0;
    for (const waiting of queue) {
      if (waiting.since < oldest) {
        waiting.reject(options.patience?.error());
        taken += 1;
        continue;
      }
      if (batch.length === options.maxBatch) break;
      weight += options.weight?.of(waiting.request) ?? 0;
      if (batch.length > 0 && options.weight && weight > options.weight.max) break;
      batch.push(waiting);
      taken += 1;
    }
    queue = queue.slice(taken);
    return batch;
  }

  async function flushOne(batch: readonly Waiting<Request, Result>[]): Promise<void> {
    try {
      const answers = await options.flush(batch.map((waiting) => waiting.request));
      batch.forEach((waiting, index) => {
        const answer = answers[index];
        if (answer instanceof Error) waiting.reject(answer);
        else if (index < answers.length) waiting.resolve(answer as Result);
        else
          waiting.reject(
            new Error(`flush answered ${String(answers.length)} of ${String(batch.length)} requests`),
          );
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }

  async function run(): Promise<void> {
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) {
      await flushOne(batch);
      // Callers that just got their answer send their next request in the same turn of the event loop: wait for
      // them, else two half-full batches alternate.
      await new Promise(setImmediate);
    }
    running = false;
    for (const idle of onIdle) idle();
    onIdle = [];
  }

  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new Error('group commit is closed'));
          return;
        }
        queue.push({ request, since: performance.now(), resolve, reject });
        if (!running) {
          running = true;
          setImmediate(() => void run());
        }
      }),
    waiting: () => queue.length,
    close: () => {
      closed = true;
      return running ? new Promise((resolve) => onIdle.push(resolve)) : Promise.resolve();
    },
  };
}
