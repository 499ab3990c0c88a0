/**
 * `npm run audit:verify [-- --json] [--stream NAME] [--seal FILE] [--against FILE]`: walks the hash chains of all
 * streams and names the first broken link of each. Ends with 1 when anything is broken, with 2 when it could not look (docs/audit.md).
 */
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../src/adapters/clock.ts';
import { audit, auditStream, type AuditReport } from '../src/adapters/hash-chain/audit.ts';
import { readSeal, writeSeal } from '../src/adapters/hash-chain/seal.ts';
import { counterOf } from '../src/adapters/postgres-event-store/rows.ts';
import { assertMayOpen, openDatabase, openRawEventStore } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

const SHOW_EVERY_MS = 2_000;

function print({ seal, broken, ...counts }: AuditReport, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ ...counts, digest: seal.digest, broken }, null, 2));
    return;
  }
  for (const { stream, revision, eventId, problem } of broken) {
    const where = stream === null ? 'the store' : `${stream}@${String(revision)}`;
    console.log(`BROKEN  ${where}${eventId === null ? '' : `  (event ${eventId})`}: ${problem}`);
  }
  const { events, streams, unhashed } = counts;
  console.log(`${String(events)} events in ${String(streams)} streams, ${String(broken.length)} broken`);
  if (unhashed > 0) {
    console.log(`${String(unhashed)} events are older than the hashes: only a seal can vouch for them`);
  }
  console.log(`digest ${seal.digest}`);
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

async function main(): Promise<void> {
  const { json, stream, seal, against } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      stream: { type: 'string' },
      seal: { type: 'string' },
      against: { type: 'string' },
    },
  }).values;
  if (stream !== undefined && (seal !== undefined || against !== undefined)) {
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
    try {
      const report =
        stream === undefined
          ? await audit(store, {
              signal: stopping.signal,
              onProgress: progress(),
              ...(kept && { against: kept }),
              ...(config.EVENTSTORE_URL === undefined && { numberOf: counterOf }),
            })
          : await auditStream(store, stream);
      print(report, json);
      if (seal !== undefined) await writeSeal(seal, report.seal, clock.now());
      if (report.broken.length > 0) process.exitCode = 1;
    } finally {
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

// 1 says that something is broken.
await runCommand(main, () => ({ code: 2 }));
