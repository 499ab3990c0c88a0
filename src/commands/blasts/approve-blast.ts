/** What people decide about a blast: approve, reject, pause, resume, cancel (contract.md 8; domain.md, 'Blast'). */
import { z } from 'zod';
import {
  blast,
  type Blast,
  type BlastEvent,
  contentHash,
  type ExistingBlast,
} from '../../domain/blasts/blast.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const noInput = z.strictObject({});
export const rejectInput = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type RejectBlastInput = z.infer<typeof rejectInput>;

/** Who sees a blast: its creator, and those who approve. @throws Refusal BLAST_NOT_FOUND */
function seen(state: Blast, caller: Caller): ExistingBlast {
  const may =
    state.status !== 'absent' &&
    (state.facts.creatorId === caller.id || caller.privileges.has('blast_approve'));
  if (!may) throw new Refusal('BLAST_NOT_FOUND');
  return state;
}

/** @throws Refusal BLAST_NOT_FOUND, BLAST_OWN_APPROVAL, BLAST_NOT_PENDING */
export function decideApproval(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = seen(state, caller);
  if (status !== 'pending') throw new Refusal('BLAST_NOT_PENDING');
  // Four eyes (reliability.md 5.3 A15).
  if (facts.creatorId === caller.id) throw new Refusal('BLAST_OWN_APPROVAL');
  const { blastId, creatorId } = facts;
  return [{ type: 'BlastApproved', data: { blastId, creatorId, hash: contentHash(facts) } }];
}

/** @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_PENDING */
export function decideRejection(state: Blast, caller: Caller, reason: string): BlastEvent[] {
  const { status, facts } = seen(state, caller);
  if (status !== 'pending') throw new Refusal('BLAST_NOT_PENDING');
  return [{ type: 'BlastRejected', data: { blastId: facts.blastId, creatorId: facts.creatorId, reason } }];
}

/** @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_SENDING */
export function decidePause(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = seen(state, caller);
  if (status !== 'approved' && status !== 'sending') throw new Refusal('BLAST_NOT_SENDING');
  const { blastId } = facts;
  return [{ type: 'BlastPaused', data: { blastId, by: caller.id, reason: null, recipients: [] } }];
}

/**
 * By whoever paused it, else by one who approves: a creator does not overrule a lead, nor a channel that refused.
 * @throws Refusal BLAST_NOT_FOUND, BLAST_NOT_PAUSED
 */
export function decideResume(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts, pausedBy } = seen(state, caller);
  const may = pausedBy === caller.id || caller.privileges.has('blast_approve');
  if (status !== 'paused' || !may) throw new Refusal('BLAST_NOT_PAUSED');
  return [{ type: 'BlastResumed', data: { blastId: facts.blastId } }];
}

/** @throws Refusal BLAST_NOT_FOUND, BLAST_OVER */
export function decideCancellation(state: Blast, caller: Caller): BlastEvent[] {
  const { status, facts } = seen(state, caller);
  if (status === 'done' || status === 'rejected' || status === 'cancelled') throw new Refusal('BLAST_OVER');
  return [{ type: 'BlastCancelled', data: { blastId: facts.blastId } }];
}

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
}

const decided =
  ({ handler, clock }: Deps) =>
  async (ctx: CommandContext, blastId: string, decide: (state: Blast) => BlastEvent[]) => {
    const eventContext = eventContextOf(ctx, clock);
    const { state, position } = await handler.executeCommand(blast, blastId, eventContext, decide);
    const recipients = state.status === 'absent' ? 0 : state.facts.recipients.length;
    return { at: eventContext.at, recipients, position };
  };

/** @param delayMs between two messages of a number: the estimate is recipients x delay (domain.md, 'Blast') */
export const approveBlast =
  (deps: Deps & { readonly blastDelayMs: number }) => async (ctx: CommandContext, blastId: string) => {
    const { at, recipients, position } = await decided(deps)(ctx, blastId, (state) =>
      decideApproval(state, ctx.caller),
    );
    const minutes = Math.round((recipients * deps.blastDelayMs) / 600) / 100;
    return { approved_at: at, estimated_send_duration_min: minutes, position };
  };

export const rejectBlast =
  (deps: Deps) =>
  async (ctx: CommandContext, blastId: string, { reason }: RejectBlastInput) => {
    const { at, position } = await decided(deps)(ctx, blastId, (state) =>
      decideRejection(state, ctx.caller, reason),
    );
    return { rejected_at: at, position };
  };

export const pauseBlast = (deps: Deps) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await decided(deps)(ctx, blastId, (state) => decidePause(state, ctx.caller));
  return { paused_at: at, position };
};

export const resumeBlast = (deps: Deps) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await decided(deps)(ctx, blastId, (state) => decideResume(state, ctx.caller));
  return { resumed_at: at, position };
};

export const cancelBlast = (deps: Deps) => async (ctx: CommandContext, blastId: string) => {
  const { at, position } = await decided(deps)(ctx, blastId, (state) =>
    decideCancellation(state, ctx.caller),
  );
  return { cancelled_at: at, position };
};
