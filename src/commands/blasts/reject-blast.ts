/** A blast is refused before it is sent, with a reason for its creator (docs/design/api.md#blast). */
import { z } from 'zod';
import type { Blast, BlastEvent } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandContext } from '../context.ts';
import { type BlastDependencies, executeOnBlast, requireVisibleBlast } from './blast-access.ts';

export const input = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type RejectBlastInput = z.infer<typeof input>;

/** @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_PENDING */
export function decideRejectBlast(state: Blast, caller: Caller, reason: string): BlastEvent[] {
  const { status, facts } = requireVisibleBlast(state, caller);
  if (status !== 'pending') throw new Refusal('BLAST_NOT_PENDING');
  return [{ type: 'BlastRejected', data: { blastId: facts.blastId, creatorId: facts.creatorId, reason } }];
}

export const rejectBlast =
  (deps: BlastDependencies) =>
  async (ctx: CommandContext, blastId: string, { reason }: RejectBlastInput) => {
    const { at, position } = await executeOnBlast(deps, ctx, blastId, (state) =>
      decideRejectBlast(state, ctx.caller, reason),
    );
    return { rejected_at: at, position };
  };
