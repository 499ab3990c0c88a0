/**
 * A Telegram `Update`; its secret token says which bot it is for, and so which line and division
 * (docs/design/api.md#division-of-a-delivery).
 */
import type { Division } from '../../domain/vocabulary.ts';
import { idOf, isTrue, type Members, membersOf, shortTextOf, textOf, timeOf } from '../lenient.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { labelled } from '../words.ts';
import { telegramContent } from './content.ts';

/** The bot that an update came to. */
export interface TelegramLine {
  readonly division: Division;
  readonly line: string;
}

/** Updates of a bot that say nothing of a talk. */
const WITHOUT_EFFECT = [
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'poll',
  'poll_answer',
  'inline_query',
  'chosen_inline_result',
  'shipping_query',
  'pre_checkout_query',
  'channel_post',
  'edited_channel_post',
  'message_reaction_count',
  'business_connection',
];

/** Members of an update that hold a message, and whether it replaces an earlier one. */
const MESSAGES: readonly (readonly [member: string, edited: boolean])[] = [
  ['message', false],
  ['edited_message', true],
  ['business_message', false],
  ['edited_business_message', true],
];

const nameOf = (who: Members): string =>
  [who['first_name'], who['last_name']].flatMap((part) => shortTextOf(part) ?? []).join(' ');

const about = (bot: TelegramLine, from: Members, id: string, sentAt: string) => ({
  division: bot.division,
  channel: 'telegram' as const,
  line: bot.line,
  userId: `tg_${id}`,
  businessScopedId: null,
  phone: null,
  userName: nameOf(from) || null,
  botId: bot.division,
  waPhoneId: null,
  waDisplayName: null,
  sentAt,
  isOfficeHours: null,
});

interface Arrived {
  readonly bot: TelegramLine;
  readonly receivedAt: string;
  /** The whole update, as a dead letter keeps it. */
  readonly update: unknown;
}

function messageItem(raw: unknown, edited: boolean, { bot, receivedAt, update }: Arrived): NormalizedItem {
  const message = membersOf(raw);
  const id = idOf(message['message_id']);
  if (id === undefined) return deadItem('invalid_message: message_id', update);
  const chat = membersOf(message['chat']);
  const type = textOf(chat['type']);
  const from = membersOf(message['from']);
  const sender = idOf(from['id']);
  const chatId = idOf(chat['id']);
  // Without a type, a private chat is the one that has its sender's id.
  const isPrivate = type === 'private' || (type === undefined && (chatId === undefined || chatId === sender));
  if (!isPrivate) return ignoredItem('not_a_private_chat', update);
  if (sender === undefined) return deadItem('no_sender', update);
  if (isTrue(from['is_bot'])) return ignoredItem('echo', update);
  // The owner of the account writes to the customer: the chat is the customer's.
  const isOwner =
    message['business_connection_id'] !== undefined && chatId !== undefined && chatId !== sender;
  const written = timeOf(message['date']) ?? receivedAt;
  const sentAt = edited ? (timeOf(message['edit_date']) ?? written) : written;
  const { contentKind, content, attachments, parts } = telegramContent(message);
  // An edit is a fact of its own: the message before stays as it was.
  const channelMessageId = edited ? `${id}:edited:${String(Date.parse(sentAt) / 1000)}` : id;
  if (isOwner) {
    const customer = about(bot, chat, chatId, sentAt);
    const said = { contentKind, content, attachments: [...attachments], by: 'phone' as const };
    return {
      kind: 'inbound',
      inbound: { kind: 'said_elsewhere', ...customer, channelMessageId, ...said },
    };
  }
  // A live location that moves is one entry: each step replaces the one before.
  const moves = edited && parts?.location !== undefined;
  const replied = idOf(membersOf(message['reply_to_message'])['message_id']);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...about(bot, from, sender, sentAt),
      idsRestart: true,
      channelMessageId,
      contentKind: moves ? 'moved' : edited ? 'edited' : contentKind,
      content: edited && !moves ? labelled('Diedit', content) : content,
      attachments: [...attachments],
      ...(parts && { parts }),
      replyTo: edited ? id : (replied ?? null),
    },
  };
}

function tapPart(raw: unknown, { bot, receivedAt, update }: Arrived): NormalizedItem {
  const tap = membersOf(raw);
  const id = idOf(tap['id']);
  const from = membersOf(tap['from']);
  const sender = idOf(from['id']);
  if (id === undefined || sender === undefined) return deadItem('invalid_callback_query: id', update);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      // Telegram says when the buttons were sent, not when one was tapped.
      ...about(bot, from, sender, receivedAt),
      channelMessageId: `tap:${id}`,
      contentKind: 'button',
      content: textOf(tap['data']) ?? labelled('Tombol'),
      attachments: [],
      replyTo: null,
    },
  };
}

/** The customer's emoji on a message, or none when they took it back. */
function reactionPart(raw: unknown, { bot, receivedAt, update }: Arrived): NormalizedItem {
  const reaction = membersOf(raw);
  const user = membersOf(reaction['user']);
  const sender = idOf(user['id']);
  const target = idOf(reaction['message_id']);
  if (
    sender === undefined ||
    target === undefined ||
    textOf(membersOf(reaction['chat'])['type']) !== 'private'
  )
    return ignoredItem('message_reaction', update);
  const emojis = Array.isArray(reaction['new_reaction']) ? reaction['new_reaction'] : [];
  const emoji = emojis.flatMap((one) => shortTextOf(membersOf(one)['emoji']) ?? [])[0];
  const sentAt = timeOf(reaction['date']) ?? receivedAt;
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...about(bot, user, sender, sentAt),
      idsRestart: true,
      channelMessageId: `reaction:${target}:${emoji ?? ''}`,
      contentKind: 'reaction',
      content:
        emoji !== undefined
          ? labelled('Reaksi', emoji)
          : labelled(emojis.length > 0 ? 'Reaksi' : 'Reaksi dihapus'),
      attachments: [],
      replyTo: target,
    },
  };
}

/** The account owner's messages that were taken back (Telegram Business); the bot is told only for those. */
function deletedParts(raw: unknown, { bot, receivedAt, update }: Arrived): readonly NormalizedItem[] {
  const deleted = membersOf(raw);
  const chat = membersOf(deleted['chat']);
  const customer = idOf(chat['id']);
  const ids = Array.isArray(deleted['message_ids'])
    ? deleted['message_ids'].flatMap((id) => idOf(id) ?? [])
    : [];
  if (customer === undefined || ids.length === 0) return [ignoredItem('deleted_business_messages', update)];
  return ids.map((id) => ({
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...about(bot, chat, customer, receivedAt),
      channelMessageId: `deleted:${id}`,
      contentKind: 'deleted',
      content: labelled('Pesan dihapus'),
      attachments: [],
      replyTo: id,
    },
  }));
}

/** @param bot whose secret token came with the update */
export function telegram(body: unknown, bot: TelegramLine, receivedAt: string): readonly NormalizedItem[] {
  const update = membersOf(body);
  const arrived = { bot, receivedAt, update: body };
  for (const [member, edited] of MESSAGES)
    if (update[member] !== undefined) return [messageItem(update[member], edited, arrived)];
  if (update['callback_query'] !== undefined) return [tapPart(update['callback_query'], arrived)];
  if (update['message_reaction'] !== undefined) return [reactionPart(update['message_reaction'], arrived)];
  if (update['deleted_business_messages'] !== undefined)
    return deletedParts(update['deleted_business_messages'], arrived);
  const effectless = WITHOUT_EFFECT.find((member) => update[member] !== undefined);
  return [effectless === undefined ? deadItem('unknown_update', body) : ignoredItem(effectless, body)];
}
