/** One process of the run: `worker.ts <options as JSON>`. Runs the files that the runner names, one after another. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { useBuild } from '../processes/built-programs.ts';
import { takeMissingTools } from '../processes/tool.ts';
import { useServer } from '../stores/postgres.ts';
import type { TestServer } from '../stores/server.ts';
import { withSourceLines } from './stacks.ts';
import type { FileResult, FromWorker, ToWorker, WorkerOptions } from './messages.ts';

const { grep, color, built } = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const { timeout } = JSON.parse(readFileSync('.mocharc.json', 'utf8')) as { readonly timeout: number };
/** So long may a process need to end after its last test: then something that a test opened is still open. */
const ENDS_WITHIN_MS = 15_000;

const { Base, Spec } = Mocha.reporters;
const say = (message: FromWorker): void => {
  process.send?.(message);
};

let lines: string[] = [];
Base.consoleLog = (...values: unknown[]) => lines.push(format(...values));
Base.useColors = color;

const printed = (): string => {
  const text = lines.join('\n').trimEnd();
  lines = [];
  return text;
};

/** A clock tick of Linux: `getconf CLK_TCK` says 100 on every machine that has /proc. */
const TICK_MS = 10;

/**
 * Milliseconds of processor time of the processes that this one started and that have ended. Zero where the system
 * does not say. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: cutime and cstime.
 */
function cpuOfPrograms(): number {
  if (!existsSync('/proc/self/stat')) return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name of the program may have spaces: counted from after its bracket, cutime is the 14th.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) * TICK_MS;
}

/** The spec reporter without the totals at the end: the runner adds up. */
class FileReporter extends Spec {
  override epilogue(): void {
    // Every file prints its own failures; see `run`.
  }
}

async function run(file: string): Promise<FileResult> {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const programsBefore = cpuOfPrograms();
  const mocha = new Mocha({
    timeout,
    reporter: FileReporter,
    forbidOnly: process.env['CI'] === 'true',
    ...(grep !== undefined && { grep }),
  });
  mocha.addFile(join(built, file.replace(/\.ts$/, '.js')));
  const counted = { passed: 0, failed: 0, skipped: 0 };
  const failed: Mocha.Test[] = [];
  let broken = '';
  try {
    await mocha.loadFilesAsync();
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => {
        resolve();
      });
      runner.on('pass', () => (counted.passed += 1));
      runner.on('pending', () => (counted.skipped += 1));
      runner.on('fail', (test) => {
        counted.failed += 1;
        failed.push(test);
      });
    });
  } catch (error) {
    counted.failed += 1;
    broken = `  ${file} cannot be loaded:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const output = printed();
  if (failed.length > 0) Base.list(failed);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    file,
    ...counted,
    milliseconds: performance.now() - began,
    cpuMilliseconds: (cpu.user + cpu.system) / 1_000,
    programsMilliseconds: cpuOfPrograms() - programsBefore,
    output,
    failures: withSourceLines([broken, printed()].filter(Boolean).join('\n')),
    missingTools: takeMissingTools(),
  };
}

let serverArrived: (server: TestServer) => void;
const server = new Promise<TestServer>((resolve) => {
  serverArrived = resolve;
});
useServer(() => {
  say({ kind: 'server' });
  return server;
});
let buildArrived: (folder: string) => void;
const build = new Promise<string>((resolve) => {
  buildArrived = resolve;
});
useBuild(() => {
  say({ kind: 'build' });
  return build;
});

let ending = false;
process.on('disconnect', () => {
  if (!ending) process.exit(1); // the runner was killed
});

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'run':
      void run(message.file).then((result) => {
        say({ kind: 'finished', result });
      });
      break;
    case 'server':
      serverArrived(message.server);
      break;
    case 'build':
      buildArrived(message.folder);
      break;
    case 'end':
      ending = true;
      process.disconnect();
      setTimeout(() => {
        console.log(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
        process.exit(1);
      }, ENDS_WITHIN_MS).unref();
  }
});
say({ kind: 'ready' });
