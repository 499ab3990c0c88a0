/** Wires the seals: the job that makes one each hour, and what scripts verify them with (docs/design/reliability.md#seals). */
import { createSealer, type Sealer } from '../../adapters/seals/make-seal.ts';
import { createSealPush, type SealPush } from '../../adapters/seals/push-seals.ts';
import { createSealFolder, sealsIn } from '../../adapters/seals/seal-folder.ts';
import { createSealKey, publicKeysOf, type PublicKeys, type SealKey } from '../../adapters/seals/seal-key.ts';
import { sealKeyOf } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import type { Clock, Logger } from '../../ports.ts';
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

/** At every full hour; a missed one is made at the next start. A push that fails does not make it fail. */
export const sealJob = ({ sealer, push }: Seals, log: Logger): ScheduledJob => ({
  name: SEAL_JOB,
  cron: '0 * * * *',
  timezone: 'Etc/UTC',
  kind: 'check',
  async run(_due, signal) {
    try {
      for (const { number, events, entries } of await sealer.seal(signal))
        log.info({ seal: number, events, entries }, 'the history was sealed');
      await push?.push(signal);
    } catch (error) {
      // At a stop it is not finished, and is done again by the next process.
      if (!signal.aborted) throw error;
    }
  },
});
