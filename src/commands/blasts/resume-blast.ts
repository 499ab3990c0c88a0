/** A paused blast goes on (docs/design/api.md#blast). */
import type { Blast, BlastEvent } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandContext } from '../context.ts';
import { type BlastDependencies, executeOnBlast, requireVisibleBlast } from './blast-access.ts';

/**
 * Allowed to the person who paused it and to those who may approve: a creator does not overrule a lead, nor a channel
 * that refused.
 * @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_PAUSED
 */
export function decideResumeBlast(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts, pausedBy } = requireVisibleBlast(state, caller);
  const allowed = pausedBy === caller.id || caller.privileges.has('blast_approve');
  if (status !== 'paused' || !allowed) throw new Refusal('BLAST_NOT_PAUSED');
  return [{ type: 'BlastResumed', data: { blastId: facts.blastId } }];
}

export const resumeBlast = (deps: BlastDependencies) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await executeOnBlast(deps, ctx, blastId, (state) =>
    decideResumeBlast(state, ctx.caller),
  );
  return { resumed_at: at, position };
};
