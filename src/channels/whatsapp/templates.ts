/**
 * Reports of Meta about our templates, field `message_template_status_update`
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
import type { TemplateState } from '../../domain/blasts/template.ts';
import { idOf, membersOf, shortTextOf, textOf } from '../lenient.ts';
import { ignoredItem, type NormalizedItem } from '../reading.ts';

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

export function templatePart(change: unknown, value: unknown, at: string): NormalizedItem {
  const report = membersOf(value);
  const state = TEMPLATE_EVENTS.get((textOf(report['event']) ?? '').toUpperCase());
  const whatsappName = idOf(report['message_template_name']);
  const language = idOf(report['message_template_language']);
  const reason = shortTextOf(report['reason']);
  if (!state || whatsappName === undefined || language === undefined)
    return ignoredItem('field_message_template_status_update', change);
  return {
    kind: 'inbound',
    inbound: {
      kind: 'template_status',
      whatsappName,
      language,
      state,
      reason: reason === undefined || reason === 'NONE' ? null : reason,
      sentAt: at,
    },
  };
}
