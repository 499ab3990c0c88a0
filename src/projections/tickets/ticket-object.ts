/**
 * The TicketObject (docs/design/api.md#ticket-object): what a view stores of a ticket, and what the API answers. One
 * schema for both, so a new member is declared once; its example belongs here too.
 */
import { z } from 'zod';
import {
  channel,
  CRM_STAGES,
  deliveryStatus,
  division,
  QUEUE_STATUSES,
  queueLabel,
  TICKET_STATUSES,
  uuid,
} from '../../domain/vocabulary.ts';
import { ACTIONS, type TicketAction } from '../../domain/tickets/rights.ts';
import { person } from '../staff/person.ts';

const time = z.iso.datetime();

/** Ours that the customer wrote to. */
const line = z
  .strictObject({
    id: z.string().meta({ example: 'PHONE_ID_001' }),
    name: z.string().nullable().meta({ example: 'Saga Kargo' }),
  })
  .meta({ description: 'Our number, page, account or bot that the customer wrote to last.' });

/** What this reader may do with it now: a screen needs no rules of its own. */
const can = z
  .strictObject(
    Object.fromEntries(ACTIONS.map((action) => [action, z.boolean()])) as Record<TicketAction, z.ZodBoolean>,
  )
  .meta({ id: 'TicketRights', memberExamples: Object.fromEntries(ACTIONS.map((action) => [action, true])) });

/** Known only when somebody reads it. Optional: the live stream sends one text to many, and leaves out what is one person's. */
const whenRead = {
  last_delivery_status: deliveryStatus
    .nullable()
    .optional()
    .meta({ description: 'How far the last message came, if it is ours. Not in the live stream.' }),
  previous_ticket_count: z.int().optional().meta({
    description: 'Earlier tickets of this customer. Not in the live stream.',
    example: 2,
  }),
  unread_count: z.int().optional().meta({
    description: 'Messages of the customer that the caller has not read. Not in the live stream.',
    example: 1,
  }),
  can: can.optional().meta({ description: 'What the caller may do with it now. Not in the live stream.' }),
};

/** Strict: what is not here must not be sent. */
export const ticketObject = z
  .strictObject({
    id: uuid,
    customer_id: uuid,
    customer_name: z.string().nullable(),
    customer_phone: z.string().nullable(),
    division,
    channel,
    bot_id: z.string().nullable(),
    wa_phone_id: z.string().nullable(),
    wa_display_name: z.string().nullable(),
    status: z.enum(TICKET_STATUSES),
    queue_status: z
      .enum(QUEUE_STATUSES)
      .nullable()
      .meta({ description: 'null once it is closed: it is in no queue.' }),
    queue_label: queueLabel.nullable(),
    waiting_for_agent: person.nullable(),
    assigned_to: person.nullable(),
    assigned_at: time.nullable(),
    assignment_note: z
      .strictObject({ text: z.string(), by: person.nullable(), at: time })
      .nullable()
      .meta({ description: 'What the person wrote who gave the ticket to its agent.' }),
    is_returning_customer: z.boolean(),
    is_off_hours: z.boolean(),
    is_idle: z.boolean().meta({ description: 'Open, assigned, no activity for 4 hours.' }),
    tags: z.array(z.string()),
    opted_out: z.boolean().meta({ description: 'The customer wants no offers: no blast, no follow-up.' }),
    crm_stage: z.enum(CRM_STAGES),
    last_message_preview: z.string().nullable(),
    last_message_at: time.nullable(),
    last_message_from: z.enum(['customer', 'bot', 'agent', 'sa']).nullable(),
    last_customer_message_at: time.nullable(),
    waiting_since: time
      .nullable()
      .meta({ description: 'The oldest message of the customer that nobody has answered.' }),
    queued_at: time.nullable().meta({ description: 'Since when it is in the queue it is in.' }),
    snoozed_until: time
      .nullable()
      .meta({ description: 'Put aside until then, or until the customer writes.' }),
    line: line.nullable(),
    first_reply_at: time.nullable(),
    response_due_at: time.nullable(),
    window_expires_at: time.nullable().meta({
      description:
        'Until then a free text may be sent on WhatsApp. null also where the line has no such limit, because it only answers.',
    }),
    closed_at: time.nullable(),
    version: z.int().meta({
      description: 'Of its CRM data, for `If-Match: "crm-<version>"` when you change them.',
      example: 3,
    }),
    created_at: time,
    updated_at: time,
    ...whenRead,
  })
  .meta({
    id: 'Ticket',
    memberExamples: {
      bot_id: 'sari',
      wa_phone_id: 'PHONE_ID_001',
      wa_display_name: 'Saga Kargo',
      last_message_preview: 'Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.',
      assigned_at: '2026-07-03T10:20:00.000Z',
      first_reply_at: '2026-07-03T10:26:00.000Z',
      window_expires_at: '2026-07-04T10:12:00.000Z',
      status: 'in_progress',
      queue_status: 'assigned',
      queue_label: null,
      waiting_for_agent: null,
      response_due_at: null,
      last_customer_message_at: '2026-07-03T10:12:00.000Z',
      waiting_since: null,
      queued_at: null,
      snoozed_until: null,
      last_delivery_status: 'delivered',
      closed_at: null,
      opted_out: false,
      assignment_note: null,
      last_message_from: 'agent',
    },
  });

/** As the API answers it. */
export type TicketObject = Readonly<z.infer<typeof ticketObject>>;

/** As it is stored: without what is known only when somebody reads it (names of people, the time that has passed). */
export type StoredTicket = Omit<
  TicketObject,
  'assigned_to' | 'assignment_note' | 'waiting_for_agent' | 'is_idle' | keyof typeof whenRead
>;
