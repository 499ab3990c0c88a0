/** A person stops a blast for a while (docs/design/api.md#blast). */
import type { Blast, BlastEvent } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandContext } from '../context.ts';
import { type BlastDependencies, executeOnBlast, requireVisibleBlast } from './blast-access.ts';

/** @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_SENDING */
export function decidePauseBlast(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = requireVisibleBlast(state, caller);
  if (status !== 'approved' && status !== 'sending') throw new Refusal('BLAST_NOT_SENDING');
  const { blastId } = facts;
  return [{ type: 'BlastPaused', data: { blastId, by: caller.id, reason: null, recipients: [] } }];
}

export const pauseBlast = (deps: BlastDependencies) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await executeOnBlast(deps, ctx, blastId, (state) =>
    decidePauseBlast(state, ctx.caller),
  );
  return { paused_at: at, position };
};
