/**
 * WhatsApp Cloud API: `object: 'whatsapp_business_account'` (docs/design/whatsapp.md#message-types and
 * docs/design/whatsapp.md#business-scoped-user-ids).
 */
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import { idOf, listOf, type Members, membersOf, shortTextOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { Normalizer, ReadContext } from '../provider.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { callItem } from './calls.ts';
import { whatsappContent } from './content.ts';
import { echoItem } from './echoes.ts';
import { metadataOf, phoneNumberIdOf, sentAtOf, whatsappCustomer } from './metadata.ts';
import { preferenceItem } from './preferences.ts';
import { statusItem } from './statuses.ts';
import { templatePart } from './templates.ts';

/**
 * Documented fields about numbers, templates and accounts, not about a conversation
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
const OTHER_FIELDS: ReadonlySet<string> = new Set(
  `message_template_quality_update message_template_components_update
  template_category_update phone_number_quality_update phone_number_name_update account_update account_alerts
  account_review_update business_capability_update security smb_app_state_sync history`.split(/\s+/),
);

/** Types of messages by which nobody says anything: the customer only opened the chat. */
const EMPTY_TYPES: ReadonlySet<string> = new Set(['request_welcome']);

/** Contacts come next to the messages in no promised order: they are matched by their names. */
function contactFor(contacts: readonly Members[], phone: string | undefined, scopedId: string | undefined) {
  return (
    contacts.find(({ wa_id }) => phone !== undefined && idOf(wa_id) === phone) ??
    contacts.find(({ user_id }) => scopedId !== undefined && idOf(user_id) === scopedId) ??
    {}
  );
}

/** The number or id that a customer has from now on, and those that are theirs as well. */
function changedIds(type: string, message: Members): Pick<InboundMessage, 'changedTo' | 'otherIds'> {
  if (type !== 'system') return {};
  const system = membersOf(message['system']);
  const number = idOf(system['wa_id']) ?? idOf(system['new_wa_id']);
  const [to, ...others] = [number, idOf(system['user_id']), idOf(system['previous_user_id'])].flatMap((id) =>
    id === undefined ? [] : (whatsappCustomer(id) ?? []),
  );
  if (!to) return {};
  return {
    changedTo: { userId: to.userId, phone: to.phone },
    otherIds: [to, ...others].map(({ userId }) => userId),
  };
}

function messageItem(
  raw: unknown,
  number: Line,
  value: Members,
  contacts: readonly Members[],
  { receivedAt }: ReadContext,
): NormalizedItem {
  const kept = { metadata: value['metadata'], message: raw };
  const message = membersOf(raw);
  const id = idOf(message['id']);
  if (id === undefined) return deadItem('invalid_message: id', kept);
  // A reply to it would go to one person and be missed by the group.
  if (textOf(message['group_id']) !== undefined) return deadItem('group_message', kept);
  const type = textOf(message['type']) ?? 'unknown';
  if (EMPTY_TYPES.has(type)) return ignoredItem(type, kept);
  const from = idOf(message['from']);
  const scopedId = idOf(message['from_user_id']);
  const contact = contactFor(contacts, from, scopedId);
  const sender = whatsappCustomer(from, scopedId, idOf(contact['user_id']));
  if (!sender) return deadItem('no_sender', kept);
  const { contentKind, content, attachments, parts, about } = whatsappContent({ ...message, type });
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...metadataOf(number),
      ...sender,
      ...changedIds(type, message),
      userName: shortTextOf(membersOf(contact['profile'])['name']) ?? null,
      sentAt: sentAtOf(message['timestamp'], receivedAt),
      channelMessageId: id,
      contentKind,
      content,
      attachments: [...attachments],
      ...(parts && { parts }),
      replyTo: about ?? idOf(membersOf(message['context'])['id']) ?? null,
    },
  };
}

/** What a change of each field holds, as items. */
const FIELDS: ReadonlyMap<
  string,
  (value: Members, number: Line, context: ReadContext) => readonly NormalizedItem[]
> = new Map([
  [
    'messages',
    (value, number, context) => {
      const contacts = listOf(value['contacts']).map(membersOf);
      return [
        ...listOf(value['messages']).map((one) => messageItem(one, number, value, contacts, context)),
        ...listOf(value['statuses']).map((one) => statusItem(one, number, value, context)),
      ];
    },
  ],
  [
    'user_preferences',
    (value, number, context) =>
      listOf(value['user_preferences']).map((one) => preferenceItem(one, number, context)),
  ],
  ['calls', (value, number, context) => listOf(value['calls']).map((one) => callItem(one, number, context))],
  [
    'smb_message_echoes',
    (value, number, context) => listOf(value['message_echoes']).map((one) => echoItem(one, number, context)),
  ],
  [
    'message_echoes',
    (value, number, context) => listOf(value['message_echoes']).map((one) => echoItem(one, number, context)),
  ],
]);

/** The lists of a change: what each is called when the number is none of ours. */
const LISTS = [
  ['messages', 'message'],
  ['statuses', 'status'],
  ['user_preferences', 'user_preference'],
  ['calls', 'call'],
  ['message_echoes', 'message_echo'],
] as const;

function changeItems(raw: unknown, at: string, context: ReadContext): readonly NormalizedItem[] {
  const change = membersOf(raw);
  const field = textOf(change['field']);
  if (field === undefined) return [deadItem('invalid_change: field', raw)];
  if (field === 'message_template_status_update') return [templatePart(raw, change['value'], at)];
  if (OTHER_FIELDS.has(field)) return [ignoredItem(`field_${field}`, raw)];
  const read = FIELDS.get(field);
  if (!read) return [deadItem('unknown_field', raw)];
  const value = membersOf(change['value']);
  const metadata = value['metadata'];
  const id = phoneNumberIdOf(value);
  const errors = listOf(value['errors']).map((error) => deadItem('channel_error', { metadata, error }));
  const inside = LISTS.flatMap(([list, one]) => listOf(value[list]).map((item) => ({ [one]: item })));
  if (inside.length + errors.length === 0) return [deadItem('nothing_in_it', raw)];
  if (id === undefined) return [deadItem('invalid_value: metadata', raw)];
  const number = context.lines.find('whatsapp', id);
  if (!number) {
    const { contacts } = value;
    const foreign = inside.map((item) =>
      deadItem('unknown_phone_number_id', { metadata, ...item, ...('message' in item && { contacts }) }),
    );
    return [...foreign, ...errors];
  }
  return [...read(value, number, context), ...errors];
}

export const whatsapp: Normalizer = (body, context) =>
  listOf(membersOf(body)['entry']).flatMap((entry) => {
    const { changes, time } = membersOf(entry);
    if (typeof entry !== 'object' || entry === null) return [deadItem('invalid_entry: body', entry)];
    return listOf(changes).flatMap((change) =>
      changeItems(change, sentAtOf(time, context.receivedAt), context),
    );
  });
