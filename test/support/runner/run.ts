/**
 * `npm test`, started by start.mjs: the test files on several processes, then those that need the machine alone. One Postgres serves them
 * all, each test has its own database on it. `npx mocha <file>` runs the same files, one process for all.
 */
import { availableParallelism } from 'node:os';
import { buildForThisProcess } from '../processes/built-programs.ts';
import { startTestServer, type OwnedTestServer } from '../stores/server.ts';
import type { FileResult } from './messages.ts';
import { planOf } from './plan.ts';
import { killWorkers, runFiles } from './pool.ts';
import { printFile, printSummary } from './report.ts';
import type { Selection } from './selection.ts';

/** More than the cores, for a test waits for timers, for the database and for programs; few enough that none waits for long. */
const JOBS = availableParallelism() + 1;

let server: Promise<OwnedTestServer> | undefined;
let build: Promise<string> | undefined;
const stopServer = async (): Promise<void> => {
  await (await server)?.stop();
};

async function run({ files, grep, jobs = JOBS }: Selection, built: string): Promise<boolean> {
  const began = performance.now();
  const results: FileResult[] = [];
  const options = {
    grep,
    color: process.stdout.isTTY,
    built,
    server: () => (server ??= startTestServer()),
    build: () => (build ??= buildForThisProcess()),
    onResult: (result: FileResult) => {
      results.push(result);
      printFile(result);
    },
  };
  const { together, inPairs, alone } = planOf(files);
  await runFiles(together, { ...options, jobs });
  await runFiles(inPairs, { ...options, jobs: Math.min(jobs, 2) });
  await runFiles(alone, { ...options, jobs: 1 });
  await stopServer();
  printSummary(results, performance.now() - began);
  const ran = results.some((one) => one.passed + one.skipped > 0); // --grep may fit nothing
  return ran && results.every((one) => one.failed === 0);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    killWorkers();
    void stopServer().finally(() => process.exit(code));
  });
}

/**
 * Runs the files, tells of each, and sets the exit code: 1 where one failed or nothing ran.
 * @param built the folder of the build of the tests (`start.mjs`)
 */
export async function runSelection(selection: Selection, built: string): Promise<void> {
  process.exitCode = (await run(selection, built)) ? 0 : 1;
}
