/** Merges an agent's entries into the ticket's CRM (docs/design/api.md#crm). Won and Lost close the ticket. */
import { z } from 'zod';
import { agentChanges, commonPatch, type CrmPatch } from '../../domain/crm/change.ts';
import { crmUpdated, isDecided } from '../../domain/crm/crm.ts';
import { PATCHES } from '../../domain/crm/forms.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireVisible } from '../tickets/ticket-access.ts';

/** For the API document. Which division's form applies is known once the ticket is loaded. */
const ownFields = () =>
  z
    .record(z.string(), z.unknown())
    .optional()
    .meta({
      description: "Fields of the ticket's division. They are merged into what is stored; null clears one.",
      anyOf: DIVISIONS.map((division) => {
        const schema = z.toJSONSchema(PATCHES[division], { io: 'input' });
        delete schema.$schema;
        return { title: division, ...schema };
      }),
    });

export const input = z.strictObject({
  ...commonPatch,
  crm_fields: ownFields().meta({ example: { service_type: 'kargo', cargo_weight_kg: 250 } }),
  crm_data: ownFields(),
});

/** The CRM must have one of these versions (If-Match); null: any version. */
export type KnownVersions = ReadonlySet<number> | null;

/**
 * Values that are stored already make no event.
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, VERSION_CONFLICT, VALIDATION_FAILED, LOST_REASON_REQUIRED
 */
export function decideUpdateCrm(
  state: Ticket,
  patch: CrmPatch,
  caller: Caller,
  at: string,
  known: KnownVersions = null,
): TicketEvent[] {
  const found = requireVisible(state, caller);
  const { id: ticketId, division, crm, status } = found;
  if (known !== null && !known.has(crm.version)) throw new Refusal('VERSION_CONFLICT');
  const changes = agentChanges(division, crm, patch);
  if (changes.length === 0) return [];
  const about = { ticketId, division };
  const updated = crmUpdated(about, changes, { source: 'agent', confidence: null, at });
  const stage = patch.crm_stage;
  if (stage === undefined || !isDecided(stage) || status === 'closed') return [updated];
  const outcome = stage === 'Won' ? 'won' : 'lost';
  return [updated, { type: 'TicketClosed', data: { ...about, outcome, reason: null } }];
}

export const updateCrm =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, patch: CrmPatch, known: KnownVersions) => {
    const eventContext = eventContextOf(ctx, clock);
    const { state, position } = await handler.executeCommand(ticket, ticketId, eventContext, (current) =>
      decideUpdateCrm(current, patch, ctx.caller, eventContext.at, known),
    );
    const crm = state.status === 'absent' ? null : state.crm;
    return { updated_at: crm?.updatedAt ?? eventContext.at, version: crm?.version ?? 0, position };
  };
