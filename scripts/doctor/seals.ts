/** The seals of the history: are they made, and does the newest one hold? */
import { systemClock } from '../../src/adapters/clock.ts';
import { checkNewestSeal } from '../../src/adapters/seals/newest-seal.ts';
import { createSealFolder, sealsIn } from '../../src/adapters/seals/seal-folder.ts';
import { sealKeyIfMade } from '../../src/adapters/security/secrets.ts';
import type { Config } from '../../src/config.ts';
import { sealKeysOf } from '../../src/main/wiring/seals.ts';
import type { EventStore } from '../../src/ports.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const OLD_SECONDS = 2 * 3_600;

/** @param store below the encryption of personal fields */
export async function seals(
  config: Config,
  store: Pick<EventStore, 'read' | 'head' | 'storeId'>,
  now: () => Date = systemClock.now,
): Promise<readonly Finding[]> {
  const folder = createSealFolder(sealsIn(config.FILES_DIR));
  const { key, publicKeys } = sealKeysOf(config, sealKeyIfMade(config));
  const found: Finding[] = [];
  if (key === null)
    found.push(
      warning(
        'seal key',
        'SEAL_KEY is not set: the history is not sealed.',
        config.DATABASE_URL === undefined
          ? 'The next npm start makes it.'
          : 'Set it (openssl rand -hex 32), and keep a copy away from the database (docs/audit.md).',
      ),
    );
  if (publicKeys.size === 0) return found;
  const newest = await checkNewestSeal({ folder, publicKeys, store });
  if (newest === null)
    return [
      ...found,
      warning(
        'seals',
        'There is no seal yet.',
        'The program makes one each full hour; npm run audit:seal now.',
      ),
    ];
  const { head, problem: wrong } = newest;
  if (wrong !== null || head === null)
    return [
      ...found,
      problem(
        'seals',
        `The newest seal does not hold: ${wrong ?? 'it cannot be read'}.`,
        'npm run audit:verify says where. After a restore: npm run store:accept (docs/audit.md).',
      ),
    ];
  const age = (now().getTime() - Date.parse(head.at)) / 1000;
  const says = `seal ${String(head.number)} of ${head.at} holds`;
  return [
    ...found,
    age > OLD_SECONDS
      ? warning(
          'seals',
          `The newest one is ${(age / 3_600).toFixed(1)} hours old.`,
          'Is a process with RUN=jobs there, and what does its log say? npm run audit:seal makes one now.',
        )
      : ok('seals', says),
  ];
}
