/** The load from wrk, a generator in C: it takes a small share of the two cores, and the same for everybody. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));
const MOST_SECONDS = 300;

export interface WrkAnswers {
  readonly seconds: number;
  /** Of processor time that the generator itself took. */
  readonly cpuSeconds: number;
}

/** @throws Error with what to install */
export async function assertWrk(): Promise<void> {
  await promisify(execFile)('wrk', ['--version']).catch((error: unknown) => {
    // It ends with 1 after it has said its version.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('The rows next to other programs need wrk: install it (Debian: apt-get install wrk).');
  });
}

/**
 * Sends each request once, in their order, over so many connections.
 * @param folder for the file with the requests
 * @throws Error when one of them was not answered 200
 */
export async function wrk(options: {
  readonly port: number;
  readonly connections: number;
  readonly requests: readonly Buffer[];
  readonly folder: string;
}): Promise<WrkAnswers> {
  const { port, connections, requests, folder } = options;
  const file = join(folder, 'wrk-requests');
  const apart = Buffer.from([30]);
  writeFileSync(file, Buffer.concat(requests.flatMap((one) => [one, apart])));
  const { stdout } = await promisify(execFile)('wrk', [
    '--threads=1',
    `--connections=${String(connections)}`,
    `--duration=${String(MOST_SECONDS)}s`,
    `--timeout=30s`,
    `--script=${SCRIPT}`,
    `http://127.0.0.1:${String(port)}/`,
    '--',
    file,
    String(requests.length),
  ]);
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`wrk did not come to its end:\n${stdout}`);
  const { other, ...answers } = JSON.parse(line) as WrkAnswers & { readonly other: number };
  if (other !== 0) throw new Error(`a request was answered ${String(other)}`);
  return answers;
}
