/**
 * Instagram (`object: 'instagram'`) and Messenger (`object: 'page'`): one form, two channels
 * (docs/design/api.md#webhook).
 */
import type { Inbound, InboundMessage } from '../../domain/inbound/inbound.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { idOf, isTrue, listOf, type Members, membersOf, shortTextOf, textOf, timeOf } from '../lenient.ts';
import type { Normalizer, ReadContext } from '../provider.ts';
import { deadItem, digest, ignoredItem, type NormalizedItem } from '../reading.ts';
import { labelled } from '../words.ts';
import { pageContent } from './page-content.ts';

type MetaChannel = 'instagram' | 'facebook';
const PREFIX: Readonly<Record<MetaChannel, string>> = { instagram: 'ig_', facebook: 'fb_' };

/** Events that change nothing here; a seen-mark with only a watermark names no message of ours. */
const WITHOUT_EFFECT = [
  'read',
  'delivery',
  'typing',
  'optin',
  'referral',
  'pass_thread_control',
  'take_thread_control',
  'request_thread_control',
  'app_roles',
];

/** Fields of `changes` that hold the same events as `messaging`; every other says nothing of a talk. */
const MESSAGING_FIELDS: ReadonlySet<string> = new Set([
  'messages',
  'messaging_postbacks',
  'message_reactions',
  'messaging_seen',
  'message_edit',
  'messaging_referral',
  'message_echoes',
]);

/** Of Meta's own inbox: what it sends carries this app, although a person wrote it. */
const META_INBOX = '263902037430900';

/** One event, its sender and its place. */
interface Arrived {
  readonly channel: MetaChannel;
  readonly division: Division;
  readonly line: string;
  readonly event: Members;
  readonly raw: unknown;
  /** The other side of the talk: never our own account. */
  readonly customer: string;
  readonly sentAt: string;
}

const about = ({ channel, division, line, customer, sentAt }: Arrived) => ({
  division,
  channel,
  line,
  userId: `${PREFIX[channel]}${customer}`,
  businessScopedId: null,
  phone: null,
  userName: null,
  botId: division,
  waPhoneId: null,
  waDisplayName: null,
  sentAt,
  isOfficeHours: null,
});

const inboundItem = (inbound: Inbound): NormalizedItem => ({ kind: 'inbound', inbound });

const received = (
  arrived: Arrived,
  message: Pick<
    InboundMessage,
    'channelMessageId' | 'contentKind' | 'content' | 'attachments' | 'parts' | 'replyTo'
  >,
): NormalizedItem => inboundItem({ kind: 'message', ...about(arrived), ...message });

function messageItem(value: unknown, arrived: Arrived): NormalizedItem {
  const message = membersOf(value);
  const mid = idOf(message['mid']);
  if (mid === undefined) return deadItem('invalid_message: mid', arrived.raw);
  if (isTrue(message['is_self'])) return ignoredItem('own_account', arrived.raw);
  const isEcho = isTrue(message['is_echo']);
  if (isTrue(message['is_deleted'])) {
    if (isEcho) return ignoredItem('echo', arrived.raw);
    return received(arrived, {
      channelMessageId: `deleted:${mid}`,
      contentKind: 'deleted',
      content: labelled('Pesan dihapus oleh pelanggan'),
      attachments: [],
      replyTo: mid,
    });
  }
  const { contentKind, content, attachments, parts } = pageContent(message);
  if (isEcho) {
    // With the id of an app, a program sent it: our own sender, or a bot that reports what it says.
    const app = idOf(message['app_id']);
    if (app !== undefined && app !== META_INBOX) return ignoredItem('echo', arrived.raw);
    return inboundItem({
      kind: 'said_elsewhere',
      ...about(arrived),
      channelMessageId: mid,
      contentKind,
      content,
      attachments: [...attachments],
      by: 'inbox',
    });
  }
  return received(arrived, {
    channelMessageId: mid,
    contentKind,
    content,
    attachments: [...attachments],
    ...(parts && { parts }),
    replyTo: idOf(membersOf(message['reply_to'])['mid']) ?? null,
  });
}

function postbackPart(value: unknown, arrived: Arrived): NormalizedItem {
  const { mid, title, payload } = membersOf(value);
  return received(arrived, {
    // Old versions give a postback no id: one person taps once per millisecond.
    channelMessageId: idOf(mid) ?? digest(['postback', arrived.customer, arrived.sentAt]),
    contentKind: 'button',
    content: textOf(title) ?? textOf(payload) ?? labelled('Tombol'),
    attachments: [],
    replyTo: null,
  });
}

function reactionPart(value: unknown, arrived: Arrived): NormalizedItem {
  const { mid, action, emoji, reaction } = membersOf(value);
  const target = idOf(mid);
  if (target === undefined) return deadItem('invalid_reaction: mid', arrived.raw);
  return received(arrived, {
    channelMessageId: digest(['reaction', target, arrived.customer, arrived.sentAt]),
    contentKind: 'reaction',
    content:
      textOf(action) === 'unreact'
        ? labelled('Reaksi dihapus')
        : labelled('Reaksi', shortTextOf(emoji) ?? shortTextOf(reaction)),
    attachments: [],
    replyTo: target,
  });
}

/** The message before stays as it was. */
function editPart(value: unknown, arrived: Arrived): NormalizedItem {
  const { mid, text, num_edit } = membersOf(value);
  const target = idOf(mid);
  if (target === undefined) return deadItem('invalid_message_edit: mid', arrived.raw);
  return received(arrived, {
    channelMessageId: digest(['edit', target, textOf(num_edit) ?? arrived.sentAt]),
    contentKind: 'edited',
    content: labelled('Diedit', textOf(text)),
    attachments: [],
    replyTo: target,
  });
}

/** Delivery and seen-marks that name the messages they are about. */
const statusItems = (arrived: Arrived): readonly NormalizedItem[] =>
  (['delivery', 'read'] as const).flatMap((member) => {
    const { mid, mids } = membersOf(arrived.event[member]);
    return [...listOf(mids), mid]
      .flatMap((id) => idOf(id) ?? [])
      .map((channelMessageId) =>
        inboundItem({
          kind: 'status',
          ...about(arrived),
          channelMessageId,
          status: member === 'read' ? 'read' : 'delivered',
          error: null,
        }),
      );
  });

const READERS = [
  ['message', messageItem],
  ['postback', postbackPart],
  ['reaction', reactionPart],
  ['message_edit', editPart],
] as const;

function eventItems(
  raw: unknown,
  entryId: string,
  channel: MetaChannel,
  { lines, receivedAt }: ReadContext,
): readonly NormalizedItem[] {
  const event = membersOf(raw);
  const sender = idOf(membersOf(event['sender'])['id']);
  const recipient = idOf(membersOf(event['recipient'])['id']);
  if (sender === undefined) return [deadItem('invalid_messaging: sender.id', raw)];
  const line = lines.find(channel, entryId);
  if (!line) return [deadItem('unknown_page_id', { entry_id: entryId, messaging: raw })];
  const isOwn = (id: string | undefined): boolean =>
    id !== undefined && lines.find(channel, id) !== undefined;
  const message = membersOf(event['message']);
  // Our own account is no customer, whether or not the event says that it is an echo.
  const fromUs = isOwn(sender) || sender === entryId;
  if (!fromUs && isTrue(message['is_echo'])) return [ignoredItem('echo', raw)];
  const customer = fromUs ? recipient : sender;
  if (customer === undefined || isOwn(customer) || customer === entryId)
    return [ignoredItem('own_account', raw)];
  const arrived: Arrived = {
    ...{ channel, division: line.division, line: entryId, event, raw, customer },
    sentAt: timeOf(event['timestamp']) ?? receivedAt,
  };
  for (const [member, read] of READERS) {
    const value = event[member];
    if (value === undefined) continue;
    if (!fromUs) return [read(value, arrived)];
    return member === 'message'
      ? [messageItem({ ...message, is_echo: true }, arrived)]
      : [ignoredItem('own_account', raw)];
  }
  const statuses = statusItems(arrived);
  if (statuses.length > 0) return statuses;
  const effectless = WITHOUT_EFFECT.find((member) => event[member] !== undefined);
  return [effectless === undefined ? deadItem('unknown_messaging', raw) : ignoredItem(effectless, raw)];
}

function changeItems(
  raw: unknown,
  entryId: string,
  channel: MetaChannel,
  context: ReadContext,
): readonly NormalizedItem[] {
  const { field, value } = membersOf(raw);
  const name = textOf(field);
  return name !== undefined && MESSAGING_FIELDS.has(name)
    ? eventItems(value, entryId, channel, context)
    : [deadItem('unknown_field', raw)];
}

export const pageNormalizer =
  (channel: MetaChannel): Normalizer =>
  (body, context) =>
    listOf(membersOf(body)['entry']).flatMap((raw) => {
      const { id, messaging, standby, changes } = membersOf(raw);
      const entryId = idOf(id);
      if (entryId === undefined) return [deadItem('invalid_entry: id', raw)];
      return [
        ...listOf(messaging).flatMap((event) => eventItems(event, entryId, channel, context)),
        // What another app handles while it has the thread: sent to us, not ours to answer.
        ...listOf(standby).map((event) => ignoredItem('standby', event)),
        ...listOf(changes).flatMap((change) => changeItems(change, entryId, channel, context)),
      ];
    });
