/** Puts a ticket aside until a time, or until its customer writes (docs/design/business-rules.md#snooze). */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { requireOwnOrLead } from './ticket-access.ts';

export const input = z.strictObject({ until: z.iso.datetime() });
export type SnoozeInput = z.infer<typeof input>;
export const unsnoozeInput = z.strictObject({});

const LONGEST_DAYS = 90;

/**
 * The same time again makes no event.
 * @param now ISO 8601
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_CLOSED, NOT_ASSIGNED, NOT_ASSIGNEE, VALIDATION_FAILED: not
 *   within 90 days
 */
export function decideSnooze(
  state: Ticket,
  { until }: SnoozeInput,
  caller: Caller,
  now: string,
): TicketEvent[] {
  const { id, division, agentId, snoozedUntil } = requireOwnOrLead(state, caller);
  const left = Date.parse(until) - Date.parse(now);
  if (left <= 0 || left > LONGEST_DAYS * 86_400_000)
    throw new Refusal('VALIDATION_FAILED', [
      problem('until', 'OUT_OF_RANGE', `Pilih waktu antara sekarang dan ${String(LONGEST_DAYS)} hari lagi`, {
        maximum_days: LONGEST_DAYS,
      }),
    ]);
  if (snoozedUntil !== null && Date.parse(snoozedUntil) === Date.parse(until)) return [];
  return [
    {
      type: 'TicketSnoozed',
      data: { ticketId: id, division, agentId, until: new Date(until).toISOString() },
    },
  ];
}

/** One that is awake makes no event. @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_CLOSED, NOT_ASSIGNED, NOT_ASSIGNEE */
export function decideUnsnooze(state: Ticket, caller: Caller): TicketEvent[] {
  const { id, division, agentId, snoozedUntil } = requireOwnOrLead(state, caller);
  if (snoozedUntil === null) return [];
  return [{ type: 'TicketWoken', data: { ticketId: id, division, agentId, because: 'asked' } }];
}

/**
 * What the clock or the customer does: one that is awake already, or put aside again, makes no event.
 * @param because whom the read table saw wake it
 */
export function decideWake(state: Ticket, because: 'time' | 'customer', now: string): TicketEvent[] {
  if (state.status !== 'assigned' || state.snoozedUntil === null) return [];
  if (because === 'time' && Date.parse(state.snoozedUntil) > Date.parse(now)) return [];
  const { id: ticketId, division, agentId } = state;
  return [{ type: 'TicketWoken', data: { ticketId, division, agentId, because } }];
}

export const snooze = ({ handler, clock }: { handler: CommandHandler; clock: Clock }) => ({
  async until(ctx: CommandContext, ticketId: string, wanted: SnoozeInput) {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideSnooze(state, wanted, ctx.caller, eventContext.at),
    );
    return { position };
  },
  async end(ctx: CommandContext, ticketId: string) {
    const { position } = await handler.executeCommand(ticket, ticketId, eventContextOf(ctx, clock), (state) =>
      decideUnsnooze(state, ctx.caller),
    );
    return { position };
  },
  /** @param cause id of what made the job look @returns whether it was asleep */
  async wake(ticketId: string, because: 'time' | 'customer', cause: string): Promise<boolean> {
    const eventContext: EventContext = {
      actor: { kind: 'system', process: 'snooze' },
      correlationId: cause,
      causationId: cause,
      requestId: cause,
      at: clock.now().toISOString(),
    };
    const { events } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideWake(state, because, eventContext.at),
    );
    return events.length > 0;
  },
});
export type Snooze = ReturnType<typeof snooze>;
