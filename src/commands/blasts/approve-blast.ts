/**
 * A second person approves a blast, and its messages go out (docs/design/api.md#blast;
 * docs/design/business-rules.md#blast-approval).
 */
import { type Blast, type BlastEvent, contentHash } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandContext } from '../context.ts';
import { type BlastDependencies, executeOnBlast, requireVisibleBlast } from './blast-access.ts';

/** @throws Refusal BLAST_NOT_FOUND, BLAST_OWN_APPROVAL, BLAST_NOT_PENDING */
export function decideApproveBlast(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = requireVisibleBlast(state, caller);
  if (status !== 'pending') throw new Refusal('BLAST_NOT_PENDING');
  // Four eyes (docs/design/reliability.md#a15).
  if (facts.creatorId === caller.id) throw new Refusal('BLAST_OWN_APPROVAL');
  const { blastId, creatorId } = facts;
  return [{ type: 'BlastApproved', data: { blastId, creatorId, hash: contentHash(facts) } }];
}

/**
 * Minutes until the last message goes out, in hundredths: recipients x delay
 * (docs/design/business-rules.md#blast-approval).
 * @param delayMs between two messages of one number, in milliseconds
 */
export const estimatedMinutes = (recipients: number, delayMs: number): number =>
  Math.round((recipients * delayMs) / 600) / 100;

export const approveBlast =
  (deps: BlastDependencies & { readonly blastDelayMs: number }) =>
  async (ctx: CommandContext, blastId: string) => {
    const { at, recipients, position } = await executeOnBlast(deps, ctx, blastId, (state) =>
      decideApproveBlast(state, ctx.caller),
    );
    const minutes = estimatedMinutes(recipients, deps.blastDelayMs);
    return { approved_at: at, estimated_send_duration_min: minutes, position };
  };
