/**
 * `npm run events:copy -- --from ADDRESS --to ADDRESS`: moves this installation between the Postgres event store and
 * EventStoreDB (docs/deployment.md#moving-to-another-event-store).
 */
import { parseArgs } from 'node:util';
import { decode } from '../src/domain/codec.ts';
import { createBulk } from '../src/adapters/postgres/bulk.ts';
import { audit } from '../src/adapters/hash-chain/audit.ts';
import type { Config } from '../src/config.ts';
import { FULL_SPEED } from '../src/engine/projections/rebuild/pace.ts';
import { rebuildViews, type RebuildParts } from '../src/engine/projections/rebuild/rebuild.ts';
import { verifyViews } from '../src/engine/projections/rebuild/verify.ts';
import { openRawEventStore, openStores, type Stores } from '../src/main/wiring/stores.ts';
import type { EventStore, Logger } from '../src/ports.ts';
import { createViews } from '../src/projections/views.ts';
import { holdLeases } from './backup/accept.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { CannotCopy, compareEvents, copyEvents } from './events/copy.ts';
import { rememberedPositions, switchStore } from './events/switch-store.ts';
import { progressLine, verdictLines } from './projections/format.ts';

const POSTGRES = 'postgres';
const USAGE = `usage: npm run events:copy -- --from <address> --to <address>
  <address>   postgres: the database of this installation; esdb://...: an EventStoreDB;
              env:NAME: the address that the environment variable NAME holds, so that a password is in no list of processes
Stop the program first. Run again after an interruption, it goes on where it was.`;

const SHOW_EVERY_MS = 2_000;

function addressOf(value: string | undefined): string {
  const address = value?.startsWith('env:') === true ? process.env[value.slice('env:'.length)] : value;
  if (address !== POSTGRES && address?.startsWith('esdb') !== true) throw new Error(USAGE);
  return address;
}

/** The configuration of this installation, as it would be with its events at `address`. */
const configAt = (config: Config, address: string): Config => ({
  ...config,
  EVENTSTORE_URL: address === POSTGRES ? undefined : address,
});

function shown(what: string): (events: number) => void {
  let shownAt = performance.now();
  return (events) => {
    if (performance.now() - shownAt < SHOW_EVERY_MS) return;
    shownAt = performance.now();
    console.error(`${String(events)} events ${what}`);
  };
}

interface Move {
  readonly from: EventStore;
  readonly to: EventStore;
  readonly stores: Stores;
  readonly signal: AbortSignal;
}

/** Copies, proves the copy, and lets the jobs of this installation go on with it. */
async function move({ from, to, stores, signal }: Move): Promise<void> {
  const { writes } = stores.postgres;
  const [fromId, toId] = [await from.storeId(), await to.storeId()];
  if (fromId === toId) throw new CannotCopy('Both addresses are the same event store.');
  const end = await from.head();
  const remembered = await rememberedPositions(writes, fromId);
  const { found, copied, countsByType, positions } = await copyEvents({
    from,
    to,
    signal,
    positions: remembered,
    onProgress: shown('copied'),
  });
  console.log(`${String(copied)} events copied, ${String(found)} were there already.`);
  const same = await compareEvents({ from, to, signal, onProgress: shown('compared') });
  if ((await from.head()) !== end)
    throw new CannotCopy('The source got more events meanwhile: stop the program, then run this again.');
  console.log(`${String(same)} events are the same in both stores:`);
  for (const [type, count] of [...countsByType].sort())
    console.log(`  ${String(count).padStart(9)}  ${type}`);
  const { broken, streams, seal } = await audit(to, { signal, onProgress: shown('looked at') });
  if (broken.length > 0)
    throw new CannotCopy(
      `${String(broken.length)} streams have a broken chain, in both stores: npm run audit:verify names them.`,
    );
  console.log(`The hash chains of ${String(streams)} streams are whole in the copy, digest ${seal.digest}`);
  const jobs = await writes.transaction((on) => switchStore(on, { fromId, toId, positions }));
  if (jobs.length > 0) console.log(`Jobs that go on with the copy: ${jobs.join(', ')}.`);
}

/** @throws Error a row differs from what the events of the copy say */
async function rebuildAndVerify(config: Config, logger: Logger, signal: AbortSignal): Promise<void> {
  const stores = await openStores(config, logger);
  try {
    const parts: RebuildParts = {
      store: stores.events,
      write: stores.postgres.writes,
      bulk: createBulk({ url: stores.databaseUrl, logger }),
      decode,
      pace: FULL_SPEED,
      onProgress: progressLine(process.stderr),
      signal,
    };
    const views = createViews(config.BUSINESS_TIMEZONE);
    await rebuildViews(parts, views);
    const verdicts = await verifyViews(parts, views);
    console.log(verdictLines(verdicts, false));
    if (verdicts.some(({ differences }) => differences.length > 0))
      throw new Error('The views differ from the events of the copy: npm run projections -- rebuild all');
  } finally {
    await stores.close();
  }
}

async function main(): Promise<void> {
  const { from, to } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } }).values;
  const [source, target] = [addressOf(from), addressOf(to)];
  if (source === target) throw new CannotCopy('Both addresses are the same event store.');
  const { config, logger } = readSettings();
  const stopping = new AbortController();
  process.once('SIGINT', () => {
    stopping.abort(new Error('interrupted: run it again, it goes on where it was'));
  });
  const { signal } = stopping;
  const stores = await openStores(configAt(config, source), logger);
  const closing: EventStore[] = [];
  try {
    const open = async (address: string): Promise<EventStore> => {
      const store = await openRawEventStore(configAt(config, address), stores.databaseUrl, logger);
      closing.push(store);
      return store;
    };
    const parts = { from: await open(source), to: await open(target), stores, signal };
    await holdLeases(stores.databaseUrl, async () => {
      await move(parts);
      await rebuildAndVerify(configAt(config, target), logger, signal);
    });
  } finally {
    for (const store of closing) await store.close();
    await stores.close();
  }
  console.log(
    target === POSTGRES
      ? 'Remove EVENTSTORE_URL from the settings, then start the program.'
      : 'Set EVENTSTORE_URL to the new address, then start the program. Keep the old store until you have made a backup.',
  );
}

await runCommand(main);
