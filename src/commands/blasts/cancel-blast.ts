/** A blast ends before it is done; messages that went out stay (docs/design/api.md#blast). */
import type { Blast, BlastEvent } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandContext } from '../context.ts';
import { type BlastDependencies, executeOnBlast, requireVisibleBlast } from './blast-access.ts';

/** @throws Refusal BLAST_NOT_FOUND, BLAST_OVER */
export function decideCancelBlast(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = requireVisibleBlast(state, caller);
  if (status === 'done' || status === 'rejected' || status === 'cancelled') throw new Refusal('BLAST_OVER');
  return [{ type: 'BlastCancelled', data: { blastId: facts.blastId } }];
}

export const cancelBlast = (deps: BlastDependencies) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await executeOnBlast(deps, ctx, blastId, (state) =>
    decideCancelBlast(state, ctx.caller),
  );
  return { cancelled_at: at, position };
};
