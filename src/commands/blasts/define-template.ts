/** Adds a template to the catalogue (docs/design/api.md#templates). */
import { z } from 'zod';
import {
  type TemplateEvent,
  TEMPLATES_ID,
  templates,
  type Templates,
  type Wording,
} from '../../domain/blasts/template.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { requireFreeName, templateObject, templateShape } from './template-catalogue.ts';

export const input = z.strictObject({
  ...templateShape,
  language: templateShape.language.default('id'),
  whatsapp_template_name: templateShape.whatsapp_template_name.default(null),
  content_sid: templateShape.content_sid.default(null),
  state: templateShape.state.default('approved'),
});
export type DefineTemplateInput = z.infer<typeof input>;

const wordingOf = ({
  name,
  language,
  body,
  whatsapp_template_name,
  content_sid,
}: DefineTemplateInput): Wording => ({
  name,
  language,
  body,
  whatsappName: whatsapp_template_name,
  ...(content_sid !== null && { contentSid: content_sid }),
});

/** @throws Refusal TEMPLATE_NAME_TAKEN */
export function decideDefineTemplate(
  state: Templates,
  wanted: DefineTemplateInput,
  templateId: string,
): TemplateEvent[] {
  requireFreeName(state, wordingOf(wanted), templateId);
  return [{ type: 'TemplateDefined', data: { templateId, ...wordingOf(wanted), state: wanted.state } }];
}

export const defineTemplate =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (ctx: CommandContext, wanted: DefineTemplateInput) => {
    const id = ids.next();
    const { events, state, position } = await handler.executeCommand(
      templates,
      TEMPLATES_ID,
      eventContextOf(ctx, clock),
      (current) => decideDefineTemplate(current, wanted, id),
    );
    // With a repeated key this is the template of the first run.
    return { ...templateObject(state.byId.get(events[0]?.data.templateId ?? id)), position };
  };
