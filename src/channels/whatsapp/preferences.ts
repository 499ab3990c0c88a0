/**
 * A customer said in WhatsApp that they want no more offers from us (docs/design/whatsapp.md#delivery-guarantees,
 * field `user_preferences`).
 */
import { idOf, membersOf, textOf } from '../lenient.ts';
import type { Line } from '../lines.ts';
import type { ReadContext } from '../provider.ts';
import { deadItem, ignoredItem, type NormalizedItem } from '../reading.ts';
import { metadataOf, sentAtOf, whatsappCustomer } from './metadata.ts';

export function preferenceItem(raw: unknown, number: Line, { receivedAt }: ReadContext): NormalizedItem {
  const kept = { metadata: { phone_number_id: number.id }, user_preference: raw };
  const preference = membersOf(raw);
  const who = whatsappCustomer(idOf(preference['wa_id']), idOf(preference['user_id']));
  if (!who) return deadItem('no_sender', kept);
  // Who takes it back is asked by a person: that they want none was theirs to say, and is remembered for good.
  if (textOf(preference['category']) !== 'marketing_messages' || textOf(preference['value']) !== 'stop')
    return ignoredItem('user_preference', kept);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'opted_out',
      ...metadataOf(number),
      ...who,
      userName: null,
      sentAt: sentAtOf(preference['timestamp'], receivedAt),
    },
  };
}
