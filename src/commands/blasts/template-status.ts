/** Meta reports that a template may be used, or no longer (docs/design/whatsapp.md#service-window). */
import type { TemplateStatus } from '../../domain/inbound/inbound.ts';
import { type TemplateEvent, TEMPLATES_ID, templates, type Templates } from '../../domain/blasts/template.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/**
 * Changes every entry of the catalogue that goes out under that name. A name that is not ours changes nothing, nor does a report
 * that was made before the one we know: reports arrive in any order (docs/design/business-rules.md#templates).
 */
export function decideTemplateStatus(
  { byId }: Templates,
  { whatsappName, language, state, reason, sentAt: saidAt }: TemplateStatus,
): TemplateEvent[] {
  return (
    [...byId.values()]
      .filter((one) => one.whatsappName === whatsappName && one.language === language)
      // The same state again is on record too: what is older than it must not undo it.
      .filter((one) => one.saidAt === null || Date.parse(saidAt) > Date.parse(one.saidAt))
      .map(({ id }) => ({ type: 'TemplateStateChanged', data: { templateId: id, state, reason, saidAt } }))
  );
}

/** @throws StoreUnavailable */
export async function recordTemplateStatus(
  handler: CommandHandler,
  status: TemplateStatus,
  eventContext: EventContext,
): Promise<void> {
  await handler.executeCommand(templates, TEMPLATES_ID, eventContext, (state) =>
    decideTemplateStatus(state, status),
  );
}
