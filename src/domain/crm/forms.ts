/** The three forms, and the schemas that are made of them. */
import { z } from 'zod';
import type { Division } from '../vocabulary.ts';
import type { CrmForm } from './fields.ts';
import { safia } from './safia.ts';
import { sari } from './sari.ts';
import { savi } from './savi.ts';

export const FORMS: Readonly<Record<Division, CrmForm>> = { sari, savi, safia };

/**
 * The fields that take any words. They may tell who somebody is, a village as well as a note, so they are encrypted in
 * the events and removed when a customer is erased (docs/erasure.md#what-is-personal).
 */
export const FREE_TEXTS: ReadonlySet<string> = new Set([
  'origin_city',
  'destination_city',
  'vehicle_brand_model',
  'competitor_mentioned',
]);

type FieldShape = Record<string, z.ZodType>;

const mapped = (
  shape: Readonly<FieldShape>,
  change: (type: z.ZodType, name: string) => z.ZodType,
): FieldShape => Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, change(type, name)]));

const groupsOf = (form: CrmForm, change: (type: z.ZodType) => z.ZodType): FieldShape =>
  Object.fromEntries(
    Object.entries(form.groups).map(([name, { members, type }]) => [
      name,
      z.strictObject(Object.fromEntries(members.map((member) => [member, change(type)]))),
    ]),
  );

const mayBeLeftOut = (type: z.ZodType): z.ZodType => type.nullable().optional();

/** `crm_fields` as a request gives them: any of the form's fields, null to clear one, and nothing else. */
export const PATCHES: Readonly<Record<Division, z.ZodObject>> = {
  sari: patchOf(sari),
  savi: patchOf(savi),
  safia: patchOf(safia),
};

function patchOf(form: CrmForm): z.ZodObject {
  return z.strictObject({
    ...mapped(form.fields, mayBeLeftOut),
    ...mapped(groupsOf(form, mayBeLeftOut), mayBeLeftOut),
  });
}

/** `crm_fields` as an answer gives them: every field of the form. */
export const fieldsOf = (division: Division): z.ZodObject => {
  const form = FORMS[division];
  return z.strictObject({
    ...mapped(form.fields, (type, name) => (name in form.defaults ? type : type.nullable())),
    ...groupsOf(form, (type) => type.nullable()),
    ...Object.fromEntries(Object.keys(form.computed).map((name) => [name, z.boolean()])),
  });
};
