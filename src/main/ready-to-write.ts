import type { WriteProbe } from '../adapters/operational/write-probe.ts';
import type { ReadinessCheck } from '../http/framework/dependencies.ts';

/** More than a look at views that are behind takes; a store that hangs must not keep the caller. */
const PATIENCE_MS = 3_000;
const WRITES = 'writes';

/**
 * What can be written comes first, with time-outs of its own: who cannot write is not ready, and a store that hangs is not asked
 * anything else (docs/design/reliability.md#ready-means-ready).
 */
export function writableFirst(
  probe: Pick<WriteProbe, 'problem'>,
  rest: () => Promise<readonly ReadinessCheck[]>,
): () => Promise<readonly ReadinessCheck[]> {
  return async () => {
    const problem = await probe.problem();
    if (problem !== null) return [{ name: WRITES, problem: `nothing can be written: ${problem}` }];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly ReadinessCheck[]>((resolve) => {
      timer = setTimeout(() => {
        resolve([{ name: 'stores', problem: `no answer within ${String(PATIENCE_MS)} ms` }]);
      }, PATIENCE_MS);
    });
    try {
      return [{ name: WRITES, problem: null }, ...(await Promise.race([rest(), late]))];
    } finally {
      clearTimeout(timer);
    }
  };
}
