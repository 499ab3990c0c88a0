/** Adds a template to the catalogue, or changes one (contract.md 8). */
import { z } from 'zod';
import { variablesOf } from '../../domain/blasts/personalise.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  sameWording,
  type Template,
  type TemplateEvent,
  TEMPLATES_ID,
  templates,
  type Templates,
  templateState,
  type Wording,
} from '../../domain/blasts/template.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** A text whose placeholders are all variables of ours: what else stands in braces would reach the customer as it is. */
export const personalText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => variablesOf(text).sound, {
      message: 'Variabel yang dikenal: {{name}}, {{origin_city}}, {{destination_city}}, {{agent_name}}',
    });

const shape = {
  name: z.string().trim().min(1).max(100),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/),
  body: personalText(1024),
  whatsapp_template_name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/)
    .nullable(),
  state: templateState,
};
export const input = z.strictObject({
  ...shape,
  language: shape.language.default('id'),
  whatsapp_template_name: shape.whatsapp_template_name.default(null),
  state: shape.state.default('approved'),
});
export const patchInput = z.strictObject(shape).partial();
export type DefineTemplateInput = z.infer<typeof input>;
export type PatchTemplateInput = z.infer<typeof patchInput>;

function refuseTaken({ byId }: Templates, wanted: Wording, but: string): void {
  const taken = [...byId.values()].some(
    ({ id, name, language }) =>
      id !== but && language === wanted.language && name.toLowerCase() === wanted.name.toLowerCase(),
  );
  if (taken) throw new Refusal('TEMPLATE_NAME_TAKEN');
}

const wordingOf = ({ name, language, body, whatsapp_template_name }: DefineTemplateInput): Wording => ({
  name,
  language,
  body,
  whatsappName: whatsapp_template_name,
});

/** @throws Refusal TEMPLATE_NAME_TAKEN */
export function decideDefine(
  state: Templates,
  wanted: DefineTemplateInput,
  templateId: string,
): TemplateEvent[] {
  refuseTaken(state, wordingOf(wanted), templateId);
  return [{ type: 'TemplateDefined', data: { templateId, ...wordingOf(wanted), state: wanted.state } }];
}

/** @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NAME_TAKEN */
export function decidePatch(
  state: Templates,
  templateId: string,
  patch: PatchTemplateInput,
): TemplateEvent[] {
  const found = state.byId.get(templateId);
  if (!found) throw new Refusal('TEMPLATE_NOT_FOUND');
  const { whatsapp_template_name: asked } = patch;
  const wanted: Wording = {
    name: patch.name ?? found.name,
    language: patch.language ?? found.language,
    body: patch.body ?? found.body,
    whatsappName: asked === undefined ? found.whatsappName : asked,
  };
  refuseTaken(state, wanted, templateId);
  const events: TemplateEvent[] = [];
  if (!sameWording(found, wanted)) events.push({ type: 'TemplateReworded', data: { templateId, ...wanted } });
  if (patch.state !== undefined && patch.state !== found.state) {
    events.push({ type: 'TemplateStateChanged', data: { templateId, state: patch.state, reason: null } });
  }
  return events;
}

const wireOf = (template: Template | undefined) => {
  if (!template) throw new Refusal('TEMPLATE_NOT_FOUND');
  const { id, name, language, body, whatsappName, state } = template;
  const variables = [...variablesOf(body).names];
  return { id, name, language, body, variables, whatsapp_template_name: whatsappName, state };
};

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
}

export const defineTemplate =
  ({ handler, clock, ids }: Deps) =>
  async (ctx: CommandContext, wanted: DefineTemplateInput) => {
    const id = ids.next();
    const { events, state, position } = await handler.executeCommand(
      templates,
      TEMPLATES_ID,
      eventContextOf(ctx, clock),
      (was) => decideDefine(was, wanted, id),
    );
    // With a repeated key this is the template of the first run.
    return { ...wireOf(state.byId.get(events[0]?.data.templateId ?? id)), position };
  };

export const patchTemplate =
  ({ handler, clock }: Deps) =>
  async (ctx: CommandContext, templateId: string, patch: PatchTemplateInput) => {
    const { state, position } = await handler.executeCommand(
      templates,
      TEMPLATES_ID,
      eventContextOf(ctx, clock),
      (was) => decidePatch(was, templateId, patch),
    );
    return { ...wireOf(state.byId.get(templateId)), position };
  };
