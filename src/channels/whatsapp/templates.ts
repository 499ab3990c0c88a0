/**
 * Reports of Meta about our templates, field `message_template_status_update`
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
import { z } from 'zod';
import type { TemplateState } from '../../domain/blasts/template.ts';
import { ignoredItem, type NormalizedItem } from '../reading.ts';
import { unixSeconds } from './metadata.ts';

/** What Meta calls it, and what it means for us; anything else does not change whether it may be sent. */
const TEMPLATE_EVENTS: ReadonlyMap<string, TemplateState> = new Map([
  ['APPROVED', 'approved'],
  ['REINSTATED', 'approved'],
  ['UNPAUSED', 'approved'],
  ['PAUSED', 'paused'],
  ['REJECTED', 'rejected'],
  ['DISABLED', 'disabled'],
  ['PENDING_DELETION', 'disabled'],
  ['DELETED', 'disabled'],
]);

const templateSchema = z.object({
  event: z.string(),
  message_template_name: z.string().min(1),
  message_template_language: z.string().min(1),
  reason: z.string().nullish(),
});

/** `entry.time`, where it is one: two pauses of one template are two, and a repeated delivery is one. */
export const timeOf = (time: unknown, receivedAt: string): string =>
  unixSeconds.safeParse(time).data ?? receivedAt;

export function templatePart(change: unknown, value: unknown, at: string): NormalizedItem {
  const parsed = templateSchema.safeParse(value);
  const { event = '', message_template_name, message_template_language, reason } = parsed.data ?? {};
  const state = TEMPLATE_EVENTS.get(event.toUpperCase());
  if (!state || message_template_name === undefined || message_template_language === undefined)
    return ignoredItem('field_message_template_status_update', change);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'template_status',
      whatsappName: message_template_name,
      language: message_template_language,
      state,
      reason: reason && reason !== 'NONE' ? reason : null,
      sentAt: at,
    },
  };
}
