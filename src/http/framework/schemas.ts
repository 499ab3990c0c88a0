/**
 * The objects of docs/design/api.md#ticket-object as they are on the wire, each strict: what is not here must not be
 * sent.
 */
import { z } from 'zod';
import { privilege } from '../../domain/staff/privileges.ts';
import { person } from '../../projections/staff/person.ts';
import { ticketObject } from '../../projections/tickets/ticket-object.ts';
import { EXAMPLE_IDS, EXAMPLE_TEXTS } from './openapi/example-values.ts';
import { messageObject as wireMessage } from '../../projections/conversation/message-object.ts';
import { written } from '../../domain/problems.ts';
import { presence, role, userDivision, uuid } from '../../domain/vocabulary.ts';

export const time = z.iso.datetime();
export const id = uuid;

export { person, ticketObject };

/** L1. */
export const messageObject = wireMessage.meta({
  id: 'Message',
  memberExamples: {
    id: EXAMPLE_IDS.message,
    kind: 'reply',
    sender_type: 'agent',
    sent_as: null,
    content: EXAMPLE_TEXTS.answer,
    delivery_status: 'delivered',
    delivery_error: null,
    confidence: null,
    template: null,
    blast_id: null,
    client_ref: 'tab-1-17',
    reply_to: { id: EXAMPLE_IDS.other, preview: EXAMPLE_TEXTS.question, story: null },
    reactions: [],
    edited_at: null,
    revoked_at: null,
    attachments: [],
    location: null,
    contacts: [],
    order: null,
    referral: null,
    form: null,
    content_kind: null,
    line: 'PHONE_ID_001',
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
  must_change_password: z.boolean().meta({
    description:
      'Somebody else chose the password: until it is changed, everything but me, password, logout and refresh is refused.',
    example: false,
  }),
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
    telegram_linked: z.boolean().meta({ description: 'The staff bot knows them.' }),
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

/**
 * A whole number in a query, which holds text: the number is read from it; `1e2`, ` 5` and `-1` are none.
 * @param digits the most that are read
 */
export const wholeInQuery = (least: number, most: number, digits = 9) => {
  const sentence = `Isi angka bulat ${written(least)} sampai ${written(most)}`;
  return z
    .string()
    .regex(new RegExp(`^\\d{1,${String(digits)}}$`), sentence)
    .transform(Number)
    .pipe(z.int().min(least, sentence).max(most, sentence))
    .meta({ inQuery: { type: 'integer', minimum: least, maximum: most } });
};

/** `?limit=`: 1 to `most`. */
export const limitUpTo = (most: number, normally: number) =>
  wholeInQuery(1, most)
    .default(normally)
    .meta({
      description: `1-${String(most)}`,
      inQuery: { type: 'integer', minimum: 1, maximum: most, default: normally },
    });

/** `?open=true` or `false`. */
export const flagInQuery = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .meta({ inQuery: { type: 'boolean' } });
