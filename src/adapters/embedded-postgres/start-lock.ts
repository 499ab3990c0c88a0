import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive } from './postmaster.ts';

const LOOK_EVERY_MS = 20;
/** A start takes a second. Recovery of a gigabyte of log takes minutes; then the waiting processes try again. */
const PATIENCE_MS = 30_000;
/** After this time the process id in the file belongs to another process. */
const FORGOTTEN_MS = 600_000;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** @returns false when another process holds it */
function take(file: string): boolean {
  try {
    writeFileSync(file, `${String(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Was the process that holds it killed? */
function isAbandoned(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    const age = Date.now() - statSync(file).mtimeMs;
    // The file is empty for a moment after its creation.
    return age > FORGOTTEN_MS || (holder > 0 && !isAlive(holder)) || (holder === 0 && age > PATIENCE_MS);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Removes an abandoned lock, and puts it back when another process has taken it since the check. */
function clear(file: string): void {
  const aside = `${file}.${String(process.pid)}`;
  try {
    renameSync(file, aside);
    if (!isAbandoned(aside)) linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/**
 * One process at a time looks for a server and starts one. With two at once, the second could take the pid file of
 * the new server for the file of the killed one, and remove it. Then nobody finds that server, it blocks every other
 * start, and it ends within a minute.
 * @throws EmbeddedPostgresError when another process holds the lock for half a minute
 */
export async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!take(file)) {
    if (isAbandoned(file)) clear(file);
    else if (performance.now() > deadline)
      throw new EmbeddedPostgresError(
        `Another process has been starting Postgres for half a minute (${file}).`,
      );
    else await delay(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
