/** How long `npm start` takes on a data folder that is there: the whole command, its own Postgres included. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../report/finding.ts';
import { freePort } from '../processes/program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PATIENCE_MS = 60_000;

/** @returns milliseconds until /readyz says 200 */
async function startOnce(folder: string): Promise<number> {
  const port = await freePort();
  const logFile = join(folder, 'start.log');
  const out = openSync(logFile, 'a');
  const began = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: folder, PORT: String(port) },
    stdio: ['ignore', out, out],
    detached: true,
  });
  const exited = once(child, 'exit');
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/readyz`).catch(() => undefined);
      await answer?.text();
      if (answer?.status === 200) return performance.now() - began;
      if (child.exitCode !== null || performance.now() - began > PATIENCE_MS)
        throw new Error(`npm start did not get ready:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
      await sleep(20);
    }
  } finally {
    // The whole group: npm does not hand every signal on.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await exited;
  }
}

export const ready: Bench = async ({ server, rounds, say }) => {
  const folder = join(server.folder, 'bench_ready');
  mkdirSync(folder);
  await chmod(folder, 0o755);
  say('npm start on a new data folder');
  const first = await startOnce(folder);
  const again: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`npm start on an existing data folder, round ${String(round)}`);
    again.push(await startOnce(folder));
  }
  return [
    {
      what: 'npm start on an existing data folder until /readyz says 200',
      unit: 'ms',
      measured: again,
      bar: { of: 'value', atMost: 3_000 },
    },
    { what: '... on a new one, initdb and every migration included', unit: 'ms', measured: [first] },
  ];
};
