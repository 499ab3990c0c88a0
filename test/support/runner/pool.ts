/** Worker processes that share a list of test files. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestServer } from '../stores/server.ts';
import type { FileResult, FromWorker, ToWorker, WorkerOptions } from './messages.ts';

interface PoolOptions extends WorkerOptions {
  readonly jobs: number;
  /** Asked at most once per worker, when the first of its files needs it. */
  readonly server: () => Promise<TestServer>;
  /** Likewise: the folder with the programs that tests start. */
  readonly build: () => Promise<string>;
  readonly onResult: (result: FileResult) => void;
}

const running = new Set<ChildProcess>();

/** For an interrupted run: kill -9 for every worker. */
export function killWorkers(): void {
  for (const child of running) child.kill('SIGKILL');
}

const failure = (file: string, failures: string, output: string): FileResult => ({
  file,
  passed: 0,
  failed: 1,
  skipped: 0,
  milliseconds: 0,
  cpuMilliseconds: 0,
  programsMilliseconds: 0,
  output,
  failures: `  ${failures}\n${output}`,
  missingTools: [],
});

/** Takes files from `queue` until it is empty or the process ends. */
async function work(queue: string[], options: PoolOptions): Promise<void> {
  const { grep, color, built, server, build, onResult } = options;
  const worker = join(built, 'test/support/runner/worker.js');
  const child = fork(worker, [JSON.stringify({ grep, color, built } satisfies WorkerOptions)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const send = (message: ToWorker): void => {
    // A worker that has just died is seen by its exit below.
    if (child.connected) child.send(message);
  };
  const done: string[] = [];
  let current: string | undefined;
  let ended = false;
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const takePrinted = (): string => {
    const taken = printed;
    printed = '';
    return taken;
  };
  const giveUp =
    (what: string) =>
    (error: unknown): void => {
      printed += `${what}: ${String(error)}\n`;
      child.kill('SIGKILL');
    };
  const next = (): void => {
    current = queue.shift();
    if (current === undefined) {
      ended = true;
      send({ kind: 'end' });
    } else send({ kind: 'run', file: current });
  };
  child.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        next();
        break;
      case 'server':
        void server().then(({ url, superuserUrl }) => {
          send({ kind: 'server', server: { url, superuserUrl } });
        }, giveUp('The Postgres of this run does not start'));
        break;
      case 'build':
        void build().then((folder) => {
          send({ kind: 'build', folder });
        }, giveUp('The programs that tests start cannot be built'));
        break;
      case 'finished': {
        const { result } = message;
        done.push(result.file);
        onResult({ ...result, output: takePrinted() + result.output });
        next();
      }
    }
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  running.delete(child);
  const how = signal ?? `code ${String(code)}`;
  if (current !== undefined) {
    onResult(failure(current, `${current}: its process ended with ${how}`, takePrinted()));
  } else if (!ended || code !== 0) {
    onResult(
      failure(done.at(-1) ?? worker, `a process ended with ${how} after ${done.join(', ')}`, takePrinted()),
    );
  }
  // One that cannot even begin is no better the next time.
  if (queue.length > 0 && (done.length > 0 || current !== undefined)) await work(queue, options);
}

/** Runs every file once; resolves when all workers have ended. */
export async function runFiles(files: readonly string[], options: PoolOptions): Promise<void> {
  const queue = [...files];
  const jobs = Math.min(options.jobs, files.length);
  await Promise.all(Array.from({ length: jobs }, () => work(queue, options)));
}
