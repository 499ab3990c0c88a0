import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Logger } from '../../ports.ts';
import { accountFor, canTraverse, type SystemAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { DATABASE, openCluster, OWNER, SUPERUSER } from './cluster.ts';
import { EmbeddedPostgresError } from './error.ts';
import { supervise } from './supervise.ts';

export interface EmbeddedPostgres {
  /** The product's database, as the program's role (no superuser). Stays the same while it runs. */
  readonly url: string;
  /** The same database as superuser: who gives the events to their owner. */
  readonly ownerUrl: string;
  /** The same server as superuser, database `postgres`: for tests and repair. */
  readonly superuserUrl: string;
  /** Process id of the server; changes when the supervisor had to start it again. */
  pid(): number;
  /** Stops the server when this process owns it; leaves it alone when it was found running. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** DATA_DIR: the cluster lives in its folder `postgres`. */
  readonly dataDir: string;
  /** Must be free, or the port of the server that runs there. Default: the port of the last start, else any. */
  readonly port?: number;
  readonly logger: Logger;
  /** Folder for programs and cluster when this process is root and no other account can enter DATA_DIR. */
  readonly shared?: string;
}

const SHARED = '/var/lib/saga-backend';

/** DATA_DIR/postgres, or a folder outside that DATA_DIR/postgres.location names. */
function homeFor(
  dataDir: string,
  shared: string,
  account: SystemAccount | undefined,
  logger: Logger,
): string {
  const inside = join(dataDir, 'postgres');
  const pointer = join(dataDir, 'postgres.location');
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  if (!account || canTraverse(join(inside, 'data'), account)) return inside;
  const outside = join(shared, `data-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(outside, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `Postgres does not run as root, no other account can enter ${dataDir}, and ${shared} cannot be made. ` +
        'Set DATA_DIR to a folder that others may enter, for example /srv/saga.',
      { cause },
    );
  }
  writeFileSync(pointer, `${outside}\n`);
  logger.warn(
    { dataDir, outside },
    'no other account than root can enter DATA_DIR: the database lives outside',
  );
  return outside;
}

/**
 * Starts Postgres on DATA_DIR, or joins the server that already runs there, and keeps it running: a server that
 * dies is started again on the same port.
 * @throws EmbeddedPostgresError with a sentence for the person at the terminal
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, shared = SHARED } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const account = accountFor(join(dataDir, 'postgres', 'data'));
  const home = homeFor(dataDir, shared, account, logger);
  const folder = join(home, 'data');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const binaries = findBinaries(account, shared);
  const passwords = await openCluster(folder, binaries, account);
  const server = await supervise({
    plan: {
      folder,
      program: binaries.postgres,
      account,
      logFile: join(home, 'server.log'),
      superuserPassword: passwords.superuserPassword,
    },
    port: options.port,
    home,
    logger,
  });
  const url = (user: string, password: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${String(server.port)}/${database}`;
  return {
    url: url(OWNER, passwords.ownerPassword, DATABASE),
    ownerUrl: url(SUPERUSER, passwords.superuserPassword, DATABASE),
    superuserUrl: url(SUPERUSER, passwords.superuserPassword, 'postgres'),
    pid: server.pid,
    stop: server.stop,
  };
}
