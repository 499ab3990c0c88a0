/**
 * What breaks during a soak (docs/design/reliability.md#fault-tests, F1 to F4 and F13): each fault ends by itself,
 * and prints one line.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Installation } from '../e2e/installation.ts';
import { eventually } from '../support/eventually.ts';
import type { Program } from '../support/processes/program.ts';
import type { TestRedis } from '../support/stores/redis.ts';
import type { Record_ } from './requests.ts';

const BACK_WITHIN_MS = 30_000;

/** The processes of an installation: two that serve, three that may project, two that may do the jobs. */
export interface Site {
  readonly installation: Installation;
  readonly redis: TestRedis;
  readonly apis: Program[];
  readonly projectors: Program[];
  readonly workers: Program[];
  readonly record: Record_;
  /** What a fault still has to end by itself. */
  readonly later: Promise<void>[];
  /** Sends somebody away and calls them back. */
  readonly removal: (random: () => number) => Promise<void>;
}

export async function openSite(
  installation: Installation,
  redis: TestRedis,
  people: Pick<Site, 'record' | 'removal'>,
): Promise<Site> {
  await installation.main().stop();
  const site: Site = { installation, redis, apis: [], projectors: [], workers: [], later: [], ...people };
  for (let n = 0; n < 3; n += 1) site.projectors.push(await installation.worker('projections'));
  for (let n = 0; n < 2; n += 1) site.workers.push(await installation.worker('jobs'));
  for (let n = 0; n < 2; n += 1) site.apis.push(await installation.another());
  return site;
}

export interface Fault {
  readonly name: string;
  /** How often it is chosen, compared with the others. */
  readonly weight: number;
  run(site: Site, random: () => number): Promise<void>;
}

/** Looks away while Postgres is not there: the fault before may have taken it. */
export const postgresOf = ({ installation }: Site): Promise<string> =>
  eventually(
    'Postgres is there',
    () => reachable(() => installation.folder.databaseUrl('postgres')),
    BACK_WITHIN_MS,
  );

function reachable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // asked again
  }
}

export async function asSuperuser<T extends object>(site: Site, sql: string): Promise<T[]> {
  const client = new pg.Client({
    connectionString: await postgresOf(site),
    connectionTimeoutMillis: 3_000,
    query_timeout: 3_000,
  });
  client.on('error', () => undefined); // the next fault may take it away
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Who holds a lease; undefined where that is none of these. */
export async function holderOf(
  site: Site,
  lease: string,
  among: readonly Program[],
): Promise<Program | undefined> {
  const [row] = await asSuperuser<{ holder: string }>(
    site,
    `select holder from ops.leases where name = '${lease}'`,
  );
  const pid = Number(row?.holder.split(':').at(-1));
  return among.find((program) => program.pid === pid);
}

async function replace(all: Program[], old: Program, start: () => Promise<Program>): Promise<void> {
  await old.kill();
  all[all.indexOf(old)] = await start();
}

export const anyOf = <T>(all: readonly T[], random: () => number): T =>
  all[Math.floor(random() * all.length)] as T;

/** As when the server runs out of memory: only this connection asked for it, and all of them are lost. */
const BACKENDS =
  "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";

const flush = ({ redis }: Site): Promise<void> =>
  new Promise((resolve, reject) => {
    const { port, hostname } = new URL(redis.url);
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'F1 kill -9 of an API',
    weight: 4,
    run: async ({ installation, apis }, random) => {
      const old = anyOf(apis, random);
      await old.kill();
      apis[apis.indexOf(old)] = await installation.another();
    },
  },
  {
    name: 'F2 kill -9 of the projector',
    weight: 4,
    run: async (site, random) => {
      const { installation, projectors } = site;
      const leader = (await holderOf(site, 'projections', projectors)) ?? anyOf(projectors, random);
      await replace(projectors, leader, () => installation.worker('projections'));
    },
  },
  {
    name: 'F2 kill -9 of a process with jobs',
    weight: 2,
    run: async ({ installation, workers }, random) => {
      await replace(workers, anyOf(workers, random), () => installation.worker('jobs'));
    },
  },
  {
    name: 'F3 the projector frozen, its lease gone, and awake again',
    weight: 2,
    run: async (site, random) => {
      const leader = (await holderOf(site, 'projections', site.projectors)) ?? anyOf(site.projectors, random);
      process.kill(leader.pid, 'SIGSTOP');
      try {
        await asSuperuser(
          site,
          `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
              and classid::bigint << 32 | objid::bigint = hashtextextended('saga lease projections', 0)`,
        );
        await delay(3_000 + random() * 5_000);
      } finally {
        process.kill(leader.pid, 'SIGCONT');
      }
    },
  },
  {
    name: 'F3 a process frozen',
    weight: 1,
    run: async ({ projectors, workers }, random) => {
      const one = anyOf([...projectors, ...workers], random);
      process.kill(one.pid, 'SIGSTOP');
      await delay(3_000 + random() * 7_000);
      process.kill(one.pid, 'SIGCONT');
    },
  },
  {
    name: 'F4 kill -9 of Postgres',
    weight: 2,
    run: async (site) => {
      await postgresOf(site);
      process.kill(site.installation.folder.postmaster(), 'SIGKILL');
    },
  },
  {
    name: 'F4 kill -9 of a connection of Postgres',
    weight: 2,
    run: async (site, random) => {
      const backends = await asSuperuser<{ pid: number }>(site, BACKENDS);
      process.kill(anyOf(backends, random).pid, 'SIGKILL');
    },
  },
  {
    name: 'F13 Redis gone, and back without its data',
    weight: 1,
    run: async ({ redis }, random) => {
      await redis.kill();
      await delay(2_000 + random() * 6_000);
      await redis.start();
    },
  },
  {
    name: 'F13 Redis silent',
    weight: 1,
    run: async ({ redis }) => {
      redis.pause();
      await delay(5_000);
      redis.resume();
    },
  },
  { name: 'F13 Redis emptied', weight: 1, run: flush },
];

export function chosen(faults: readonly Fault[], random: () => number): Fault {
  let left = random() * faults.reduce((sum, { weight }) => sum + weight, 0);
  return faults.find(({ weight }) => (left -= weight) < 0) ?? (faults[0] as Fault);
}
