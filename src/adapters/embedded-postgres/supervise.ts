import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createBackoff } from '../../engine/jobs/backoff.ts';
import type { Logger } from '../../ports.ts';
import { EmbeddedPostgresError } from './error.ts';
import { freePort, isFree } from './port.ts';
import { isAlive, removeStalePidFile, stopPostmaster, type Postmaster } from './postmaster.ts';
import { runningServer, spawnServer, type ServerPlan } from './server.ts';
import { withStartLock } from './start-lock.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

const WATCH_EVERY_MS = 100;
const START_AGAIN_MS = { firstMs: 50, mostMs: 5_000 };
/** After a kill the last backends of the former server may need a while to notice and go. */
const START_TRIES = 5;
const START_TRIES_OCCUPIED = 30;
const OCCUPIED = /lock file .* already exists|still in use/;

export interface Supervised {
  readonly port: number;
  pid(): number;
  stop(): Promise<void>;
}

interface Task {
  readonly plan: ServerPlan;
  readonly port: number | undefined;
  /** Folder of the files `port` and `owner`, and of `starting` while a process starts the server. */
  readonly home: string;
  readonly logger: Logger;
}

function readNumber(file: string): number | undefined {
  const value = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function writeNumber(file: string, value: number): void {
  const unfinished = `${file}.${String(process.pid)}`;
  writeFileSync(unfinished, `${String(value)}\n`);
  renameSync(unfinished, file);
}

/** Does not keep the process alive; ends early, without an error, when `signal` aborts. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
}

/**
 * Joins or starts the server and watches it. The process that started it owns it and stops it; when the owner was
 * killed, the first process that joins becomes the owner (docs/design/architecture.md#embedded-postgres).
 */
export async function supervise({ plan, port: wanted, home, logger }: Task): Promise<Supervised> {
  const portFile = join(home, 'port');
  const ownerFile = join(home, 'owner');
  let current: Postmaster | undefined;
  let owner = false;
  let watchdog: Watchdog | undefined;
  const stopping = new AbortController();

  const own = (): void => {
    owner = true;
    writeNumber(ownerFile, process.pid);
    watchdog ??= startWatchdog(realpathSync(plan.folder), ownerFile);
  };

  /** The owner was killed, and this process still works with the server. */
  const isOrphan = (): boolean => {
    const pid = readNumber(ownerFile);
    return !owner && (pid === undefined || !isAlive(pid));
  };

  const joined = async (): Promise<Postmaster | undefined> => {
    const running = await runningServer(plan);
    if (!running) return undefined;
    if (isOrphan()) own();
    logger.info({ pid: running.pid, port: running.port, owner }, 'joined the running Postgres');
    return running;
  };

  const ensure = async (port: number | undefined): Promise<Postmaster> =>
    (await joined()) ?? withStartLock(join(home, 'starting'), async () => (await joined()) ?? launched(port));

  const launched = async (port: number | undefined): Promise<Postmaster> => {
    removeStalePidFile(plan.folder);
    if (port !== undefined && !(await isFree(port))) {
      throw new EmbeddedPostgresError(
        `Port ${String(port)} on 127.0.0.1 is taken: Postgres cannot listen there.`,
      );
    }
    const chosen = port ?? (await freePort(readNumber(portFile)));
    const started = performance.now();
    const server = await spawnServer(plan, chosen);
    own();
    writeNumber(portFile, server.port);
    const milliseconds = Math.round(performance.now() - started);
    logger.info({ pid: server.pid, port: server.port, milliseconds }, 'Postgres is ready');
    return server;
  };

  const first = async (): Promise<Postmaster> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ensure(wanted);
      } catch (error) {
        const occupied = error instanceof Error && OCCUPIED.test(error.message);
        if (tries >= (occupied ? START_TRIES_OCCUPIED : START_TRIES)) throw error;
        if (wanted !== undefined && !(await isFree(wanted)) && !(await runningServer(plan))) throw error;
        await delay(Math.min(100 * tries, 500));
      }
    }
  };

  const initial = await first();
  if (wanted !== undefined && initial.port !== wanted) {
    logger.warn({ wanted, port: initial.port }, 'the Postgres of this DATA_DIR already runs on another port');
  }
  current = initial;

  const watch = async (): Promise<void> => {
    const backoff = createBackoff(START_AGAIN_MS);
    for (;;) {
      await sleep(WATCH_EVERY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      if (current && isAlive(current.pid)) {
        backoff.reset();
        if (isOrphan()) own();
        continue;
      }
      if (current) logger.error({ pid: current.pid }, 'Postgres ended unexpectedly: starting it again');
      current = undefined;
      try {
        current = await ensure(initial.port);
      } catch (error) {
        const wait = backoff.next();
        logger.error({ err: error, backoff: wait }, 'Postgres could not be started again: trying on');
        await sleep(wait, stopping.signal);
      }
    }
  };
  const watching = watch();

  return {
    port: initial.port,
    pid: () => current?.pid ?? initial.pid,
    stop: async () => {
      stopping.abort();
      await watching;
      if (!owner || !current || readNumber(ownerFile) !== process.pid) {
        watchdog?.dismiss();
        return;
      }
      await stopPostmaster(current.pid);
      owner = false;
      watchdog?.dismiss();
      rmSync(ownerFile, { force: true });
      logger.info({ pid: current.pid }, 'Postgres stopped');
    },
  };
}
