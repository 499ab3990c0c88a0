/** Short names for a ticket's events in specs. */
import type { TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';

export const TICKET = '01900000-0000-7000-8000-00000000aaaa';
export const CUSTOMER = '01900000-0000-7000-8000-00000000cccc';
const about = { ticketId: TICKET, division: 'sari' as const };

export const opened = (over: { previousAgentId?: string; isOffHours?: boolean } = {}): TicketEvent => ({
  type: 'TicketOpened',
  data: {
    ...about,
    customerId: CUSTOMER,
    customerKey: 'sari_abc',
    channel: 'whatsapp',
    botId: 'sari',
    waPhoneId: 'PHONE_ID_001',
    waDisplayName: 'Saga Kargo',
    customerName: 'Budi',
    customerPhone: '6281234567890',
    isReturningCustomer: over.previousAgentId !== undefined,
    previousAgentId: over.previousAgentId ?? null,
    isOffHours: over.isOffHours ?? false,
  },
});
export const takenOver = (by: Caller): TicketEvent => ({
  type: 'TicketTakenOver',
  data: { ...about, agentId: by.id, agentDivision: by.division },
});
export const assigned = (to: Caller, from: string, note: string | null = null): TicketEvent => ({
  type: 'TicketAssigned',
  data: { ...about, agentId: to.id, agentDivision: to.division, from, note },
});
export const reassigned = (from: Caller, to: Caller, reason: string | null = null): TicketEvent => ({
  type: 'TicketReassigned',
  data: { ...about, fromAgent: from.id, toAgent: to.id, toDivision: to.division, reason },
});
export const handoff = (): TicketEvent => ({ type: 'HandoffRequested', data: { ...about, reason: null } });
export const queued = (
  label: 'returning_customer' | 'waiting_agent' | 'off_hours',
  waitingFor: string | null = null,
): TicketEvent => ({ type: 'TicketQueued', data: { ...about, label, waitingFor } });
export const tagged = (tag: string): TicketEvent => ({ type: 'TicketTagged', data: { ...about, tag } });
export const untagged = (tag: string): TicketEvent => ({ type: 'TicketUntagged', data: { ...about, tag } });
export const closed = (outcome: 'closed' | 'bot_resolved' = 'closed'): TicketEvent => ({
  type: 'TicketClosed',
  data: { ...about, outcome, reason: null },
});
export const reopened = (agentId: string | null = null): TicketEvent => ({
  type: 'TicketReopened',
  data: { ...about, agentId, reason: null },
});
