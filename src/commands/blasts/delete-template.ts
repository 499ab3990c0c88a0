/** Takes a template out of the catalogue (docs/design/api.md#templates). A blast that was approved with it stops. */
import { type TemplateEvent, TEMPLATES_ID, templates, type Templates } from '../../domain/blasts/template.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';

/** @throws Refusal TEMPLATE_NOT_FOUND */
export function decideDeleteTemplate({ byId }: Templates, templateId: string): TemplateEvent[] {
  if (!byId.has(templateId)) throw new Refusal('TEMPLATE_NOT_FOUND');
  return [{ type: 'TemplateDeleted', data: { templateId } }];
}

export const deleteTemplate =
  ({ handler, clock }: { readonly handler: CommandHandler; readonly clock: Clock }) =>
  async (ctx: CommandContext, templateId: string) => {
    const { position } = await handler.executeCommand(
      templates,
      TEMPLATES_ID,
      eventContextOf(ctx, clock),
      (current) => decideDeleteTemplate(current, templateId),
    );
    return { position };
  };
