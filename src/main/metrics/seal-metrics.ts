/** Prometheus metrics of seals. The folder is read at each scrape, so the age is true also while nothing seals. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { createSealAge } from '../../adapters/seals/seal-age.ts';
import { createSealFolder, sealsIn } from '../../adapters/seals/seal-folder.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../ports.ts';

export function createSealMetrics(
  registry: Registry,
  config: Config,
  clock: Clock,
): { readonly pushFailed: () => void } {
  const age = createSealAge(createSealFolder(sealsIn(config.FILES_DIR)), clock);
  const registers = [registry];
  const failures = new Counter({
    name: 'saga_audit_seal_push_failures_total',
    help: 'Tries to push a seal that the other side did not take',
    registers,
  });
  // A process without jobs seals nothing, and may have another FILES_DIR.
  if (config.RUN.has('jobs'))
    new Gauge({
      name: 'saga_audit_seal_age_seconds',
      help: 'Age of the newest seal; while there is none, how long this process runs; NaN: it cannot be read',
      registers,
      async collect() {
        // The other numbers come all the same.
        this.set(await age().catch(() => Number.NaN));
      },
    });
  return {
    pushFailed: () => {
      failures.inc();
    },
  };
}
