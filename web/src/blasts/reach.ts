/** How many a filter reaches, before there is a message. */
import { countBy } from '../lib/collections.ts';
import type { BlastPreview } from './queries.ts';

/** Whatever is written in the end, these get none. */
const NEVER = ['never_wrote', 'same_customer', 'opted_out'] as const;

/** @returns `left`: who is left out in any case, and why */
export function reachedOf({ total, skipped }: Pick<BlastPreview, 'total' | 'skipped'>) {
  const reasons = countBy(skipped, ({ reason }) => reason);
  const left = NEVER.flatMap((reason) => {
    const count = reasons.get(reason) ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  });
  return { reached: total - left.reduce((sum, { count }) => sum + count, 0), left };
}
