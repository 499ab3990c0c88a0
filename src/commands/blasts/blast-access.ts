/** What the five commands on an existing blast share: who may see it, and how a decision about it is stored. */
import { z } from 'zod';
import { blast, type Blast, type BlastEvent, type ExistingBlast } from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';

/** Approve, pause, resume and cancel need no more than the blast's id. */
export const noInput = z.strictObject({});

/**
 * A blast is visible to its creator and to those who may approve, where each of its recipients is of a division they see
 * (docs/design/reliability.md#divisions-bind-writes).
 * @returns the blast, narrowed to one that exists
 * @throws Refusal BLAST_NOT_FOUND
 */
export function requireVisibleBlast(state: Blast, caller: Caller): ExistingBlast {
  const visible =
    state.status !== 'absent' &&
    (state.facts.creatorId === caller.id || caller.privileges.has('blast_approve')) &&
    state.facts.recipients.every(({ division }) => covers(caller, division));
  if (!visible) throw new Refusal('BLAST_NOT_FOUND');
  return state;
}

export interface BlastDependencies {
  readonly handler: CommandHandler;
  readonly clock: Clock;
}

/**
 * Decides about one blast and appends what was decided.
 * @returns the moment of the decision, the number of recipients, and the position of the last event
 * @throws Refusal of `decide`, StoreUnavailable
 */
export async function executeOnBlast(
  { handler, clock }: BlastDependencies,
  ctx: CommandContext,
  blastId: string,
  decide: (state: Blast) => BlastEvent[],
) {
  const eventContext = eventContextOf(ctx, clock);
  const { state, position } = await handler.executeCommand(blast, blastId, eventContext, decide);
  const recipients = state.status === 'absent' ? 0 : state.facts.recipients.length;
  return { at: eventContext.at, recipients, position };
}
