import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a Postgres server says about itself in its data folder's postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping';
}

/** A process that ended, and whose parent has not read its exit code; in a container nobody may ever do it. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false; // no /proc, or the process just ended: the next check shows it
  }
}

/** Is there a process with this id, also a zombie? Postgres itself checks no more. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, under another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function isAlive(pid: number): boolean {
  return exists(pid) && !isZombie(pid);
}

/** A Postgres process works inside its data folder; a process that got the same number later does not. */
function worksIn(pid: number, folder: string): boolean | 'unknown' {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`) === realpathSync(folder);
  } catch (error) {
    // ENOENT: it just ended. Otherwise there is no /proc (macOS, Windows), or no permission.
    if (existsSync('/proc/self') && (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    return 'unknown';
  }
}

function anyProcessIn(folder: string): boolean {
  if (!existsSync('/proc/self')) return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && worksIn(Number(name), folder) === true);
}

const pidFile = (folder: string): string => join(folder, 'postmaster.pid');

function pidFileLines(folder: string): readonly string[] {
  try {
    return readFileSync(pidFile(folder), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const isServerOf = (pid: number, folder: string): boolean => !isZombie(pid) && worksIn(pid, folder) !== false;

/**
 * Removes the pid file of a killed server whose id now belongs to another process: Postgres takes any process with
 * that id, also a zombie, for a server and refuses to start (seen in containers). Call it only with the start lock
 * (`start-lock.ts`): without it, the file may belong to a server that another process starts at this moment.
 */
export function removeStalePidFile(folder: string): void {
  const pid = Number(pidFileLines(folder)[0]);
  if (!(pid > 0) || !exists(pid) || isServerOf(pid, folder)) return;
  if (!anyProcessIn(folder)) rmSync(pidFile(folder), { force: true });
}

/** @returns the server that runs on `folder`, started by any process; undefined when there is none */
export function findPostmaster(folder: string): Postmaster | undefined {
  const lines = pidFileLines(folder);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid) || !isServerOf(pid, folder)) return undefined;
  const status = lines[7]?.trim();
  return {
    pid,
    port: Number(lines[3]),
    status: status === 'ready' || status === 'stopping' ? status : 'starting',
  };
}

/** Waits until `pid` is gone. @returns false when it still runs after `milliseconds` */
async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Fast shutdown (open transactions roll back, everything is written), then immediate, then by force. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(pid, name);
    if (await waitForEnd(pid, patience)) return;
  }
}
