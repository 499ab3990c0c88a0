/** Databases for tests, on the one Postgres of the run. */
import pg from 'pg';
import { EVENTS_OWNER } from '../../../src/adapters/postgres/events-owner.ts';
import { processState } from '../process-state.ts';
import { inMemory } from './scratch.ts';
import { asSuperuser, startTestServer, TEMPLATE, withDatabase } from './server.ts';
import type { OwnedTestServer, TestServer } from './server.ts';

export interface TestDatabase {
  /** As the program's role, as in production: no superuser; with the template's tables it cannot change events. */
  readonly url: string;
  /** The same database as superuser: to terminate backends, to look past row-level security, to tamper with events. */
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

/** `file_copy` waits for two checkpoints: quick in memory, slow on a disk that others use. */
const STRATEGY = inMemory ? 'file_copy' : 'wal_log';

interface State {
  /** Started by this process. */
  owned?: Promise<OwnedTestServer>;
  server?: Promise<TestServer>;
  provide: () => Promise<TestServer>;
  /** What `fill` said about the database that others are copies of, once it is there. */
  filled?: Promise<string>;
  databases: number;
}

const state: State = processState<State>('postgres', {
  provide: () => (state.owned ??= startTestServer()),
  databases: 0,
});

/** From now on the server comes from `provider`: the runner has one for all its workers. */
export function useServer(provider: () => Promise<TestServer>): void {
  state.provide = provider;
}

const copying = (name: string, from: string, owner: string): readonly string[] => [
  `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE ${from} STRATEGY ${STRATEGY}`,
  // Rights to a database are not copied with it.
  `GRANT CREATE ON DATABASE ${name} TO saga`,
];

async function newDatabase(from: string, owner: string): Promise<TestDatabase> {
  const running = await (state.server ??= state.provide());
  state.databases += 1;
  const name = `test_${String(process.pid)}_${String(state.databases)}`;
  await asSuperuser(running, ...copying(name, from, owner));
  return {
    url: withDatabase(running.url, name),
    superuserUrl: withDatabase(running.superuserUrl, name),
    drop: () => asSuperuser(running, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A database of the caller's own with all migrations applied. */
export function testDatabase(): Promise<TestDatabase> {
  return newDatabase(TEMPLATE, EVENTS_OWNER);
}

const FILLED = 'saga_filled';
const FILLING = 'saga_filling';
const FILL_ATTEMPTS = 3;

/**
 * A database of the caller's own, with all migrations and what `fill` once wrote into one: the first caller of the run fills
 * it, the others get copies.
 * @param fill leaves no connection open
 * @returns also the note that `fill` returned
 */
export async function filledDatabase(
  fill: (url: string) => Promise<string>,
): Promise<TestDatabase & { readonly note: string }> {
  state.filled ??= fillOnce(fill).catch((error: unknown) => {
    // Whoever comes next tries again.
    delete state.filled;
    throw error;
  });
  const note = await state.filled;
  return { ...(await newDatabase(FILLED, EVENTS_OWNER)), note };
}

/** The note is the comment of the database: every process of the run can read it, and it is in no table of a copy. */
async function fillOnce(fill: (url: string) => Promise<string>): Promise<string> {
  const running = await (state.server ??= state.provide());
  const client = new pg.Client({ connectionString: running.superuserUrl });
  await client.connect();
  try {
    // The processes of a run share the server: one fills, the others wait for it.
    await client.query(`SELECT pg_advisory_lock(hashtext('${FILLED}'))`);
    const { rows } = await client.query<{ note: string }>(
      "SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1",
      [FILLED],
    );
    const [filled] = rows;
    if (filled) return filled.note;
    let note: string;
    for (let left = FILL_ATTEMPTS; ; left -= 1) {
      await client.query(`DROP DATABASE IF EXISTS ${FILLING} WITH (FORCE)`);
      await asSuperuser(running, ...copying(FILLING, TEMPLATE, EVENTS_OWNER));
      try {
        note = await fill(withDatabase(running.url, FILLING));
        break;
      } catch (error) {
        // All processes of a run start at once: the machine has no time for one of them.
        if (left === 1) throw error;
      }
    }
    await client.query(`COMMENT ON DATABASE ${FILLING} IS ${client.escapeLiteral(note)}`);
    await client.query(`ALTER DATABASE ${FILLING} RENAME TO ${FILLED}`);
    return note;
  } finally {
    await client.end();
  }
}

/** A database of the caller's own with nothing in it, which belongs to the program's role. */
export function emptyDatabase(): Promise<TestDatabase> {
  return newDatabase('template1', 'saga');
}

/** For the root hook only: stops the server that this process started. */
export async function stopTestServer(): Promise<void> {
  await (await state.owned)?.stop();
}
