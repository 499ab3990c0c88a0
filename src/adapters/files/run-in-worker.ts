/** A file made in a worker thread: what goes in is asked for one by one, what comes out is handed on as it comes. */
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PACKAGE_ROOT } from '../package-root.ts';

/** What a worker tells. `taken`: the last message is done with, and the next may come. */
export type FromWorker =
  | { readonly kind: 'taken' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string };

/** A runaway report ends its thread, not the process. */
const MOST_HEAP_MB = 256;
/** Of the time it worked: who waits for a file has time, who waits for the inbox beside it has not. */
const REST = 0.5;

/** Named by scripts/build.mjs, too. */
export type WorkerName = 'excel' | 'pdf';

/** From TypeScript, a thread puts the hooks that read it in place first; a build has each worker as a file. */
const workerOf = (name: WorkerName): { readonly file: string | URL; readonly workerData?: object } =>
  import.meta.url.endsWith('.ts')
    ? {
        file: new URL('../worker-start.mjs', import.meta.url),
        workerData: { file: new URL(`../${name}/worker.ts`, import.meta.url).href },
      }
    : { file: join(PACKAGE_ROOT, 'dist', 'workers', `${name}.js`) };

/**
 * @param messages what it gets, each when it took the one before
 * @throws what `messages` throws; Error when the worker failed or `signal` aborted
 */
export async function* runInWorker(
  name: WorkerName,
  messages: AsyncIterable<object>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const { file, ...data } = workerOf(name);
  const worker = new Worker(file, {
    ...data,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    // It needs no secret.
    env: {},
  });
  const chunks: Uint8Array[] = [];
  let over: { readonly error: unknown } | 'end' | undefined;
  let wake = (): void => undefined;
  let taken = (): void => undefined;
  const finish = (how: NonNullable<typeof over>): void => {
    over ??= how;
    wake();
    taken();
  };
  const stop = (): void => {
    finish({ error: new Error('stopped before the file was made') });
  };
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'taken') taken();
    else if (message.kind === 'end') finish('end');
    else if (message.kind === 'failed') finish({ error: new Error(message.message) });
    else {
      chunks.push(message.bytes);
      wake();
    }
  });
  worker.on('error', (error) => {
    finish({ error });
  });
  worker.on('exit', (code) => {
    finish({ error: new Error(`the worker ended with ${String(code)}`) });
  });

  async function feed(): Promise<void> {
    let began = performance.now();
    for await (const message of messages) {
      if (over !== undefined) return;
      const done = new Promise<void>((resolve) => (taken = resolve));
      worker.postMessage(message);
      await done;
      await delay((performance.now() - began) * REST);
      began = performance.now();
    }
  }
  feed().catch((error: unknown) => {
    finish({ error });
  });
  try {
    if (signal.aborted) stop();
    for (;;) {
      const chunk = chunks.shift();
      if (chunk) yield chunk;
      else if (over !== undefined) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (over !== 'end') throw over.error;
  } finally {
    signal.removeEventListener('abort', stop);
    finish('end');
    // What still waits for a row ends with the connection that it reads from.
    await worker.terminate();
  }
}
