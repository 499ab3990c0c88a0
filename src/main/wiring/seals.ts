/** Wires the seals: the job that makes one each hour, and what scripts verify them with (docs/design/reliability.md#seals). */
import { createSealer, type Made, type Sealer } from '../../adapters/seals/make-seal.ts';
import { createSealPush, type SealPush } from '../../adapters/seals/push-seals.ts';
import { createSealFolder, sealsIn } from '../../adapters/seals/seal-folder.ts';
import { createSealKey, publicKeysOf, type PublicKeys, type SealKey } from '../../adapters/seals/seal-key.ts';
import { sealKeyOf } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import type { Clock, Logger, Schedule } from '../../ports.ts';
import type { Stores } from './stores.ts';

/** Name in `ops.schedule`. */
export const SEAL_JOB = 'seal';

/** @returns null as key: SEAL_KEY is not set. The public keys are those that count, its own among them. */
export function sealKeysOf(
  config: Config,
  secret: string | null = sealKeyOf(config),
): {
  readonly key: SealKey | null;
  readonly publicKeys: PublicKeys;
} {
  const key = secret === null ? null : createSealKey(secret);
  return {
    key,
    publicKeys: publicKeysOf([...(config.SEAL_PUBLIC_KEYS ?? []), ...(key ? [key.publicKey] : [])]),
  };
}

export interface Seals {
  readonly sealer: Sealer;
  /** null: there is no SEAL_PUSH_URL. */
  readonly push: SealPush | null;
}

/** @returns null: without SEAL_KEY nothing is sealed */
export function sealsOf({
  config,
  stores,
  clock,
  log,
  observer,
}: {
  readonly config: Config;
  readonly stores: Pick<Stores, 'stored'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly observer: { readonly pushFailed: () => void };
}): Seals | null {
  const { key, publicKeys } = sealKeysOf(config);
  if (key === null) return null;
  const folder = createSealFolder(sealsIn(config.FILES_DIR));
  const url = config.SEAL_PUSH_URL;
  return {
    sealer: createSealer({ store: stores.stored, folder, key, publicKeys, clock }),
    push: url === undefined ? null : createSealPush({ folder, url, log, failed: observer.pushFailed }),
  };
}

async function put({ push }: Seals, made: readonly Made[], log: Logger, signal: AbortSignal): Promise<void> {
  for (const { number, events, entries } of made)
    log.info({ seal: number, events, entries }, 'the history was sealed');
  await push?.push(signal);
}

/**
 * The first seal, within a minute of the first event: an installation would be without one for up to an hour. Only until the
 * hourly job ran once: seals that are gone after that are not made again as if nothing had been.
 */
export const firstSealJob = (seals: Seals, schedule: Pick<Schedule, 'last'>, log: Logger): ScheduledJob => ({
  name: 'first-seal',
  cron: '* * * * *',
  timezone: 'Etc/UTC',
  kind: 'check',
  async run(_due, signal) {
    try {
      if ((await schedule.last(SEAL_JOB)) !== null) return;
      const made = await seals.sealer.sealFirst(signal);
      if (made.length > 0) await put(seals, made, log, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
});

/** At every full hour; a missed one is made at the next start. A push that fails does not make it fail. */
export const sealJob = (seals: Seals, log: Logger): ScheduledJob => ({
  name: SEAL_JOB,
  cron: '0 * * * *',
  timezone: 'Etc/UTC',
  kind: 'check',
  async run(_due, signal) {
    try {
      await put(seals, await seals.sealer.seal(signal), log, signal);
    } catch (error) {
      // At a stop it is not finished, and is done again by the next process.
      if (!signal.aborted) throw error;
    }
  },
});
