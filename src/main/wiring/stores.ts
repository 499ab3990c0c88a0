/** Opens every store, in the order in which they depend on each other. */
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/start.ts';
import { createChainedEventStore } from '../../adapters/hash-chain/chained-event-store.ts';
import { migrate } from '../../adapters/migrations.ts';
import { createErasureLedger } from '../../adapters/personal-data/ledger.ts';
import { createKeyRing, type KeyRing } from '../../adapters/personal-data/keys.ts';
import { createEncryptedEventStore } from '../../adapters/personal-data/encrypted-event-store.ts';
import { waysToChangeEvents } from '../../adapters/postgres/events-owner.ts';
import { createStreamMemory, lookAgain, type NotWhole } from '../../engine/commands/streams-not-whole.ts';
import { createPostgres, type Postgres } from '../../adapters/postgres/index.ts';
import { assertOwnSessions } from '../../adapters/postgres/pooling.ts';
import { createPostgresEventStore } from '../../adapters/postgres-event-store/index.ts';
import { assertSameKeys, noteKeys } from '../../adapters/security/key-fingerprints.ts';
import { createBlindIndex } from '../../adapters/security/blind-index.ts';
import { assertNoUnfinishedRestore } from '../../adapters/postgres/unfinished-restore.ts';
import { assertClock, createClockCheck } from '../../adapters/postgres/database-clock.ts';
import { systemClock } from '../../adapters/clock.ts';
import { secretsFor } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import { blindIndexFits } from '../../commands/staff/blind-index-fits.ts';
import { createWholeStreams } from '../../engine/commands/whole-stream.ts';
import { createStoreGuard, type StoreGuard } from '../../engine/store-identity/guard.ts';
import { createGuardedStore } from '../../engine/store-identity/guarded-store.ts';
import { verdictOf } from '../../engine/store-identity/verdict.ts';
import {
  type ClockCheck,
  type ErasureLedger,
  type EventStore,
  type Logger,
  StoreChanged,
  type StoreLook,
  type VerifyStore,
} from '../../ports.ts';
import { cannotOpenDatabase } from '../start-error.ts';
import { assertNotLeftBehind } from './left-behind.ts';

export interface Stores {
  readonly databaseUrl: string;
  readonly postgres: Postgres;
  /** Personal fields of customers are readable here, and encrypted in the store. */
  readonly events: EventStore;
  /** The same events as they are stored, whichever store it is: for seals, and for what compares stores. */
  readonly stored: EventStore;
  readonly guard: StoreGuard;
  /** Streams on record as not whole, without those that are whole again. @throws StoreUnavailable */
  notWhole(): Promise<readonly NotWhole[]>;
  readonly keys: KeyRing;
  /** The list of erased customers. It is in DATA_DIR, so that a restored database cannot undo an erasure. */
  readonly erased: ErasureLedger;
  /** What deletes by its clock asks first. */
  readonly clockProblem: ClockCheck;
  close(): Promise<void>;
}

export interface OpenedDatabase {
  /** As the program's role. */
  readonly url: string;
  /** As a role that may give the events to their owner; undefined: nobody said who that is. */
  readonly ownerUrl: string | undefined;
  stop(): Promise<void>;
}

/** Opens DATABASE_URL; without it, starts or joins the embedded Postgres of DATA_DIR. */
export async function openDatabase(config: Config, logger: Logger): Promise<OpenedDatabase> {
  if (config.DATABASE_URL !== undefined)
    return {
      url: config.DATABASE_URL,
      ownerUrl: config.MIGRATE_DATABASE_URL,
      stop: () => Promise.resolve(),
    };
  const port = config.EMBEDDED_POSTGRES_PORT;
  return startEmbeddedPostgres({ dataDir: config.DATA_DIR, logger, ...(port !== undefined && { port }) });
}

/** The event store as the program uses it: every event it appends is chained to the one before it. */
export async function openEventStore(
  config: Config,
  databaseUrl: string,
  logger: Logger,
): Promise<EventStore> {
  return createChainedEventStore(await openRawEventStore(config, databaseUrl, logger));
}

/** EventStoreDB when EVENTSTORE_URL is set, else the schema `es` of the database. Events come as they are stored: for audits. */
export async function openRawEventStore(
  config: Config,
  databaseUrl: string,
  logger: Logger,
  verify?: VerifyStore,
): Promise<EventStore> {
  const verifying = verify && { verify };
  if (config.EVENTSTORE_URL === undefined) {
    return createPostgresEventStore({ connection: databaseUrl, logger, ...verifying });
  }
  // Loaded on demand: the client and gRPC cost start time and memory, and most installations do not use them.
  const { createEventStoreDb } = await import('../../adapters/eventstoredb/index.ts');
  return createEventStoreDb({
    connectionString: config.EVENTSTORE_URL,
    allowInsecure: config.EVENTSTORE_ALLOW_INSECURE,
    logger,
    ...verifying,
  });
}

/** For scripts that open less than all stores, and do not migrate. @throws ChangedKeys, UnfinishedRestore */
export async function assertMayOpen(config: Config, databaseUrl: string, logger: Logger): Promise<void> {
  const postgres = createPostgres({ url: databaseUrl, logger, poolSize: 1 });
  try {
    await assertNoUnfinishedRestore((statement) => postgres.writes.query(statement));
    await assertSameKeys(postgres.writes, secretsFor(config));
  } finally {
    await postgres.close();
  }
}

/** For scripts that open the event store alone. @throws StoreChanged */
export async function assertRightStore(databaseUrl: string, store: StoreLook, logger: Logger): Promise<void> {
  const postgres = createPostgres({ url: databaseUrl, logger, poolSize: 1 });
  try {
    const verdict = await verdictOf(postgres.writes, store);
    if (verdict.kind === 'changed') throw new StoreChanged(verdict.expected, verdict.found);
  } finally {
    await postgres.close();
  }
}

/** An installation of before, or on a Postgres with one role only, works on; but whoever runs it should know. */
async function warnOfChanges({ writes }: Postgres, logger: Logger): Promise<void> {
  const ways = await waysToChangeEvents(writes);
  if (ways.length > 0)
    logger.warn(
      { ways },
      "the program's role could change events: give them an owner of their own (docs/database.md, Roles)",
    );
}

/** @throws errors whose message says what to do: StartError, MigrationError, EmbeddedPostgresError, ... */
export async function openStores(
  config: Config,
  logger: Logger,
  {
    duringRestore = false,
    guarded = !duringRestore,
  }: {
    readonly duringRestore?: boolean;
    /** False: for tools that bring the right store back, whichever there is. */
    readonly guarded?: boolean;
  } = {},
): Promise<Stores> {
  // Before the database: in an empty folder both are made, and secrets that are missing next to a database are refused.
  const secrets = secretsFor(config);
  const database = await openDatabase(config, logger);
  const closing: (() => Promise<void>)[] = [() => database.stop()];
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    await assertOwnSessions(database.url, { allowSuperuser: config.ALLOW_SUPERUSER })
      .then(() => migrate(database.url, { logger, duringRestore, ownerUrl: database.ownerUrl }))
      .catch((cause: unknown) => {
        throw config.DATABASE_URL === undefined ? cause : cannotOpenDatabase(cause);
      });
    const postgres = createPostgres({ url: database.url, logger, poolSize: config.DATABASE_POOL_SIZE });
    closing.push(() => postgres.close());
    await postgres.assertRoles();
    if (config.EVENTSTORE_URL === undefined) await warnOfChanges(postgres, logger);
    const clockProblem = createClockCheck(postgres.writes, systemClock);
    await assertClock(clockProblem);
    await assertSameKeys(postgres.writes, secrets);
    const keys = createKeyRing(postgres.writes, secrets.MASTER_KEY);
    await keys.check();
    const erased = createErasureLedger(join(config.DATA_DIR, 'erased.jsonl'));
    const guard = createStoreGuard({ database: postgres.writes, logger });
    const stored = await openRawEventStore(config, database.url, logger, guarded ? guard.verify : undefined);
    // Encrypted first, then chained: the chain stays valid after a customer is erased.
    const readable = createEncryptedEventStore(createChainedEventStore(stored), keys, erased);
    const memory = createStreamMemory(postgres.writes, stored, logger);
    const unguarded = createWholeStreams(readable, memory);
    closing.push(() => unguarded.close());
    closing.push(() => guard.close());
    if (guarded) guard.start(stored);
    if (!duringRestore)
      await assertNotLeftBehind(postgres.writes, unguarded, config.EVENTSTORE_URL === undefined);
    await noteKeys(postgres.writes, secrets, () =>
      blindIndexFits(unguarded, createBlindIndex(secrets.BLIND_INDEX_KEY)),
    );
    const events = guarded ? createGuardedStore(unguarded, guard) : unguarded;
    const opened = { events, stored, guard, notWhole: () => lookAgain(postgres.writes, stored, memory) };
    return { databaseUrl: database.url, postgres, ...opened, keys, erased, clockProblem, close };
  } catch (error) {
    await close();
    throw error;
  }
}
