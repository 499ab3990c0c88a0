/** Meta reports that a template may be used, or no longer (docs/design/whatsapp.md#service-window). */
import type { TemplateStatus } from '../../domain/inbound/inbound.ts';
import { type TemplateEvent, TEMPLATES_ID, templates, type Templates } from '../../domain/blasts/template.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** Changes every entry of the catalogue that goes out under that name. A name that is not ours changes nothing. */
export function decideTemplateStatus(
  { byId }: Templates,
  { whatsappName, language, state, reason }: TemplateStatus,
): TemplateEvent[] {
  return [...byId.values()]
    .filter((one) => one.whatsappName === whatsappName && one.language === language && one.state !== state)
    .map(({ id }) => ({ type: 'TemplateStateChanged', data: { templateId: id, state, reason } }));
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
