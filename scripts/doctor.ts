/**
 * `npm run doctor [-- --json]`: checks everything the product depends on and says what to do. Exit code 0: all is
 * well (or there are warnings), 1: there is a problem. Works with and without the running program; changes nothing.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '../src/adapters/logger.ts';
import { createKeyRing } from '../src/adapters/personal-data/keys.ts';
import { createPostgres } from '../src/adapters/postgres/index.ts';
import { assertSameKeys } from '../src/adapters/security/key-fingerprints.ts';
import { secretsFor } from '../src/adapters/security/secrets.ts';
import { createWebhookInbox } from '../src/adapters/operational/webhook-inbox.ts';
import type { Config } from '../src/config.ts';
import { openDatabase, openEventStore } from '../src/main/wiring/stores.ts';
import * as database from './doctor/database.ts';
import { awayFinding, eventStoreDb } from './doctor/event-store.ts';
import { type Finding, ok, problem, reasonOf, warning } from './doctor/finding.ts';
import * as machine from './doctor/machine.ts';
import { seals } from './doctor/seals.ts';
import * as work from './doctor/work.ts';

const logger = createLogger({ level: 'silent' });

/** What one look found; a look that fails is a finding, too. */
async function look(
  check: string,
  at: () => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const found = await at();
    return 'check' in found ? [found] : found;
  } catch (error) {
    return [
      problem(
        check,
        `It could not be looked at (${reasonOf(error)}).`,
        'Correct the problems above first, then run this again.',
      ),
    ];
  }
}

async function withStores(config: Config, url: string, programRuns: boolean): Promise<readonly Finding[]> {
  const client = await database.connect(url);
  if ('check' in client) return [client];
  const found: Finding[] = [ok('database', 'answers')];
  try {
    found.push(...(await look('restore', () => database.restore(client))));
    const schema = await database.schema(client);
    found.push(schema);
    if (schema.level === 'problem') return found;
    // Where the events are elsewhere, this database may be rebuilt from them.
    if (config.EVENTSTORE_URL === undefined)
      found.push(...(await look('durability', () => database.durable(client))));
    found.push(...(await look('writable', () => database.writable(client))));
    found.push(...(await look('clocks', () => database.clocks(client))));
  } finally {
    await client.end().catch(() => undefined); // it may be gone already; a finding says so
  }
  const postgres = createPostgres({ url, logger, poolSize: 2 });
  const inbox = createWebhookInbox({ url, logger, pubSub: { publish: () => undefined } });
  try {
    found.push(...(await look('row security', () => database.roles(postgres))));
    if (config.EVENTSTORE_URL === undefined)
      found.push(...(await look('history', () => database.history(postgres.writes))));
    found.push(...(await look('keys', () => keys(config, postgres.writes))));
    found.push(...(await look('leases', () => database.leases(postgres.writes, programRuns))));
    found.push(...(await look('webhooks', () => work.webhooks(inbox))));
    found.push(...(await eventStore(config, url, postgres.writes)));
  } finally {
    await inbox.close();
    await postgres.close();
  }
  return found;
}

async function keys(
  config: Config,
  writes: Parameters<typeof createKeyRing>[0],
): Promise<readonly Finding[]> {
  // Asked for, a secret that is missing would be made.
  if (machine.secrets(config).some(({ says }) => !says.startsWith('in ') && !says.startsWith('all ')))
    return [];
  try {
    await assertSameKeys(writes, secretsFor(config));
    await createKeyRing(writes, secretsFor(config).MASTER_KEY).check();
    return [ok('keys', 'they are those of the data, and MASTER_KEY opens the keys of customers')];
  } catch (error) {
    return [
      problem(
        'keys',
        error instanceof Error ? error.message : 'MASTER_KEY does not fit.',
        'Put the keys of this installation back.',
      ),
    ];
  }
}

async function eventStore(
  config: Config,
  url: string,
  writes: Parameters<typeof work.jobs>[1],
): Promise<readonly Finding[]> {
  const { findings, usable } = await eventStoreDb(config, logger);
  const found = [...findings];
  if (!usable) return found;
  try {
    const store = await openEventStore(config, url, logger);
    try {
      const head = await store.head();
      found.unshift(ok('event store', `answers; its last event is at ${head === '' ? 'the start' : head}`));
      const identity = await look('right store', () => work.rightStore(store, writes));
      found.push(...identity);
      if (identity.some(({ level }) => level === 'problem')) return found;
      found.push(...(await look('views', () => work.views(store, writes))));
      found.push(...(await look('streams', () => work.streams(store, writes))));
      found.push(...(await look('rebuilds', () => work.rebuilds(writes))));
      found.push(...(await look('erasures at providers', () => work.providerErasures(writes))));
      found.push(...(await look('seals', () => seals(config, store))));
      return [...found, ...(await look('jobs', () => work.jobs(store, writes)))];
    } finally {
      await store.close();
    }
  } catch (error) {
    return [...found, awayFinding(error)];
  }
}

async function examine(): Promise<readonly Finding[]> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const found: Finding[] = [machine.nodeVersion()];
  const { config, findings } = machine.configuration();
  found.push(...findings);
  if (config === null) return found;
  found.push(
    ...machine.secrets(config),
    machine.disk('disk DATA_DIR', config.DATA_DIR),
    machine.disk('disk FILES_DIR', config.FILES_DIR),
  );
  const program = await look('program', () => machine.program(config));
  found.push(
    ...program,
    ...(await look('redis', () => work.redis(config.REDIS_URL))),
    ...(await look('scanner', () => work.scanner(config.CLAMD_ADDRESS))),
  );
  const embedded = config.DATABASE_URL === undefined;
  const begun = ['postgres/data/PG_VERSION', 'postgres.location'].some((name) =>
    existsSync(join(config.DATA_DIR, name)),
  );
  if (embedded && !begun)
    return [...found, warning('database', `${config.DATA_DIR} has no database yet.`, 'npm start makes it.')];
  const opened = await openDatabase(config, logger).catch((error: unknown) =>
    problem(
      'database',
      error instanceof Error ? error.message : 'Postgres did not start.',
      'What it says; its log is DATA_DIR/postgres/server.log.',
    ),
  );
  if ('check' in opened) return [...found, opened];
  try {
    const runs = program.some(({ level }) => level !== 'warning');
    return [...found, ...(await withStores(config, opened.url, runs))];
  } finally {
    await opened.stop();
  }
}

const SIGN = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const;

const found = await examine();
const healthy = found.every(({ level }) => level !== 'problem');
if (process.argv.includes('--json')) console.log(JSON.stringify({ ok: healthy, findings: found }, null, 2));
else
  for (const { check, level, says, todo } of found)
    console.log(`${SIGN[level]}  ${check}: ${says}${todo === null ? '' : `\n         -> ${todo}`}`);
process.exitCode = healthy ? 0 : 1;
