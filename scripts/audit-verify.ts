/**
 * `npm run audit:verify [-- --json] [--stream NAME] [--seals FOLDER] [--seal FILE] [--against FILE]`: walks the hash chains of
 * all streams, holds them against the seals, and names the first broken link of each. Ends with 1 when anything is broken, with
 * 2 when it could not look (docs/audit.md).
 */
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../src/adapters/clock.ts';
import { audit, auditStream, type AuditReport, type Broken } from '../src/adapters/hash-chain/audit.ts';
import { readSeal, writeSeal } from '../src/adapters/hash-chain/seal.ts';
import { createSchedule } from '../src/adapters/operational/schedule.ts';
import { createStreamMemory, listNotWhole } from '../src/engine/commands/streams-not-whole.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { whyNotWhole } from '../src/engine/commands/whole-stream.ts';
import { counterOf } from '../src/adapters/postgres-event-store/rows.ts';
import { createPostgres } from '../src/adapters/postgres/index.ts';
import { checkSeals, type SealCheck, type SealReport } from '../src/adapters/seals/check-seals.ts';
import { checkStreamSeal } from '../src/adapters/seals/check-stream.ts';
import { createSealFolder, type SealFolder, sealsIn } from '../src/adapters/seals/seal-folder.ts';
import type { PublicKeys } from '../src/adapters/seals/seal-key.ts';
import type { Config } from '../src/config.ts';
import { SEAL_JOB, sealKeysOf } from '../src/main/wiring/seals.ts';
import type { EventStore, Schedule } from '../src/ports.ts';
import { assertMayOpen, openDatabase, openRawEventStore } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

const SHOW_EVERY_MS = 2_000;

/** Of a stream that its own chain shows as broken the seals say nothing more. */
function together(report: AuditReport, seals: SealReport | null): readonly Broken[] {
  const named = new Set(report.broken.map(({ stream }) => stream));
  const more = seals?.broken.filter(({ stream }) => stream === null || !named.has(stream)) ?? [];
  return [...report.broken, ...more];
}

function print(report: AuditReport, seals: SealReport | null, json: boolean): void {
  const { storeId, events, streams, unhashed, seal } = report;
  const broken = together(report, seals);
  if (json) {
    const counts = { storeId, events, streams, unhashed, digest: seal.digest };
    console.log(
      JSON.stringify({ ...counts, seals: seals && { ...seals, broken: undefined }, broken }, null, 2),
    );
    return;
  }
  for (const { stream, revision, eventId, problem } of broken) {
    const where = stream === null ? 'the store' : revision === null ? stream : `${stream}@${revision}`;
    console.log(`BROKEN  ${where}${eventId === null ? '' : `  (event ${eventId})`}: ${problem}`);
  }
  console.log(`${String(events)} events in ${String(streams)} streams, ${String(broken.length)} broken`);
  if (unhashed > 0) {
    console.log(`${String(unhashed)} events are older than the hashes: only a seal can vouch for them`);
  }
  if (seals) printSeals(seals);
  console.log(`digest ${seal.digest}`);
}

function printSeals({ seals, newest, explained, unsealed }: SealReport): void {
  for (const { seal, at, because, givenUp } of explained)
    console.log(
      `seal ${String(seal)} (${at}) says: ${because}${givenUp.length === 0 ? '' : `. Of the state before: seals ${givenUp.join(', ')}`}`,
    );
  console.log(
    newest === null
      ? 'no seals: nothing shows a history that was cut off or rewritten with its hashes'
      : `seals: ${String(seals)}, the newest is seal ${String(newest.number)} of ${newest.at} by key ${newest.keyId}; events after it: ${String(unsealed)}`,
  );
}

/** Prints a line on stderr now and then: a long check must not look like a stuck one. */
function progress(): (events: number) => void {
  let shownAt = performance.now();
  return (events) => {
    if (performance.now() - shownAt < SHOW_EVERY_MS) return;
    shownAt = performance.now();
    console.error(`${String(events)} events looked at`);
  };
}

/** @throws Error there are seals, and no key to verify them with */
async function sealCheckOf(
  config: Config,
  other: string | undefined,
  store: EventStore,
  schedule: Pick<Schedule, 'last'>,
): Promise<SealCheck> {
  const folder = createSealFolder(other ?? sealsIn(config.FILES_DIR));
  const { publicKeys } = sealKeysOf(config);
  await assertKeys(folder, publicKeys);
  // Copies elsewhere may be behind.
  const last = other === undefined ? await schedule.last(SEAL_JOB) : null;
  return checkSeals({ folder, publicKeys, store, lastSealing: last?.finished ? last.due : null });
}

/** @throws Error there are seals, and no key to verify them with */
async function streamSealOf(config: Config, store: EventStore, stream: string): Promise<Broken | null> {
  const folder = createSealFolder(sealsIn(config.FILES_DIR));
  const { publicKeys } = sealKeysOf(config);
  await assertKeys(folder, publicKeys);
  return checkStreamSeal({ folder, publicKeys, store }, stream);
}

async function assertKeys(folder: SealFolder, publicKeys: PublicKeys): Promise<void> {
  if (publicKeys.size === 0 && (await folder.numbers()).length > 0)
    throw new Error(
      'There are seals, and neither SEAL_KEY nor SEAL_PUBLIC_KEYS is set: they cannot be verified.',
    );
}

/** What commands found: an emptied stream of Postgres leaves nothing behind that names it. */
async function withRecorded(
  broken: readonly Broken[],
  store: EventStore,
  writes: Parameters<typeof listNotWhole>[0],
): Promise<readonly Broken[]> {
  const memory = createStreamMemory(writes, store, createLogger({ level: 'silent' }));
  const named = new Set(broken.map(({ stream }) => stream));
  const more: Broken[] = [];
  for (const { stream } of await listNotWhole(writes)) {
    const problem = named.has(stream) ? null : await whyNotWhole(store, memory, stream);
    if (problem !== null) more.push({ stream, revision: null, eventId: null, problem });
  }
  return [...broken, ...more];
}

async function main(): Promise<void> {
  const { json, stream, seal, against, seals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      stream: { type: 'string' },
      seal: { type: 'string' },
      against: { type: 'string' },
      seals: { type: 'string' },
    },
  }).values;
  if (stream !== undefined && [seal, against, seals].some((one) => one !== undefined)) {
    throw new Error('A seal is about the whole store: leave out --stream.');
  }
  const kept = against === undefined ? undefined : await readSeal(against);
  const { config, logger } = readSettings();
  const stopping = new AbortController();
  process.once('SIGINT', () => {
    stopping.abort(new Error('interrupted'));
  });
  const database = await openDatabase(config, logger);
  try {
    await assertMayOpen(config, database.url, logger);
    const store = await openRawEventStore(config, database.url, logger);
    const postgres = createPostgres({ url: database.url, logger, poolSize: 1 });
    try {
      if (stream !== undefined) {
        const found = await auditStream(store, stream);
        const sealed = found.broken.length > 0 ? null : await streamSealOf(config, store, stream);
        const report = sealed === null ? found : { ...found, broken: [sealed] };
        print(report, null, json);
        if (report.broken.length > 0) process.exitCode = 1;
        return;
      }
      const check = await sealCheckOf(config, seals, store, createSchedule(postgres.writes));
      const walked = await audit(store, {
        signal: stopping.signal,
        onProgress: progress(),
        watch: check.watch,
        ...(kept && { against: kept }),
        ...(config.EVENTSTORE_URL === undefined && { numberOf: counterOf }),
      });
      const sealed = await check.finish();
      const report = { ...walked, broken: await withRecorded(walked.broken, store, postgres.writes) };
      print(report, sealed, json);
      if (seal !== undefined) await writeSeal(seal, report.seal, clock.now());
      if (together(report, sealed).length > 0) process.exitCode = 1;
    } finally {
      await postgres.close();
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

// 1 says that something is broken.
await runCommand(main, () => ({ code: 2 }));
