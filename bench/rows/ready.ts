/** How long a start takes on a data folder, its own Postgres included: from TypeScript, and the build that production runs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../report/finding.ts';
import { freePort } from '../processes/program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PATIENCE_MS = 60_000;

const NPM_START = ['npm', 'start', '--silent'];
const SOURCE = [process.execPath, '--import', 'tsx', 'src/main.ts'];
/** @param dist folder of the build */
const build = (dist: string): readonly string[] => [
  process.execPath,
  '--enable-source-maps',
  join(dist, 'main.js'),
];

interface Start {
  /** Until /readyz says 200. */
  readonly milliseconds: number;
  /** Resident then, of the process that was started alone: Postgres is not part of it. */
  readonly megabytes: number;
}

const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

async function startOnce(folder: string, [command = '', ...args]: readonly string[]): Promise<Start> {
  const port = await freePort();
  const logFile = join(folder, 'start.log');
  const out = openSync(logFile, 'a');
  const began = performance.now();
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: folder, PORT: String(port) },
    stdio: ['ignore', out, out],
    detached: true,
  });
  const exited = once(child, 'exit');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} cannot be started`);
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/readyz`).catch(() => undefined);
      await answer?.text();
      if (answer?.status === 200)
        return { milliseconds: performance.now() - began, megabytes: residentMegabytes(pid) };
      if (child.exitCode !== null || performance.now() - began > PATIENCE_MS)
        throw new Error(`${command} did not get ready:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
      await sleep(20);
    }
  } finally {
    // The whole group: npm does not hand every signal on.
    if (child.exitCode === null) process.kill(-pid, 'SIGTERM');
    await exited;
  }
}

export const ready: Bench = async ({ server, rounds, say }) => {
  const folder = join(server.folder, 'bench_ready');
  mkdirSync(folder);
  await chmod(folder, 0o755);
  // In this project, where the build finds its packages and migrations.
  const dist = join(ROOT, '.tmp', `bench-dist-${String(process.pid)}`);
  execFileSync(process.execPath, ['scripts/build.mjs', dist], { cwd: ROOT });
  try {
    say('npm start on a new data folder');
    const first = await startOnce(folder, NPM_START);
    const fromNpm: Start[] = [];
    const fromSource: Start[] = [];
    const built: Start[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`starts on an existing data folder, round ${String(round)}`);
      fromNpm.push(await startOnce(folder, NPM_START));
      fromSource.push(await startOnce(folder, SOURCE));
      built.push(await startOnce(folder, build(dist)));
    }
    const milliseconds = (starts: readonly Start[]) => starts.map((start) => start.milliseconds);
    const megabytes = (starts: readonly Start[]) => starts.map((start) => start.megabytes);
    return [
      {
        what: 'start of the build on an existing data folder until /readyz says 200',
        unit: 'ms',
        measured: milliseconds(built),
        limit: { what: 'the same from TypeScript, with tsx', measured: milliseconds(fromSource) },
        bar: { of: 'value', atMost: 3_000 },
      },
      {
        what: '... memory of the process when it is ready, MiB resident',
        unit: '',
        measured: megabytes(built),
        limit: { what: 'the same from TypeScript, with tsx', measured: megabytes(fromSource) },
      },
      {
        what: 'npm start on an existing data folder until /readyz says 200',
        unit: 'ms',
        measured: milliseconds(fromNpm),
        bar: { of: 'value', atMost: 3_000 },
      },
      {
        what: '... on a new one, initdb and every migration included',
        unit: 'ms',
        measured: [first.milliseconds],
      },
    ];
  } finally {
    rmSync(dist, { recursive: true });
  }
};
