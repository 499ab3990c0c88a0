/**
 * WhatsApp Cloud API: `object: 'whatsapp_business_account'` (docs/design/whatsapp.md#message-types and
 * docs/design/whatsapp.md#business-scoped-user-ids).
 */
import { z } from 'zod';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import type { Normalizer } from '../provider.ts';
import { deadItem, ignoredItem, invalidItem, listOf, type NormalizedItem } from '../reading.ts';
import type { Line, Lines } from '../lines.ts';
import { metadataOf, whatsappCustomer, unixSeconds } from './metadata.ts';
import { whatsappContent } from './content.ts';
import { preferenceItems } from './preferences.ts';
import { templatePart, timeOf } from './templates.ts';

const entrySchema = z.object({ changes: z.unknown().optional(), time: z.unknown().optional() });
const changeSchema = z.object({ field: z.string(), value: z.unknown().optional() });
const valueSchema = z.object({
  metadata: z.object({ phone_number_id: z.string(), display_phone_number: z.string().optional() }),
  contacts: z.unknown().optional(),
  messages: z.unknown().optional(),
  statuses: z.unknown().optional(),
  errors: z.unknown().optional(),
});
type WhatsAppValue = z.infer<typeof valueSchema>;

const contactSchema = z.object({
  wa_id: z.string().optional(),
  user_id: z.string().optional(),
  profile: z.object({ name: z.string().optional() }).optional(),
});
type Contact = z.infer<typeof contactSchema>;

const messageSchema = z.looseObject({
  id: z.string().min(1),
  from: z.string().min(1).optional(),
  from_user_id: z.string().min(1).optional(),
  timestamp: unixSeconds,
  type: z.string(),
  context: z.object({ id: z.string().nullish() }).nullish(),
  group_id: z.string().optional(),
});

const statusSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  timestamp: unixSeconds,
  recipient_id: z.string().min(1).optional(),
  recipient_user_id: z.string().min(1).optional(),
  biz_opaque_callback_data: z.string().optional(),
  errors: z
    .array(
      z.object({
        code: z.number().optional(),
        title: z.string().optional(),
        message: z.string().optional(),
        error_data: z.object({ details: z.string().optional() }).optional(),
      }),
    )
    .optional(),
});

const STATUSES: ReadonlyMap<string, DeliveryStatus> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  // A voice message that was listened to: further than read there is nothing.
  ['played', 'read'],
  ['failed', 'failed'],
]);

/**
 * Documented fields about numbers, templates and accounts, not about a conversation
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
const OTHER_FIELDS: ReadonlySet<string> = new Set(
  `message_template_quality_update message_template_components_update
  template_category_update phone_number_quality_update phone_number_name_update account_update account_alerts
  account_review_update business_capability_update security message_echoes smb_message_echoes
  smb_app_state_sync history`.split(/\s+/),
);

/** Contacts come next to the messages in no promised order: they are matched by their names. */
function contactOf(contacts: readonly Contact[], phone: string | undefined, scopedId: string | undefined) {
  return (
    contacts.find(({ wa_id }) => wa_id !== undefined && wa_id === phone) ??
    contacts.find(({ user_id }) => user_id !== undefined && user_id === scopedId)
  );
}

function messageItem(
  message: unknown,
  number: Line,
  value: WhatsAppValue,
  contacts: readonly Contact[],
): NormalizedItem {
  const raw = { metadata: value.metadata, message };
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return invalidItem('message', parsed.error, raw);
  const { id, from, from_user_id, timestamp, context, group_id } = parsed.data;
  // A reply to it would go to one person and be missed by the group.
  if (group_id !== undefined) return deadItem('group_message', raw);
  const contact = contactOf(contacts, from, from_user_id);
  const sender = whatsappCustomer(from, from_user_id ?? contact?.user_id);
  if (!sender) return deadItem('no_sender', raw);
  try {
    const { contentKind, content, attachments, about } = whatsappContent(parsed.data);
    return {
      kind: 'inbound',
      inbound: {
        kind: 'message',
        ...metadataOf(number),
        ...sender,
        userName: contact?.profile?.name ?? null,
        sentAt: timestamp,
        channelMessageId: id,
        contentKind,
        content,
        attachments: [...attachments],
        replyTo: about ?? context?.id ?? null,
      },
    };
  } catch (error) {
    if (error instanceof z.ZodError) return invalidItem('message', error, raw);
    throw error;
  }
}

function statusItem(status: unknown, number: Line, value: WhatsAppValue): NormalizedItem {
  const raw = { metadata: value.metadata, status };
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) return invalidItem('status', parsed.error, raw);
  const { id, recipient_id, recipient_user_id, timestamp, errors } = parsed.data;
  const known = STATUSES.get(parsed.data.status);
  if (!known) return deadItem('unknown_status', raw);
  const recipient = whatsappCustomer(recipient_id, recipient_user_id);
  if (!recipient) return deadItem('no_recipient', raw);
  const [problem] = errors ?? [];
  // Set by our sender; another program may put anything there.
  const ours = z.uuid().safeParse(parsed.data.biz_opaque_callback_data).data;
  const errorTexts = [problem?.code, problem?.title ?? problem?.message, problem?.error_data?.details];
  return {
    kind: 'inbound',
    inbound: {
      kind: 'status',
      ...metadataOf(number),
      ...recipient,
      userName: null,
      sentAt: timestamp,
      channelMessageId: id,
      ...(ours === undefined ? {} : { messageId: ours }),
      status: known,
      error: problem ? errorTexts.filter((text) => text !== undefined).join(' ') : null,
    },
  };
}

function changeItems(change: unknown, lines: Lines, at: string): readonly NormalizedItem[] {
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success) return [invalidItem('change', parsed.error, change)];
  const { field } = parsed.data;
  if (field === 'message_template_status_update') return [templatePart(change, parsed.data.value, at)];
  if (field === 'user_preferences') return preferenceItems(change, parsed.data.value, lines);
  if (OTHER_FIELDS.has(field)) return [ignoredItem(`field_${field}`, change)];
  if (field !== 'messages') return [deadItem('unknown_field', change)];
  const checked = valueSchema.safeParse(parsed.data.value);
  if (!checked.success) return [invalidItem('value', checked.error, change)];
  const value = checked.data;
  const messages = listOf(value.messages);
  const statuses = listOf(value.statuses);
  const errors = listOf(value.errors).map((error) =>
    deadItem('channel_error', { metadata: value.metadata, error }),
  );
  if (messages.length + statuses.length + errors.length === 0) return [deadItem('nothing_in_it', change)];
  const number = lines.find('whatsapp', value.metadata.phone_number_id);
  if (!number) {
    const foreign = (what: object) =>
      deadItem('unknown_phone_number_id', { metadata: value.metadata, ...what });
    return [
      ...messages.map((message) => foreign({ message, contacts: value.contacts })),
      ...statuses.map((status) => foreign({ status })),
      ...errors,
    ];
  }
  const contacts = listOf(value.contacts).flatMap((contact) => contactSchema.safeParse(contact).data ?? []);
  return [
    ...messages.map((message) => messageItem(message, number, value, contacts)),
    ...statuses.map((status) => statusItem(status, number, value)),
    ...errors,
  ];
}

export const whatsapp: Normalizer = (body, { lines, receivedAt }) =>
  listOf((body as { entry?: unknown }).entry).flatMap((entry) => {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) return [invalidItem('entry', parsed.error, entry)];
    return listOf(parsed.data.changes).flatMap((change) =>
      changeItems(change, lines, timeOf(parsed.data.time, receivedAt)),
    );
  });
