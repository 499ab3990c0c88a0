/** Short names for talks of the web chat in specs. */
import type { Thought } from '../../../src/domain/chat/thought.ts';
import type { TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { opened, TICKET } from '../../support/scenarios/ticket-events.ts';

export const ANSWER = '01900000-0000-7000-8000-00000000a001';
const about = { ticketId: TICKET, division: 'sari' as const };

export const openedOnWeb = (over: Parameters<typeof opened>[0] = {}): TicketEvent => {
  const event = opened(over);
  return event.type === 'TicketOpened' ? { ...event, data: { ...event.data, channel: 'web' } } : event;
};

export const thought = (over: Partial<Thought> = {}): Thought => ({
  outcome: 'answered',
  intents: ['HARGA'],
  confidence: 0.97,
  text: 'Biaya dihitung dari rute.',
  card: { intent: 'HARGA', benefits: ['a', 'b', 'c'], cta: null, sources: [], choices: [] },
  wantsPerson: false,
  wantsToBuy: false,
  refuses: false,
  ...over,
});

export const facts = { answerId: ANSWER, faqVersion: 2, question: 'biaya?', isOffHours: false };

export const faqAnswered = (
  over: Partial<Extract<TicketEvent, { type: 'FaqAnswered' }>['data']> = {},
): TicketEvent => ({
  type: 'FaqAnswered',
  data: {
    ...about,
    ...{ answerId: ANSWER, outcome: 'answered', intents: ['HARGA'], confidence: 0.97, faqVersion: 2 },
    ...{ benefits: true, refused: false, question: 'biaya?' },
    ...over,
  },
});
