/** How an agent's form, or what the bot found out, changes a ticket's CRM (docs/design/api.md#crm). */
import { z } from 'zod';
import { parseInput, problem, type Problem, problemsOf } from '../problems.ts';
import { Refusal } from '../refusals.ts';
import { CRM_STAGES, type Division } from '../vocabulary.ts';
import type { FieldChange, Crm } from './crm.ts';
import { COMMON, LOST_REASONS, type Rule, type Value, type Values } from './fields.ts';
import { FORMS, PATCHES } from './forms.ts';

const rupiah = COMMON.quote_value.nullable().optional();
const city = COMMON.origin_city.nullable().optional();

/** The members that every division has. Those of `crm_fields` depend on the ticket, see `PATCHES`. */
export const commonPatch = {
  crm_stage: z.enum(CRM_STAGES).optional(),
  // The empty choice of a form is no reason.
  lost_reason: z
    .union([z.enum(LOST_REASONS), z.literal('').transform(() => null)])
    .nullable()
    .optional(),
  quote_value: rupiah,
  deal_value: rupiah,
  discount_given: rupiah,
  origin_city: city,
  destination_city: city,
  customer_type: COMMON.customer_type.nullable().optional(),
};
type CommonPatch = z.output<z.ZodObject<typeof commonPatch>>;
type Fields = Record<string, unknown>;

export type CrmPatch = CommonPatch & {
  readonly crm_fields?: Fields | undefined;
  /** Another name of `crm_fields` (docs/design/api.md#crm). */
  readonly crm_data?: Fields | undefined;
};

const MOST_PROBLEMS = 20;
const refuse = (details: readonly Problem[]): never => {
  throw new Refusal('VALIDATION_FAILED', details);
};

/** `documents: { stnk }` as `documents.stnk`; clearing a group clears its members. */
function flattened(division: Division, fields: Fields): [field: string, to: Value | null][] {
  const { groups } = FORMS[division];
  return Object.entries(fields).flatMap(([name, given]): [string, Value | null][] => {
    if (given === undefined) return [];
    const group = groups[name];
    if (!group) return [[name, given as Value | null]];
    if (given === null) return group.members.map((member) => [`${name}.${member}`, null]);
    return Object.entries(given as Fields).flatMap(([member, to]): [string, Value | null][] =>
      to === undefined ? [] : [[`${name}.${member}`, to as Value | null]],
    );
  });
}

/** The division's own fields of a patch. @throws Refusal VALIDATION_FAILED, one detail per bad field */
function ownFields(division: Division, { crm_fields, crm_data }: CrmPatch): [string, Value | null][] {
  if (crm_fields !== undefined && crm_data !== undefined)
    refuse([
      problem('crm_data', 'NOT_TOGETHER', 'Kirim crm_fields atau crm_data, jangan keduanya', {
        fields: ['crm_fields', 'crm_data'],
      }),
    ]);
  const fields = crm_fields ?? crm_data;
  if (fields === undefined) return [];
  const member = crm_fields === undefined ? 'crm_data' : 'crm_fields';
  const parsed = parseInput(PATCHES[division], fields);
  if (parsed.success) return flattened(division, parsed.data);
  const { computed } = FORMS[division];
  const problems = problemsOf(parsed.error, MOST_PROBLEMS, (key) =>
    key in computed
      ? { code: 'COMPUTED_FIELD', message: 'Dihitung otomatis, tidak dapat diisi', params: {} }
      : { code: 'UNKNOWN_FIELD', message: 'Isian tidak dikenal di divisi ini', params: { division } },
  );
  return refuse(problems.map((one) => ({ ...one, path: `${member}.${one.path}` })));
}

function merged(values: Values, targets: Iterable<readonly [string, Value | null]>): Values {
  const result: Record<string, Value> = { ...values };
  for (const [field, to] of targets) {
    if (to === null) Reflect.deleteProperty(result, field);
    else result[field] = to;
  }
  return result;
}

const touchesRule = ({ field, needs }: Rule, targets: ReadonlyMap<string, unknown>): boolean =>
  targets.has(field) || needs.some((other) => targets.has(other));

/**
 * What an agent's form changes; nothing when all of it is stored already as an agent's.
 * @throws Refusal VALIDATION_FAILED, LOST_REASON_REQUIRED
 */
export function agentChanges(division: Division, crm: Crm, patch: CrmPatch): FieldChange[] {
  const { crm_stage, crm_fields, crm_data, ...common } = patch;
  const own = ownFields(division, { crm_fields, crm_data });
  const targets = new Map([
    ...Object.entries(common).flatMap(([field, to]): [string, Value | null][] =>
      to === undefined ? [] : [[field, to]],
    ),
    ...own,
  ]);
  const stage = crm_stage ?? crm.stage;
  if (crm.stage === 'Lost' && stage !== 'Lost' && !targets.has('lost_reason'))
    targets.set('lost_reason', null);

  const after = merged(crm.values, targets);
  if (stage === 'Lost' && after['lost_reason'] === undefined) {
    throw new Refusal('LOST_REASON_REQUIRED', [
      { path: 'lost_reason', message: 'Alasan wajib diisi untuk tahap Lost' },
    ]);
  }
  const brokenRules = FORMS[division].rules.filter(
    (rule) => touchesRule(rule, targets) && !rule.holds(after),
  );
  if (brokenRules.length > 0) {
    const at = crm_fields === undefined && crm_data !== undefined ? 'crm_data' : 'crm_fields';
    refuse(
      brokenRules.map(({ field, needs, message }) =>
        problem(`${at}.${field}`, 'NOT_APPLICABLE', message, { needs }),
      ),
    );
  }
  const changes = changesOf(crm, targets, 'agent');
  return stage === crm.stage ? changes : [{ field: 'crm_stage', from: crm.stage, to: stage }, ...changes];
}

/** The fields that get another value, and those where a person confirms what the bot found. */
function changesOf(
  crm: Crm,
  targets: Iterable<readonly [string, Value | null]>,
  source: 'agent' | 'bot',
): FieldChange[] {
  return [...targets].flatMap(([field, to]) => {
    const from = crm.values[field] ?? null;
    const confirmed = source === 'agent' && to !== null && crm.sources[field]?.source !== 'agent';
    return from !== to || confirmed ? [{ field, from, to }] : [];
  });
}

/** Every field the bot may fill in, by name. A person decides about stage and reason of loss. */
function botTypes(division: Division): ReadonlyMap<string, z.ZodType> {
  const { fields, groups } = FORMS[division];
  const members = Object.entries(groups).flatMap(([group, { members: names, type }]) =>
    names.map((name) => [`${group}.${name}`, type] as const),
  );
  return new Map([...Object.entries(COMMON), ...Object.entries(fields), ...members]);
}

const isObject = (of: unknown): of is Fields => typeof of === 'object' && of !== null && !Array.isArray(of);

/** What the bot found, field by field: a wrong value is ignored, and so is a field that an agent set or cleared. */
export function botChanges(division: Division, crm: Crm, found: Fields): FieldChange[] {
  const { groups, rules } = FORMS[division];
  const types = botTypes(division);
  const flat = Object.entries(found).flatMap(([name, given]) =>
    name in groups && isObject(given)
      ? Object.entries(given).map(([member, to]) => [`${name}.${member}`, to] as const)
      : [[name, given] as const],
  );
  const targets = new Map<string, Value>();
  for (const [field, given] of flat) {
    const parsed = types.get(field)?.safeParse(given);
    if (parsed?.success && crm.sources[field]?.source !== 'agent') targets.set(field, parsed.data as Value);
  }
  // Values that break a rule are left out; the field that the rule depends on goes last.
  for (;;) {
    const after = merged(crm.values, targets);
    const broken = rules.find((rule) => rule.always && touchesRule(rule, targets) && !rule.holds(after));
    if (!broken) return changesOf(crm, targets, 'bot');
    if (!targets.delete(broken.field)) for (const other of broken.needs) targets.delete(other);
  }
}
