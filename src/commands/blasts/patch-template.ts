/** Changes the wording or the state of a template in the catalogue (docs/design/api.md#templates). */
import { z } from 'zod';
import {
  sameWording,
  type TemplateEvent,
  TEMPLATES_ID,
  templates,
  type Templates,
  type Wording,
} from '../../domain/blasts/template.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { requireFreeName, templateObject, templateShape } from './template-catalogue.ts';

export const input = z.strictObject(templateShape).partial();
export type PatchTemplateInput = z.infer<typeof input>;

/** @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NAME_TAKEN */
export function decidePatchTemplate(
  state: Templates,
  templateId: string,
  patch: PatchTemplateInput,
  at: string,
): TemplateEvent[] {
  const found = state.byId.get(templateId);
  if (!found) throw new Refusal('TEMPLATE_NOT_FOUND');
  const { whatsapp_template_name: whatsappName, content_sid: contentSid = found.contentSid } = patch;
  const wanted: Wording = {
    name: patch.name ?? found.name,
    language: patch.language ?? found.language,
    body: patch.body ?? found.body,
    whatsappName: whatsappName === undefined ? found.whatsappName : whatsappName,
    ...(contentSid !== undefined && { contentSid }),
  };
  requireFreeName(state, wanted, templateId);
  const events: TemplateEvent[] = [];
  if (!sameWording(found, wanted)) events.push({ type: 'TemplateReworded', data: { templateId, ...wanted } });
  if (patch.state !== undefined && patch.state !== found.state) {
    events.push({
      type: 'TemplateStateChanged',
      data: { templateId, state: patch.state, reason: null, saidAt: at },
    });
  }
  return events;
}

export const patchTemplate =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, templateId: string, patch: PatchTemplateInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const { state, position } = await handler.executeCommand(
      templates,
      TEMPLATES_ID,
      eventContext,
      (current) => decidePatchTemplate(current, templateId, patch, eventContext.at),
    );
    return { ...templateObject(state.byId.get(templateId)), position };
  };
