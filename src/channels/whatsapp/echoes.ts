/**
 * What a colleague wrote in the WhatsApp Business app on the same number (docs/design/channels.md#said-elsewhere): fields
 * `smb_message_echoes` and `message_echoes`.
 */
import { idOf, membersOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, type NormalizedItem } from '../reading.ts';
import { whatsappContent } from './content.ts';
import { metadataOf, sentAtOf, whatsappRecipient } from './metadata.ts';

export function echoItem(raw: unknown, number: Line, { receivedAt }: ReadContext): NormalizedItem {
  const kept = { metadata: { phone_number_id: number.id }, message_echo: raw };
  const echo = membersOf(raw);
  const id = idOf(echo['id']);
  if (id === undefined) return deadItem('invalid_message_echo: id', kept);
  const customer = whatsappRecipient(idOf(echo['to']), idOf(echo['to_user_id']));
  if (!customer) return deadItem('no_recipient', kept);
  const type = textOf(echo['type']) ?? 'unknown';
  const { contentKind, content, attachments } = whatsappContent({ ...echo, type });
  return {
    kind: 'inbound',
    inbound: {
      kind: 'said_elsewhere',
      ...metadataOf(number),
      ...customer,
      userName: null,
      sentAt: sentAtOf(echo['timestamp'], receivedAt),
      channelMessageId: id,
      contentKind,
      content,
      attachments: [...attachments],
      by: 'phone',
    },
  };
}
