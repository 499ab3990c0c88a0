/**
 * One request of Twilio: a message or a status, without a time of its own (docs/design/channels.md#twilio). What the reconciler
 * reads from its list of messages is brought into the same form, with `DateSent`.
 */
import { idOf, type Members, membersOf, shortTextOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { metadataOf, whatsappCustomer, whatsappRecipient } from '../whatsapp/metadata.ts';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import { phoneDigits } from '../../domain/customers/phone.ts';
import { twilioContent } from './content.ts';

/** Of `null` there is nothing to tell yet. */
const STATUSES: ReadonlyMap<string, DeliveryStatus | null> = new Map([
  ['accepted', null],
  ['scheduled', null],
  ['queued', null],
  ['sending', null],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** Without the channel's prefix: a number with `+`, or a business-scoped id. */
const nameOf = (value: unknown): string | undefined => idOf(value)?.replace(/^whatsapp:/i, '');

/** Twilio names our own number with the prefix of the channel. */
const lineOf = (value: unknown, { lines }: ReadContext): Line | undefined => {
  const name = nameOf(value);
  return name === undefined ? undefined : lines.find('whatsapp', phoneDigits(name));
};

const aboutLine = (line: Line) => ({
  ...metadataOf(line),
  templatesBy: 'content_sid' as const,
});

/** RFC 2822, as its list of messages says it; a webhook says none, so it is as old as its delivery. */
function sentAtOf(form: Members, receivedAt: string): string {
  const at = Date.parse(textOf(form['DateSent']) ?? '');
  return Number.isNaN(at) ? receivedAt : new Date(at).toISOString();
}

function statusItem(
  form: Members,
  id: string,
  said: string,
  messageId: string | undefined,
  context: ReadContext,
) {
  const status = STATUSES.get(said);
  if (status === undefined) return deadItem('unknown_status', form);
  if (status === null) return ignoredItem(`status_${said}`, form);
  const line = lineOf(form['From'], context);
  if (!line) return deadItem('unknown_line', form);
  const recipient = whatsappRecipient(nameOf(form['To']), undefined);
  if (!recipient) return deadItem('no_recipient', form);
  const code = idOf(form['ErrorCode']);
  const words = shortTextOf(form['ErrorMessage']) ?? shortTextOf(form['ChannelStatusMessage']);
  return {
    kind: 'inbound' as const,
    inbound: {
      kind: 'status' as const,
      ...aboutLine(line),
      ...recipient,
      userName: null,
      sentAt: sentAtOf(form, context.receivedAt),
      channelMessageId: id,
      ...(messageId !== undefined && { messageId }),
      status,
      error:
        code === undefined || code === '0'
          ? null
          : [`tw_${code}`, ...(words === undefined ? [] : [words])].join(' '),
    },
  };
}

/** @param messageId ours, where the address of a report says it */
export function twilioItems(
  body: unknown,
  messageId: string | undefined,
  context: ReadContext,
): readonly NormalizedItem[] {
  const form = membersOf(body);
  const id = idOf(form['MessageSid']) ?? idOf(form['SmsMessageSid']) ?? idOf(form['SmsSid']);
  if (id === undefined) return [deadItem('invalid_message: MessageSid', form)];
  const said = (textOf(form['MessageStatus']) ?? textOf(form['SmsStatus']) ?? 'received').toLowerCase();
  if (!said.startsWith('receiv')) return [statusItem(form, id, said, messageId, context)];
  const line = lineOf(form['To'], context);
  if (!line) return [deadItem('unknown_line', form)];
  const from = nameOf(form['From']);
  if (lineOf(from, context)) return [ignoredItem('own_account', form)];
  const sender = whatsappCustomer(from, idOf(form['WaId'])) ?? whatsappCustomer(idOf(form['WaId']));
  if (!sender) return [deadItem('no_sender', form)];
  const { contentKind, content, attachments, parts } = twilioContent(form);
  return [
    {
      kind: 'inbound',
      inbound: {
        kind: 'message',
        ...aboutLine(line),
        ...sender,
        userName: shortTextOf(form['ProfileName']) ?? null,
        sentAt: sentAtOf(form, context.receivedAt),
        channelMessageId: id,
        contentKind,
        content,
        attachments: [...attachments],
        ...(parts && { parts }),
        replyTo: idOf(form['OriginalRepliedMessageSid']) ?? null,
      },
    },
  ];
}
