/**
 * Asks providers to delete what they keep of customers who were erased (docs/erasure.md#at-the-providers): as well as it goes, again and
 * again for a month. The erasure itself never waits for it.
 */
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type {
  Clock,
  Leases,
  Logger,
  ProviderEraser,
  ProviderErasure,
  ProviderErasures,
} from '../../ports.ts';

export interface ProviderErasuresDeps {
  readonly erasures: Omit<ProviderErasures, 'add'>;
  /** Null: this line's provider cannot be asked, as it is no longer configured. */
  readonly eraserOf: (channel: string, line: string) => ProviderEraser | null;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between two looks, in milliseconds. */
  readonly everyMs?: number;
}

const JOB = 'provider-erasures';
const LOOK_MS = 5_000;
const AT_ONCE = 20;
/** Each attempt waits twice as long as the one before. Seconds. */
const WAIT = { first: 60, most: 6 * 3_600 } as const;
/** What is not gone by then, a person has to see to. */
const LONGEST_MS = 30 * 24 * 3_600_000;

/** Holds the lease `provider-erasures`. */
export const createProviderErasuresJob = (deps: ProviderErasuresDeps): Job =>
  runWhileLeader(deps.leases, JOB, async (signal) => {
    while (!signal.aborted) {
      try {
        for (const one of await deps.erasures.due(AT_ONCE)) {
          if (signal.aborted) return;
          await eraseAt(deps, one, signal);
        }
      } catch (err) {
        deps.log.warn({ err, job: JOB }, 'erasures at providers wait, trying again');
      }
      await sleep(deps.everyMs ?? LOOK_MS, signal);
    }
  });

/** @throws StoreUnavailable */
async function eraseAt(
  { erasures, eraserOf, clock, log }: ProviderErasuresDeps,
  erasure: ProviderErasure,
  signal: AbortSignal,
): Promise<void> {
  const { customerId, channel, line, targets, attempts, createdAt } = erasure;
  const eraser = eraserOf(channel, line);
  const left: string[] = [];
  let code = 'not_configured';
  for (const target of targets) {
    const outcome = await eraser?.erase(target, line, signal);
    if (outcome?.kind === 'gone') continue;
    if (outcome !== undefined) ({ code } = outcome);
    left.push(target);
  }
  if (signal.aborted && left.length > 0) return;
  const about = { job: JOB, customerId, channel, line };
  if (left.length === 0) {
    await erasures.end(erasure, 'done', 0);
    log.info({ ...about, count: targets.length }, 'a provider deleted what it had of an erased customer');
    return;
  }
  if (clock.now().getTime() - Date.parse(createdAt) > LONGEST_MS) {
    await erasures.end(erasure, 'given_up', left.length);
    log.error(
      { ...about, code, count: left.length },
      'a provider did not delete what it has of an erased customer: delete it there by hand',
    );
    return;
  }
  await erasures.later(erasure, left, code, Math.min(WAIT.first * 2 ** attempts, WAIT.most));
  log.warn({ ...about, code, count: left.length }, 'a provider did not delete everything yet, trying again');
}
