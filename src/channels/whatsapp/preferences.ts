/**
 * A customer said in WhatsApp that they want no more offers from us (docs/design/whatsapp.md#delivery-guarantees,
 * field `user_preferences`).
 */
import { z } from 'zod';
import { deadItem, ignoredItem, invalidItem, listOf, type NormalizedItem } from '../reading.ts';
import type { Line, Lines } from '../lines.ts';
import { metadataOf, whatsappCustomer, unixSeconds } from './metadata.ts';

const valueSchema = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  user_preferences: z.unknown(),
});
const preferenceSchema = z.object({
  wa_id: z.string().min(1).optional(),
  user_id: z.string().min(1).optional(),
  category: z.string(),
  value: z.string(),
  timestamp: unixSeconds,
});

function preferenceItem(preference: unknown, number: Line): NormalizedItem {
  const raw = { metadata: { phone_number_id: number.id }, user_preference: preference };
  const parsed = preferenceSchema.safeParse(preference);
  if (!parsed.success) return invalidItem('user_preference', parsed.error, raw);
  const { wa_id, user_id, category, value, timestamp } = parsed.data;
  const who = whatsappCustomer(wa_id, user_id);
  if (!who) return deadItem('no_sender', raw);
  // Who takes it back is asked by a person: that they want none was theirs to say, and is remembered for good.
  if (category !== 'marketing_messages' || value !== 'stop') return ignoredItem('user_preference', raw);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'opted_out',
      ...metadataOf(number),
      ...who,
      userName: null,
      sentAt: timestamp,
    },
  };
}

/** @param value of the change */
export function preferenceItems(change: unknown, value: unknown, lines: Lines): readonly NormalizedItem[] {
  const parsed = valueSchema.safeParse(value);
  if (!parsed.success) return [invalidItem('value', parsed.error, change)];
  const { metadata, user_preferences } = parsed.data;
  const number = lines.find('whatsapp', metadata.phone_number_id);
  if (!number) return [deadItem('unknown_phone_number_id', change)];
  const all = listOf(user_preferences);
  if (all.length === 0) return [deadItem('nothing_in_it', change)];
  return all.map((one) => preferenceItem(one, number));
}
