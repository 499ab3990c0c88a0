/**
 * The objects of docs/design/api.md#ticket-object as they are on the wire, each strict: what is not here must not be
 * sent.
 */
import { z } from 'zod';
import { privilege } from '../../domain/staff/privileges.ts';
import { person } from '../../projections/staff/person.ts';
import { ticketObject } from '../../projections/tickets/ticket-object.ts';
import { EXAMPLE_IDS, EXAMPLE_TEXTS, LEFT_OUT } from './openapi/example-values.ts';
import { attachment, deliveryStatus, presence, role, userDivision, uuid } from '../../domain/vocabulary.ts';

export const time = z.iso.datetime();
export const id = uuid;

export { person, ticketObject };

/** Without `size` the file is not here: not yet, not any more at its channel, or there never was one (a place). */
const attachmentObject = z
  .strictObject({
    id: z.string().meta({ example: '019a9d1e-7c00-7000-8000-000000000401-0' }),
    kind: attachment.shape.kind,
    mime_type: z.string().nullable(),
    file_name: z.string().nullable(),
    size: z.int().nullable().meta({ description: 'Bytes; null while there is nothing to download.' }),
    note: z.string().nullable().meta({
      description:
        'Why there is nothing to download, for the agent to read; null where there is, or soon will be.',
      example: null,
    }),
  })
  .meta({ id: 'Attachment' });

/** What a message is about, and what became of it since. */
const messageReferences = {
  reply_to: z.object({ id, preview: z.string() }).optional(),
  reactions: z.array(z.object({ emoji: z.string(), by: z.enum(['customer', 'agent']), at: time })).optional(),
  edited_at: time.optional(),
  revoked_at: time.optional(),
};

const maybe = z.string().nullable();
/** What it holds besides its words; `content` says the same in a line. */
const partsOfMessage = {
  location: z.object({ latitude: z.number(), longitude: z.number(), name: maybe, address: maybe }).optional(),
  contacts: z
    .array(
      z.object({
        name: maybe,
        phones: z.array(z.string()),
        emails: z.array(z.string()),
        organisation: maybe,
      }),
    )
    .optional(),
  order: z
    .object({
      items: z.array(
        z.object({ id: z.string(), quantity: z.number(), price: z.number().nullable(), currency: maybe }),
      ),
      text: maybe,
    })
    .optional(),
  referral: z
    .object({ headline: maybe, body: maybe, source_url: maybe, source_id: maybe, media_url: maybe })
    .optional(),
  form: z.object({ name: maybe, answers: z.record(z.string(), z.string()) }).optional(),
  story: z.object({ url: maybe }).optional(),
};

/** L1. */
export const messageObject = z
  .strictObject({
    id,
    sender_type: z.enum(['customer', 'bot', 'agent', 'sa']),
    sender_id: z.string().nullable(),
    sender_name: z.string().nullable(),
    content: z.string(),
    sent_at: time,
    delivery_status: deliveryStatus.optional(),
    delivery_error: z
      .strictObject({
        code: z.string().meta({ description: "The channel's code, or one of ours." }),
        text: z.string().meta({ description: 'Indonesian: why, and what to do.' }),
        retryable: z.boolean().meta({ description: 'Sending the same again may help.' }),
      })
      .optional()
      .meta({ description: 'With `failed` or `unknown`.' }),
    confidence: z.number().nullable().optional(),
    attachments: z.array(attachmentObject).optional(),
    content_kind: z.string().optional().meta({
      description:
        'What it was at the channel: text, image, reaction, edited, deleted, call, ... Of messages that came in.',
    }),
    line: z
      .string()
      .optional()
      .meta({ description: 'Our number, page, account or bot that it came or went by.' }),
    ...messageReferences,
    ...partsOfMessage,
  })
  .meta({
    id: 'Message',
    memberExamples: {
      id: EXAMPLE_IDS.message,
      sender_type: 'agent',
      content: EXAMPLE_TEXTS.answer,
      delivery_status: 'delivered',
      delivery_error: LEFT_OUT,
      confidence: LEFT_OUT,
      attachments: LEFT_OUT,
      content_kind: LEFT_OUT,
      line: 'PHONE_ID_001',
      ...Object.fromEntries(
        [...Object.keys(messageReferences), ...Object.keys(partsOfMessage)].map((name) => [name, LEFT_OUT]),
      ),
    },
  });

/** L2: only for those who may read it, and never on any path a customer could see. */
export const internalMessageObject = z
  .strictObject({
    id,
    sender_id: id,
    sender_name: z.string().nullable(),
    content: z.string(),
    tagged_agent: person.nullable().optional(),
    sent_at: time,
  })
  .meta({
    id: 'InternalMessage',
    memberExamples: { id: EXAMPLE_IDS.message, tagged_agent: { id: EXAMPLE_IDS.ayu, name: 'Ayu Wulandari' } },
  });

export const auditEventObject = z
  .strictObject({
    id,
    event: z.string(),
    timestamp: time,
    actor: person.nullable(),
    actor_role: z.string().nullable(),
    from: z.unknown().optional(),
    to: z.unknown().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({
    id: 'AuditEvent',
    memberExamples: {
      event: 'self_takeover',
      from: 'bot',
      to: { id: EXAMPLE_IDS.andi, name: 'Andi Saputra' },
      metadata: {},
    },
  });

const historyField = z.strictObject({
  field: z.string().meta({ example: 'status' }),
  from: z.unknown().meta({ example: 'new' }),
  to: z.unknown().meta({ example: 'in_progress' }),
});

/** An event with what it changed, for auditors. */
export const historyEventObject = z
  .strictObject({
    id,
    type: z.string().meta({ example: 'TicketAssigned' }),
    stream: z.string().meta({ example: 'ticket-019a9d1e-7c00-7000-8000-000000000101' }),
    revision: z.int().meta({ description: 'In its stream, from 0.', example: 2 }),
    timestamp: time,
    actor: person.nullable().meta({ description: 'Null when it was no member of staff.' }),
    actor_kind: z.enum(['user', 'customer', 'bot', 'system', 'unknown']),
    actor_role: z.string().nullable().meta({ description: 'The role they had at that moment.' }),
    process: z
      .string()
      .optional()
      .meta({ description: 'Which part of the program it was.', example: 'router' }),
    reason: z.string().optional().meta({ example: 'Pelanggan minta bicara dengan Andi' }),
    changes: z
      .array(historyField)
      .meta({ description: 'Fields of `ticket`, and of `crm` as `crm.<field>`; `updated_at` is left out.' }),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What the event says.', example: { from: 'bot', note: null } }),
    unreadable: z
      .strictObject({
        because: z.string().meta({ example: 'unknown type' }),
        skipped: z
          .strictObject({
            at: time,
            by: z.string().meta({ example: 'Sari Admin' }),
            reason: z.string().meta({ example: 'Versi ditarik' }),
          })
          .nullable()
          .meta({ description: 'Who let everything go on without it; null: nobody yet.' }),
      })
      .optional()
      .meta({
        description:
          'Only of a gap: an event that this version of the program cannot read. What it says is not shown, and `ticket` and `crm` are without it.',
      }),
  })
  .meta({ id: 'HistoryEvent' });

const profile = {
  id,
  name: z.string(),
  email: z.string(),
  role,
  division: userDivision,
  status: presence,
  privileges: z.array(privilege).meta({ description: 'The effective set.' }),
};

const profileExamples = {
  id: EXAMPLE_IDS.andi,
  privileges: ['inbox_read', 'messages_read', 'reply', 'self_takeover'],
};

/** The caller, as they see themselves. */
export const own = z.strictObject(profile).meta({ id: 'Me', memberExamples: profileExamples });

/** A member of staff, as a super admin sees them. */
export const userObject = z
  .strictObject({
    ...profile,
    is_active: z.boolean(),
    granted: z.array(privilege).meta({ description: 'On top of the role.', example: [] }),
    revoked: z.array(privilege).meta({ description: 'Taken away from the role.', example: [] }),
    max_active_tickets: z.int().nullable().meta({ example: 20 }),
    created_at: time,
    last_login_at: time.nullable(),
    last_seen_at: time.nullable().meta({ description: 'The last request or open stream.' }),
  })
  .meta({
    id: 'User',
    memberExamples: {
      ...profileExamples,
      last_login_at: '2026-07-03T01:00:00.000Z',
      last_seen_at: '2026-07-03T10:20:00.000Z',
    },
  });

export const tagObject = z
  .strictObject({ id, name: z.string(), color: z.string(), type: z.enum(['system', 'custom']) })
  .meta({
    id: 'Tag',
    memberExamples: { name: 'kargo', type: 'custom' },
  });

/** `?limit=`: 1 to `most`. A query holds text, so the number is read from it; `1e2`, ` 5` and `-1` are none. */
export const limitUpTo = (most: number, normally: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(normally)
    .meta({ description: `1-${String(most)}` });
