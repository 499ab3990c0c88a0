/** What the commands on the template catalogue share: the input of a template, its unique name, its form on the wire. */
import { z } from 'zod';
import { EMPTY } from '../../domain/problems.ts';
import { UNKNOWN_VARIABLE, variablesOf } from '../../domain/blasts/personalise.ts';
import { type Template, type Templates, templateState, type Wording } from '../../domain/blasts/template.ts';
import { showsSomething } from '../../domain/words.ts';
import { nameKey } from '../../domain/settings/name-key.ts';
import { Refusal } from '../../domain/refusals.ts';

/**
 * A text in which every pair of braces is a variable of ours: anything else in braces would reach the customer as it is.
 * @param maxLength in characters
 */
export const personalText = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => variablesOf(text).sound, UNKNOWN_VARIABLE);

export const templateShape = {
  name: z.string().normalize('NFC').trim().min(1).max(100).refine(showsSomething, EMPTY),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'Isi kode bahasa, misalnya id atau en_US'),
  body: personalText(1024),
  whatsapp_template_name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'Hanya huruf kecil, angka, dan garis bawah, paling banyak 512 karakter')
    .nullable(),
  content_sid: z
    .string()
    .regex(/^HX[0-9a-fA-F]{32}$/)
    .nullable(),
  state: templateState,
};

/**
 * One name per language, however it is written.
 * @param ownId the template that may keep the name
 * @throws Refusal TEMPLATE_NAME_TAKEN
 */
export function requireFreeName({ byId }: Templates, wanted: Wording, ownId: string): void {
  const taken = [...byId.values()].some(
    ({ id, name, language }) =>
      id !== ownId && language === wanted.language && nameKey(name) === nameKey(wanted.name),
  );
  if (taken) throw new Refusal('TEMPLATE_NAME_TAKEN');
}

/** Only what Meta approved may be sent. @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NOT_USABLE */
export function requireUsable(template: Template | undefined): Template {
  if (!template) throw new Refusal('TEMPLATE_NOT_FOUND');
  if (template.state !== 'approved') throw new Refusal('TEMPLATE_NOT_USABLE');
  return template;
}

/** The TemplateObject of docs/design/api.md#templates. @throws Refusal TEMPLATE_NOT_FOUND */
export function templateObject(template: Template | undefined) {
  if (!template) throw new Refusal('TEMPLATE_NOT_FOUND');
  const { id, name, language, body, whatsappName, contentSid = null, state } = template;
  const variables = [...variablesOf(body).names];
  return {
    ...{ id, name, language, body, variables, whatsapp_template_name: whatsappName },
    ...{ content_sid: contentSid, state },
  };
}
