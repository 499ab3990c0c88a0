/** Makes a file in a worker thread. Messages go in one by one; bytes come out as they are made. */
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PACKAGE_ROOT } from '../package-root.ts';

/** What a worker sends. `taken`: it has processed the last message and can get the next one. */
export type FromWorker =
  | { readonly kind: 'taken' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string };

/** A report that needs too much memory ends its thread, not the process. */
const MOST_HEAP_MB = 256;
/** The worker rests for this share of its working time: an export may take longer, the inbox must stay fast. */
const REST = 0.5;

/** scripts/bundle.mjs builds one file for each. */
export type WorkerName = 'excel' | 'pdf';

/** In a build each worker is a file; from TypeScript, a thread must register the hooks of tsx first. */
const workerOf = (name: WorkerName): { readonly file: string | URL; readonly workerData?: object } =>
  import.meta.url.endsWith('.ts')
    ? {
        file: new URL('../worker-start.mjs', import.meta.url),
        workerData: { file: new URL(`../${name}/worker.ts`, import.meta.url).href },
      }
    : { file: join(PACKAGE_ROOT, 'dist', 'workers', `${name}.js`) };

/**
 * @param messages what the worker gets, each after it has processed the one before
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
    // A read that still waits for rows ends with its connection.
    await worker.terminate();
  }
}
