import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive } from './postmaster.ts';

const LOOK_EVERY_MS = 20;
/** A start takes a second; the recovery of a gigabyte of log takes minutes, and those who wait ask again anyway. */
const PATIENCE_MS = 30_000;
/** By then the number in the file belongs to some other process. */
const FORGOTTEN_MS = 600_000;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** @returns false when somebody else holds it */
function take(file: string): boolean {
  try {
    writeFileSync(file, `${String(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whoever took it was killed meanwhile, or long ago. */
function isAbandoned(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    const age = Date.now() - statSync(file).mtimeMs;
    // Empty for the moment between its making and its first byte.
    return age > FORGOTTEN_MS || (holder > 0 && !isAlive(holder)) || (holder === 0 && age > PATIENCE_MS);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Removes what was judged to be abandoned, and gives back what took its place between the look and now. */
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
 * One process at a time looks for a server and starts one. Two at once would do harm: Postgres itself, and whoever
 * clears up after one that was killed, takes the pid file of the server that has just started for that of the dead one
 * and removes it. That server can then be found by nobody, keeps all others from starting, and ends itself within a minute.
 * @throws EmbeddedPostgresError when another process has been at it for half a minute
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
