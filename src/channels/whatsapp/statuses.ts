/** How far our messages came, as Meta reports it (docs/design/whatsapp.md#delivery-guarantees). */
import { z } from 'zod';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import { idOf, listOf, type Members, membersOf, shortTextOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, type NormalizedItem } from '../reading.ts';
import { metadataOf, sentAtOf, whatsappRecipient } from './metadata.ts';

const STATUSES: ReadonlyMap<string | undefined, DeliveryStatus> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  // A voice message that was listened to: further than read there is nothing.
  ['played', 'read'],
  ['failed', 'failed'],
]);

const uuid = z.uuid();

/** `131026 Message undeliverable`: the code first, which decides what is done about it. */
function errorOf(errors: unknown): string | null {
  const [first] = listOf(errors);
  if (first === undefined) return null;
  const { code, title, message, error_data } = membersOf(first);
  const texts = [code, textOf(title) ?? message, membersOf(error_data)['details']];
  return texts.flatMap((text) => shortTextOf(text) ?? []).join(' ');
}

export function statusItem(
  raw: unknown,
  number: Line,
  value: Members,
  { receivedAt }: ReadContext,
): NormalizedItem {
  const kept = { metadata: value['metadata'], status: raw };
  const status = membersOf(raw);
  const id = idOf(status['id']);
  if (id === undefined) return deadItem('invalid_status: id', kept);
  const known = STATUSES.get(textOf(status['status']));
  if (!known) return deadItem('unknown_status', kept);
  const recipient = whatsappRecipient(idOf(status['recipient_id']), idOf(status['recipient_user_id']));
  if (!recipient) return deadItem('no_recipient', kept);
  // Set by our sender; another program may put anything there.
  const ours = uuid.safeParse(status['biz_opaque_callback_data']).data;
  return {
    kind: 'inbound',
    inbound: {
      kind: 'status',
      ...metadataOf(number),
      ...recipient,
      userName: null,
      sentAt: sentAtOf(status['timestamp'], receivedAt),
      channelMessageId: id,
      ...(ours === undefined ? {} : { messageId: ours }),
      status: known,
      error: errorOf(status['errors']),
    },
  };
}
