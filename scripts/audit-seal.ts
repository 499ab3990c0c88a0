/**
 * `npm run audit:seal [-- --accept REASON | --public-key]`: seals the history now, as the program does each hour
 * (docs/audit.md). `--accept`: also where the store differs from the seals, and says why. `--public-key`: prints the key that
 * an auditor verifies with.
 */
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../src/adapters/clock.ts';
import { sealKeysOf, sealsOf } from '../src/main/wiring/seals.ts';
import { assertMayOpen, openDatabase, openRawEventStore } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { values } = parseArgs({
    options: { accept: { type: 'string' }, 'public-key': { type: 'boolean', default: false } },
  });
  const because = values.accept?.trim();
  if (because === '') throw new Error('--accept needs a reason: it is kept in the seal for ever.');
  const { config, logger } = readSettings();
  const { key } = sealKeysOf(config);
  if (key === null)
    throw new Error('SEAL_KEY is not set: make one with openssl rand -hex 32 (docs/audit.md).');
  if (values['public-key']) {
    console.log(key.publicKey);
    return;
  }
  const stopping = new AbortController();
  process.once('SIGINT', () => {
    stopping.abort(new Error('interrupted'));
  });
  const database = await openDatabase(config, logger);
  try {
    await assertMayOpen(config, database.url, logger);
    const stored = await openRawEventStore(config, database.url, logger);
    try {
      const observer = { pushFailed: () => undefined };
      const seals = sealsOf({ config, stores: { stored }, clock, log: logger, observer });
      if (seals === null) return;
      const { sealer, push } = seals;
      const made = await (because === undefined
        ? sealer.seal(stopping.signal)
        : sealer.accept(because, stopping.signal));
      for (const { number, at, hash, events, entries } of made)
        console.log(
          `Seal ${String(number)} of ${at}: ${String(events)} events, ${String(entries)} entries, hash ${hash}`,
        );
      const left = (await push?.push(stopping.signal)) ?? 0;
      if (left > 0) console.log(`${String(left)} seals could not be pushed: the next one tries again.`);
    } finally {
      await stored.close();
    }
  } finally {
    await database.stop();
  }
});
