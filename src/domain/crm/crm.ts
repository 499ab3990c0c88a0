/** What is known of a ticket's sale (docs/design/api.md#crm): the event that changes it, and how it folds. */
import { z } from 'zod';
import { defineEvent, type EventOf } from '../event.ts';
import { CRM_STAGES, division, type Division } from '../vocabulary.ts';
import { COMMON, value, type Value, type Values } from './fields.ts';
import { FORMS, FREE_TEXTS } from './forms.ts';

export type Stage = (typeof CRM_STAGES)[number];

// ---------------------------------------------------------------- event (stored format: change by adding a version and an upcaster)

const change = z.object({
  /** `crm_stage`, `deal_value`, `service_type`, `documents.stnk`, ... */
  field: z.string(),
  from: value.nullable(),
  to: value.nullable(),
});
export type FieldChange = z.infer<typeof change>;

const withoutValues = ({ field }: FieldChange): FieldChange => ({ field, from: null, to: null });

export const CrmUpdated = defineEvent(
  'CrmUpdated',
  {
    ticketId: z.uuid(),
    division,
    changes: z.array(change),
    /** The same for free texts, which may be about a person. */
    words: z.array(change),
    source: z.enum(['agent', 'bot']),
    /** How sure the bot was; null for an agent. */
    confidence: z.number().nullable(),
    at: z.iso.datetime(),
  },
  // Which fields changed stays: the audit log says so.
  {
    personal: ['words'],
    erased: { words: (all) => all.map(withoutValues) },
    // Cities were among the changes.
    erasedInOld: {
      changes: (all) => all.map((one) => (FREE_TEXTS.has(one.field) ? withoutValues(one) : one)),
    },
  },
);
export type CrmUpdate = EventOf<typeof CrmUpdated>;

/** @returns the event that makes these changes */
export const crmUpdated = (
  about: { readonly ticketId: string; readonly division: Division },
  changes: readonly FieldChange[],
  by: { readonly source: 'agent' | 'bot'; readonly confidence: number | null; readonly at: string },
): CrmUpdate => ({
  type: 'CrmUpdated',
  data: {
    ...about,
    changes: changes.filter(({ field }) => !FREE_TEXTS.has(field)),
    words: changes.filter(({ field }) => FREE_TEXTS.has(field)),
    ...by,
  },
});

// ---------------------------------------------------------------- state

interface Source {
  readonly source: 'agent' | 'bot';
  readonly confidence?: number;
  readonly at: string;
}

export interface Crm {
  readonly stage: Stage;
  /** The last stage before Won or Lost: where a reopened ticket goes on. */
  readonly openStage: Exclude<Stage, 'Won' | 'Lost'>;
  /** Of all fields but the stage. */
  readonly values: Values;
  /** Who set a field last, or cleared it. */
  readonly sources: Readonly<Record<string, Source>>;
  /** How often it changed: what the ticket's ETag says. */
  readonly version: number;
  readonly updatedAt: string | null;
}

export const NO_CRM: Crm = {
  stage: 'Lead',
  openStage: 'Lead',
  values: {},
  sources: {},
  version: 0,
  updatedAt: null,
};

export const isStage = (of: unknown): of is Stage => CRM_STAGES.includes(of as Stage);
export const isDecided = (stage: Stage): stage is 'Won' | 'Lost' => stage === 'Won' || stage === 'Lost';

export function evolveCrm(crm: Crm, { changes, words, source, confidence, at }: CrmUpdate['data']): Crm {
  const values: Record<string, Value> = { ...crm.values };
  const sources: Record<string, Source> = { ...crm.sources };
  let { stage, openStage } = crm;
  for (const { field, to } of [...changes, ...words]) {
    sources[field] = { source, ...(confidence === null ? {} : { confidence }), at };
    if (field === 'crm_stage') {
      if (!isStage(to)) continue;
      stage = to;
      if (!isDecided(to)) openStage = to;
    } else if (to === null) Reflect.deleteProperty(values, field);
    else values[field] = to;
  }
  return { stage, openStage, values, sources, version: crm.version + 1, updatedAt: at };
}

// ---------------------------------------------------------------- on the wire

/** The CrmObject (docs/design/api.md#crm-object): every field of the division's form, null where nothing is known. */
export function crmObject(of: Division, { stage, values, sources }: Crm) {
  const form = FORMS[of];
  const all: Values = { ...form.defaults, ...values };
  const valueOf = (name: string): Value | null => all[name] ?? null;
  const pick = (names: readonly string[], prefix = '') =>
    Object.fromEntries(names.map((name) => [name, valueOf(`${prefix}${name}`)]));
  return {
    crm_stage: stage,
    lost_reason: valueOf('lost_reason'),
    ...pick(Object.keys(COMMON)),
    crm_fields: {
      ...pick(Object.keys(form.fields)),
      ...Object.fromEntries(
        Object.entries(form.groups).map(([group, { members }]) => [group, pick(members, `${group}.`)]),
      ),
      ...Object.fromEntries(Object.entries(form.computed).map(([name, compute]) => [name, compute(values)])),
    },
    crm_field_sources: Object.fromEntries(
      Object.entries(sources).filter(([field]) => field === 'crm_stage' || values[field] !== undefined),
    ),
  };
}
