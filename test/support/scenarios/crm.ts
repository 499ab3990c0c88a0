/** A ticket's CRM as specs speak of it: filled in by an agent, found out by the bot, shown on the wire. */
import type { z } from 'zod';
import { decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import { decideUpdateCrm as updateCrm, input } from '../../../src/commands/crm/update-crm.ts';
import { type Crm, crmObject } from '../../../src/domain/crm/crm.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { Division } from '../../../src/domain/vocabulary.ts';
import { fold } from './given.ts';
import { tono } from './people.ts';
import { opened } from './ticket-events.ts';

export type CrmBody = z.input<typeof input>;

export const AT = '2026-07-03T10:30:00.000Z';
export const LATER = '2026-07-04T10:30:00.000Z';

export const of = (division: Division): Ticket => {
  const first = opened();
  return fold(ticket, [{ ...first, data: { ...first.data, division } } as TicketEvent]);
};
export const after = (state: Ticket, events: readonly TicketEvent[]): Ticket =>
  events.reduce((s, event) => ticket.evolve(s, event), state);
export const crmOf = (state: Ticket): Crm => {
  if (state.status === 'absent') throw new Error('no ticket');
  return state.crm;
};
export const wire = (state: Ticket) => {
  if (state.status === 'absent') throw new Error('no ticket');
  return crmObject(state.division, state.crm);
};
export const patch = (state: Ticket, body: CrmBody, at = AT): Ticket =>
  after(state, updateCrm(state, input.parse(body), tono, at));
export const found = (
  state: Ticket,
  fields: Record<string, unknown>,
  confidence: number | null = 0.8,
): Ticket => {
  const inbound = { kind: 'lead_detected', fields, confidence } as Extract<
    Inbound,
    { kind: 'lead_detected' }
  >;
  return after(state, decideBotSignal(state, inbound, false, AT));
};

/** What is wrong with it: code, and the fields that are named. */
export function refused(state: Ticket, body: CrmBody): [code: string, ...paths: string[]] {
  try {
    updateCrm(state, input.parse(body), tono, AT);
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...error.details.map(({ path }) => path)];
    throw error;
  }
  throw new Error('was not refused');
}
