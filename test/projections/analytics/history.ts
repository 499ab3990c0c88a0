/** A made-up history of a sales desk as raw events, from steps that fast-check chooses and can shrink. */
import fc from 'fast-check';
import type { DomainEvent, Recorded } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { customerStream } from '../../../src/domain/customers/customer.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import { CHANNELS, type Division, DIVISIONS, type UserDivision } from '../../../src/domain/vocabulary.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 06:00 in Jakarta. */
export const BEGIN = Date.parse('2026-02-09T23:00:00Z');

export const uuid = (kind: number, n: number): string =>
  `01900000-0000-7${String(kind).padStart(3, '0')}-8000-${String(n).padStart(12, '0')}`;

/** Two agents a division, one of them may move; a sales agent of all divisions; a lead. */
export const PEOPLE: readonly { id: string; division: UserDivision; role: 'sales_agent' | 'team_lead' }[] = [
  ...DIVISIONS.flatMap((division, at) =>
    [0, 1].map((n) => ({ id: uuid(1, at * 2 + n), division, role: 'sales_agent' as const })),
  ),
  { id: uuid(1, 6), division: 'all', role: 'sales_agent' },
  { id: uuid(1, 7), division: 'sari', role: 'team_lead' },
];

const CITIES = ['Jakarta', 'Batam', 'Surabaya', 'Medan', 'Makassar'];
const STAGES = ['Lead', 'Qualified', 'Proposal', 'Won', 'Won', 'Lost', 'Lost'];
const REASONS = ['price', 'competitor', 'cancelled_plan', 'no_response', 'schedule', 'other'];
const HOURS: readonly { dayOfWeek: number; opens: string; closes: string; isActive: boolean }[][] = [
  [1, 2, 3, 4, 5, 6].map((dayOfWeek) => ({ dayOfWeek, opens: '09:00', closes: '16:30', isActive: true })),
  [0, 1, 2, 3, 4, 5, 6].flatMap((dayOfWeek) => [
    { dayOfWeek, opens: '07:15', closes: '12:00', isActive: true },
    { dayOfWeek, opens: '11:30', closes: '18:00', isActive: dayOfWeek !== 3 },
  ]),
  [5, 6].map((dayOfWeek) => ({ dayOfWeek, opens: '20:00', closes: '04:00', isActive: true })),
  [2].map((dayOfWeek) => ({ dayOfWeek, opens: '00:00', closes: '00:00', isActive: true })),
];

export const step = fc.record({
  /** Seconds since the step before: mostly minutes, at times days. */
  gap: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 600 }) },
    { weight: 3, arbitrary: fc.integer({ min: 600, max: 40_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 40_000, max: 900_000 }) },
  ),
  kind: fc.integer({ min: 0, max: 99 }),
  who: fc.nat(1_000),
  ticket: fc.nat(1_000),
  value: fc.nat(1_000_000),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Talk {
  id: string;
  division: Division;
  agent: string | null;
  closed: boolean;
  stage: string;
  blast: { blastId: string; messageId: string } | null;
  optedOut: boolean;
}

const newTalk = (id: string, division: Division): Talk => ({
  ...{ id, division, agent: null, closed: false, stage: 'Lead', blast: null, optedOut: false },
});

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length]!;

/** @returns the events in the order in which they are committed, their times never going back */
export function historyOf(steps: readonly Step[]): Recorded[] {
  const events: Recorded[] = [];
  const talks: Talk[] = [];
  let at = BEGIN;
  let blasts = 0;
  let last: Talk = newTalk('', 'sari');

  const add = (stream: string, event: DomainEvent): void => {
    const position = String(events.length + 1).padStart(20, '0');
    const id = uuid(9, events.length);
    const around = { id, stream, revision: 0n, position };
    const actor = { kind: 'system', process: 'test' } as const;
    const when = new Date(at).toISOString();
    const metadata = { actor, correlationId: id, causationId: id, requestId: id, at: when, schemaVersion: 1 };
    events.push({ ...event, ...around, metadata });
  };
  /** People and divisions change on whole minutes, so that the oracle can count minutes. */
  const onTheMinute = (): void => {
    at = Math.ceil(at / MINUTE) * MINUTE;
  };

  for (const { id: userId, division, role } of PEOPLE) {
    const data = {
      userId,
      name: `Orang ${userId.slice(-2)}`,
      email: `${userId}@test.saga`,
      passwordHash: '-',
      role,
    };
    add(userStream(userId), { type: 'UserRegistered', data: { ...data, division } });
  }

  for (const { gap, kind, who, ticket, value } of steps) {
    at += gap * 1000;
    const person = pick(PEOPLE, who);
    const sentAt = new Date(at).toISOString();

    if (kind < 14 || talks.length === 0) {
      const division = pick(DIVISIONS, value);
      const id = uuid(2, talks.length);
      last = newTalk(id, division);
      talks.push(last);
      const who = { customerId: uuid(3, talks.length), phone: null, name: 'Budi' };
      const customerKey = `${division}_${String(talks.length)}`;
      add(customerStream(customerKey), {
        type: 'CustomerRegistered',
        data: { ...who, customerKey, division, channel: 'web', channelUserId: `web_${id}` },
      });
      add(ticketStream(id), {
        type: 'TicketOpened',
        data: {
          ticketId: id,
          division,
          customerId: uuid(3, talks.length),
          customerKey: `${division}_${String(talks.length)}`,
          channel: pick(CHANNELS, Math.floor(value / 7)),
          botId: null,
          waPhoneId: null,
          waDisplayName: null,
          customerName: 'Budi',
          customerPhone: null,
          isReturningCustomer: false,
          previousAgentId: null,
          isOffHours: false,
        },
      });
      continue;
    }

    // Mostly the one of the step before: people go on with what they do.
    const talk = ticket % 3 > 0 ? last : pick(talks, ticket);
    last = talk;
    const about = { ticketId: talk.id, division: talk.division };
    const stream = ticketStream(talk.id);
    const message = { ...about, messageId: uuid(4, events.length), content: 'Halo', sentAt };

    if (kind < 40) {
      if (talk.closed) {
        const agentId = talk.agent;
        talk.closed = false;
        add(stream, { type: 'TicketReopened', data: { ...about, agentId, reason: null } });
      } else if (talk.agent === null) {
        const type = kind % 2 === 0 ? ('TicketTakenOver' as const) : ('TicketAssigned' as const);
        const data = {
          ...about,
          agentId: person.id,
          agentDivision: person.division,
          from: 'bot',
          note: null,
        };
        add(stream, { type, data });
        talk.agent = person.id;
      } else if (kind < 34) {
        const data = {
          ...about,
          fromAgent: talk.agent,
          toAgent: person.id,
          toDivision: person.division,
          reason: null,
        };
        add(stream, { type: 'TicketReassigned', data });
        talk.agent = person.id;
      } else if (kind < 37) {
        add(stream, { type: 'TicketWithdrawn', data: { ...about, agentId: talk.agent } });
        talk.agent = null;
      } else {
        add(stream, { type: 'TicketQueued', data: { ...about, label: 'waiting_agent', waitingFor: null } });
        talk.agent = null;
      }
    } else if (kind < 52) {
      // Mostly who has it, at times somebody else.
      const agentId = talk.agent !== null && value % 5 > 0 ? talk.agent : person.id;
      add(conversationStream(talk.id), { type: 'AgentReplied', data: { ...message, agentId } });
    } else if (kind < 57) {
      add(conversationStream(talk.id), {
        type: 'MessageReceived',
        data: {
          ...message,
          channel: 'whatsapp',
          channelMessageId: null,
          kind: 'text',
          senderName: null,
          attachments: [],
          replyTo: null,
        },
      });
    } else if (kind < 61) {
      const ended = talk.agent === null || value % 4 === 0 ? 'bot_resolved' : 'closed';
      // At times the same person turns out to have an older ticket.
      const outcome = value % 5 === 0 ? 'joined' : ended;
      if (!talk.closed) add(stream, { type: 'TicketClosed', data: { ...about, outcome, reason: null } });
      talk.closed = true;
    } else if (kind < 84) {
      const changes: { field: string; from: null; to: string | number | null }[] = [];
      const change = (field: string, to: string | number | null): void => {
        changes.push({ field, from: null, to });
      };
      const fields: [string, string | number | null][] = [
        ['deal_value', value % 10 === 0 ? null : value * 10],
        ['quote_value', value * 11],
        ['discount_given', value],
        ['lost_reason', value % 9 === 0 ? null : pick(REASONS, Math.floor(value / 9))],
        ['origin_city', value % 11 === 0 ? null : pick(CITIES, Math.floor(value / 11))],
        ['destination_city', pick(CITIES, Math.floor(value / 13))],
      ];
      if (kind < 74) {
        change('crm_stage', pick(STAGES, Math.floor(value / 3)));
        for (const [index, field] of fields.entries()) if (value % (index + 2) === 0) change(...field);
        // A correction of one field, also of a ticket that is decided.
      } else if (value % 7 < 6) change(...fields[value % 7]!);
      if (changes.length === 0) change('estimated_cbm', 12);
      const data = { ...about, changes, words: [], source: 'agent' as const, confidence: null, at: sentAt };
      add(stream, { type: 'CrmUpdated', data });
      const stage = changes.find(({ field }) => field === 'crm_stage')?.to;
      if (typeof stage === 'string') talk.stage = stage;
      if ((stage === 'Won' || stage === 'Lost') && !talk.closed) {
        const outcome = stage === 'Won' ? 'won' : 'lost';
        add(stream, { type: 'TicketClosed', data: { ...about, outcome, reason: null } });
        talk.closed = true;
      }
    } else if (kind === 84) {
      const customer = talks.indexOf(talk) + 1;
      const type = talk.optedOut ? ('CustomerOptedIn' as const) : ('CustomerOptedOut' as const);
      talk.optedOut = !talk.optedOut;
      add(customerStream(`${talk.division}_${String(customer)}`), {
        type,
        data: { customerId: uuid(3, customer), by: 'agent' },
      });
    } else if (kind < 92) {
      onTheMinute();
      const { id: userId } = person;
      const stream = userStream(userId);
      if (kind === 91 && value % 2 === 0) {
        const division = pick([...DIVISIONS, 'all' as const], value);
        add(stream, { type: 'UserMoved', data: { userId, division } });
      } else if (kind === 90 && value % 3 === 0) {
        add(stream, { type: 'UserDeactivated', data: { userId } });
        add(stream, { type: 'UserReactivated', data: { userId } });
      } else {
        const status = value % 3 === 0 ? 'offline' : 'online';
        add(stream, { type: 'PresenceChanged', data: { userId, status } });
      }
    } else if (kind < 95) {
      onTheMinute();
      const division = pick(DIVISIONS, value);
      add(`division-${division}`, {
        type: 'OfficeHoursSet',
        data: { division, hours: [...pick(HOURS, Math.floor(value / 3))] },
      });
    } else if (talk.blast === null) {
      blasts += 1;
      const blastId = uuid(5, blasts);
      const messageId = uuid(6, blasts);
      const category = pick(['PANAS', 'HANGAT', 'DINGIN', 'NONE'] as const, value);
      const customerId = uuid(3, talks.indexOf(talk) + 1);
      const template = { id: uuid(7, 1), name: 't', body: 'b', language: 'id', whatsappName: null };
      const one = { blastId, ...about };
      const blastStream = `blast-${blastId}`;
      add(blastStream, {
        type: 'BlastCreated',
        data: {
          blastId,
          creatorId: person.id,
          creatorRole: 'team_lead',
          message: 'm',
          template,
          recipients: [{ ticketId: talk.id, customerId, division: talk.division, category }],
          hash: 'h',
          approvers: [],
        },
      } as unknown as DomainEvent);
      if (value % 9 === 0) continue;
      const attempt = { ...one, messageId, form: 'text' as const, attempt: 1, answersTo: null };
      add(blastStream, { type: 'BlastRecipientAttempted', data: attempt });
      const end = value % 10;
      if (end < 6)
        add(blastStream, {
          type: 'BlastRecipientAccepted',
          data: { ...one, messageId, channelMessageId: null },
        });
      else if (end < 8)
        add(blastStream, { type: 'BlastRecipientUnknown', data: { ...one, messageId, reason: 'crash' } });
      else add(blastStream, { type: 'BlastRecipientFailed', data: { ...one, messageId, code: '131' } });
      talk.blast = { blastId, messageId };
    } else {
      const status = pick(['delivered', 'read', 'failed', 'sent'] as const, value);
      add(conversationStream(talk.id), {
        type: 'DeliveryReported',
        data: {
          ...about,
          channelMessageId: `wamid.${String(events.length)}`,
          messageId: talk.blast.messageId,
          status,
          error: null,
          reportedAt: sentAt,
        },
      });
    }
  }
  return events;
}
