/** The limits: what the same Postgres reaches with pgbench alone, without our code. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { write } from '../../src/engine/sql/statement.ts';
import { query } from '../processes/postgres.ts';

const run = promisify(execFile);

export const CLIENTS = 32;

const fileOf = (name: string): string => fileURLToPath(new URL(`pgbench/${name}.sql`, import.meta.url));

/** @throws Error with what to install */
export async function assertPgbench(): Promise<string> {
  const { stdout } = await run('pgbench', ['--version']).catch(() => {
    throw new Error(
      'The limits are measured with pgbench, which is not on the PATH: install it (Debian: apt-get install ' +
        'postgresql-contrib, then add /usr/lib/postgresql/*/bin) and run the bench again.',
    );
  });
  return stdout.trim();
}

/** Runs `pgbench/<name>.sql`, which makes what a limit needs or puts it back to how it was. */
export async function runSql(url: string, name: string): Promise<void> {
  await query(url, write(null, readFileSync(fileOf(name), 'utf8')));
}

/**
 * Transactions per second of `pgbench/<name>.sql`, 32 clients.
 * @param variables numbers that the script finds as `:name`
 */
export async function pgbench(
  url: string,
  name: string,
  options: {
    readonly protocol: 'simple' | 'prepared';
    readonly seconds: number;
    readonly variables?: Readonly<Record<string, number>>;
  },
): Promise<number> {
  const variables = Object.entries({ n: 0, ...options.variables });
  const { stdout } = await run('pgbench', [
    '--no-vacuum',
    `--file=${fileOf(name)}`,
    `--client=${String(CLIENTS)}`,
    '--jobs=2',
    `--time=${String(options.seconds)}`,
    `--protocol=${options.protocol}`,
    ...variables.map(([variable, value]) => `--define=${variable}=${String(value)}`),
    url,
  ]);
  const tps = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  if (!(tps > 0) || !/number of failed transactions: 0 /.test(stdout)) {
    throw new Error(`pgbench ${name} cannot serve as a limit:\n${stdout}`);
  }
  return tps;
}
