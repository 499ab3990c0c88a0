/** One event of WAHA (docs/design/channels.md#waha). */
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import { idOf, isTrue, type Members, membersOf, numberOf, shortTextOf, textOf, timeOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { metadataOf } from '../whatsapp/metadata.ts';
import { type Content, labelled, say } from '../words.ts';
import { wahaContent } from './content.ts';
import { messageIdIn, personIn } from './ids.ts';

/** `ack`: how far a message of ours came; null: nothing to tell yet. */
const ACKS: ReadonlyMap<number, DeliveryStatus | null> = new Map([
  [-1, 'failed'],
  [0, null],
  [1, 'sent'],
  [2, 'delivered'],
  [3, 'read'],
  // A voice message that was listened to.
  [4, 'read'],
]);

interface Arrived {
  readonly line: Line;
  readonly payload: Members;
  readonly body: unknown;
  readonly receivedAt: string;
}

const messageId = (value: unknown): string | undefined => messageIdIn(idOf(value));

/** Engines have their own places for what people call themselves; where none is, there is none. */
function nameIn(payload: Members): string | null {
  const data = membersOf(payload['_data']);
  const name = data['notifyName'] ?? data['pushName'] ?? membersOf(data['Info'])['PushName'];
  return shortTextOf(name) ?? null;
}

/** What everything about one customer has in common; or why there is none. */
function aboutOf(
  { line, payload, body, receivedAt }: Arrived,
  chat: unknown,
):
  | { readonly item: NormalizedItem }
  | {
      readonly about: ReturnType<typeof metadataOf> &
        Omit<Exclude<ReturnType<typeof personIn>, 'not_a_person' | undefined>, ''> & {
          readonly templatesBy: 'none';
          readonly idsOfLine: true;
          readonly userName: string | null;
          readonly sentAt: string;
        };
    } {
  const person = personIn(idOf(chat));
  if (person === 'not_a_person') return { item: ignoredItem('not_a_private_chat', body) };
  if (person === undefined) return { item: deadItem('no_sender', body) };
  return {
    about: {
      ...metadataOf(line),
      ...person,
      templatesBy: 'none',
      // The same message comes under a number and under a hidden id.
      idsOfLine: true,
      userName: isTrue(payload['fromMe']) ? null : nameIn(payload),
      sentAt: timeOf(payload['timestamp']) ?? receivedAt,
    },
  };
}

/** @param content of a message of the customer; `id`: of this event, where it is none of the message's own */
function saidBy(
  arrived: Arrived,
  chat: unknown,
  id: string | undefined,
  content: Content,
  quoted?: unknown,
): NormalizedItem {
  if (id === undefined) return deadItem('invalid_message: id', arrived.body);
  const found = aboutOf(arrived, chat);
  if ('item' in found) return found.item;
  const { contentKind, content: words, attachments, parts, about } = content;
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...found.about,
      channelMessageId: id,
      contentKind,
      content: words,
      attachments: [...attachments],
      ...(parts && { parts }),
      replyTo: about ?? messageId(quoted) ?? null,
    },
  };
}

function messageItem(arrived: Arrived): NormalizedItem {
  const { payload, body } = arrived;
  const id = messageId(payload['id']);
  if (!isTrue(payload['fromMe']))
    return saidBy(arrived, payload['from'], id, wahaContent(payload), membersOf(payload['replyTo'])['id']);
  if (id === undefined) return deadItem('invalid_message: id', body);
  const found = aboutOf(arrived, payload['to']);
  if ('item' in found) return found.item;
  const source = textOf(payload['source']);
  // Sent by us: that it is there at all is a report, also where the answer to us was lost.
  if (source === 'api')
    return {
      kind: 'inbound',
      inbound: { kind: 'status', ...found.about, channelMessageId: id, status: 'sent', error: null },
    };
  if (source !== 'app') return ignoredItem('echo', body);
  const { contentKind, content, attachments } = wahaContent(payload);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'said_elsewhere',
      ...found.about,
      channelMessageId: id,
      contentKind,
      content,
      attachments: [...attachments],
      by: 'phone',
    },
  };
}

function ackItem(arrived: Arrived): NormalizedItem {
  const { payload, body } = arrived;
  const id = messageId(payload['id']);
  const status = ACKS.get(numberOf(payload['ack']) ?? NaN);
  // Of a message of the customer it says that we read it.
  if (!isTrue(payload['fromMe'])) return ignoredItem('own_ack', body);
  if (id === undefined || status === undefined) return deadItem('unknown_ack', body);
  if (status === null) return ignoredItem('ack_pending', body);
  const found = aboutOf(arrived, payload['to'] ?? payload['from']);
  if ('item' in found) return found.item;
  const error = status === 'failed' ? 'waha_ack_error' : null;
  return {
    kind: 'inbound',
    // An ack has the time of its message, if any: its own is that of its arrival.
    inbound: {
      kind: 'status',
      ...found.about,
      sentAt: arrived.receivedAt,
      channelMessageId: id,
      status,
      error,
    },
  };
}

function reactionItem(arrived: Arrived): NormalizedItem {
  const { payload, body } = arrived;
  if (isTrue(payload['fromMe'])) return ignoredItem('own_reaction', body);
  const { text, messageId: target } = membersOf(payload['reaction']);
  const emoji = shortTextOf(text);
  const content = emoji === undefined ? labelled('Reaksi dihapus') : labelled('Reaksi', emoji);
  return saidBy(arrived, payload['from'], messageId(payload['id']), {
    ...say('reaction', content),
    about: messageId(target),
  });
}

function editItem(arrived: Arrived): NormalizedItem {
  const { payload, body } = arrived;
  if (isTrue(payload['fromMe'])) return ignoredItem('own_edit', body);
  const edited = messageId(payload['editedMessageId']);
  const id = messageId(payload['id']) ?? edited;
  const words = labelled('Diedit', textOf(payload['body']));
  return saidBy(arrived, payload['from'], id === undefined ? undefined : `${id}:edited`, {
    ...say('edited', words),
    about: edited,
  });
}

function revokedItem(arrived: Arrived): NormalizedItem {
  const { payload, body } = arrived;
  const after = membersOf(payload['after'] ?? payload['before']);
  if (isTrue(after['fromMe'])) return ignoredItem('own_revoke', body);
  const revoked = messageId(payload['revokedMessageId']) ?? messageId(after['id']);
  return saidBy(
    { ...arrived, payload: after },
    after['from'] ?? payload['from'],
    revoked === undefined ? undefined : `${revoked}:revoked`,
    { ...say('deleted', labelled('Pesan dihapus oleh pelanggan')), about: revoked },
  );
}

const READERS: ReadonlyMap<string, (arrived: Arrived) => NormalizedItem> = new Map([
  ['message', messageItem],
  ['message.any', messageItem],
  ['message.ack', ackItem],
  ['message.reaction', reactionItem],
  ['message.edited', editItem],
  ['message.revoked', revokedItem],
]);

export function wahaItems(body: unknown, { lines, receivedAt }: ReadContext): readonly NormalizedItem[] {
  const envelope = membersOf(body);
  const event = textOf(envelope['event']);
  if (event === undefined) return [deadItem('invalid_event: event', body)];
  const read = READERS.get(event);
  // Sessions are watched; groups, calls, presence and what is new are none of a talk's.
  if (!read) return [ignoredItem(`event_${event.slice(0, 40)}`, body)];
  const session = idOf(envelope['session']);
  const line = session === undefined ? undefined : lines.find('whatsapp', session);
  if (!line) return [deadItem('unknown_line', body)];
  return [read({ line, payload: membersOf(envelope['payload']), body, receivedAt })];
}
