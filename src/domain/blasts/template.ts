/**
 * The wordings that may be sent outside the service window (docs/design/business-rules.md#templates;
 * docs/design/whatsapp.md#service-window): one catalogue.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import type { TemplatesBy } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

/** One stream for all of them: they are few, and a name belongs to one. */
export const TEMPLATES_ID = 'templates';
export const templatesStream = (id: string): string => `catalogue-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const TEMPLATE_STATES = ['approved', 'paused', 'rejected', 'disabled'] as const;
export const templateState = z.enum(TEMPLATE_STATES);
export type TemplateState = z.infer<typeof templateState>;

/** What is sent: a change of any of it is another template to Meta. */
export const wording = z.object({
  name: z.string(),
  /** As Meta writes it: `id`, `en_US`. */
  language: z.string(),
  /** With variables in double braces (`personalise.ts`). */
  body: z.string(),
  /** Name under which Meta approved it; null: it can only be used where a free text may be. */
  whatsappName: z.string().nullable(),
  /** Sid of the content at Twilio, whose numbered variables are those of the body in their order; absent in old events. */
  contentSid: z.string().nullable().optional(),
});
export type Wording = z.infer<typeof wording>;

export const TemplateDefined = defineEvent('TemplateDefined', {
  templateId: z.uuid(),
  ...wording.shape,
  state: templateState,
});
export const TemplateReworded = defineEvent('TemplateReworded', { templateId: z.uuid(), ...wording.shape });
/** By a super admin, or reported by Meta (`message_template_status_update`). */
export const TemplateStateChanged = defineEvent('TemplateStateChanged', {
  templateId: z.uuid(),
  state: templateState,
  reason: z.string().nullable(),
  /** When Meta or the super admin said so; absent in old events. What was said before that changes nothing. */
  saidAt: z.iso.datetime().optional(),
});

export const TemplateDeleted = defineEvent('TemplateDeleted', { templateId: z.uuid() });

export const templateEvents = [
  TemplateDefined,
  TemplateReworded,
  TemplateStateChanged,
  TemplateDeleted,
] as const;
export type TemplateEvent = EventOf<(typeof templateEvents)[number]>;

// ---------------------------------------------------------------- state

export interface Template extends Wording {
  readonly id: string;
  readonly state: TemplateState;
  /** When that was said; null: it was defined so, or nobody wrote it down. */
  readonly saidAt: string | null;
}

export interface Templates {
  readonly byId: ReadonlyMap<string, Template>;
}

export const sameWording = (a: Wording, b: Wording): boolean =>
  a.name === b.name &&
  a.language === b.language &&
  a.body === b.body &&
  a.whatsappName === b.whatsappName &&
  (a.contentSid ?? null) === (b.contentSid ?? null);

/**
 * A wording in the form that a line takes outside the service window.
 * @returns null: there it can only be used where a free text may be
 */
export function templateFormOf(
  { whatsappName, contentSid = null, language }: Pick<Wording, 'whatsappName' | 'contentSid' | 'language'>,
  by: TemplatesBy,
): { readonly name: string; readonly language: string; readonly contentSid?: string } | null {
  if (by === 'none') return null;
  if (by === 'name') return whatsappName === null ? null : { name: whatsappName, language };
  return contentSid === null ? null : { name: whatsappName ?? contentSid, language, contentSid };
}

// ---------------------------------------------------------------- evolve

function evolve(state: Templates, { type, data }: TemplateEvent): Templates {
  const known = state.byId.get(data.templateId);
  if (type === 'TemplateDefined') {
    const { templateId: id, ...rest } = data;
    return { byId: new Map(state.byId).set(id, { id, ...rest, saidAt: null }) };
  }
  if (!known) return state;
  if (type === 'TemplateDeleted') {
    const byId = new Map(state.byId);
    byId.delete(data.templateId);
    return { byId };
  }
  const next =
    type === 'TemplateReworded'
      ? { ...known, ...wording.parse(data) }
      : { ...known, state: data.state, saidAt: data.saidAt ?? known.saidAt };
  return { byId: new Map(state.byId).set(known.id, next) };
}

export const templates: Aggregate<Templates, TemplateEvent> = {
  category: 'catalogue',
  stream: templatesStream,
  initial: { byId: new Map() },
  evolve,
};
