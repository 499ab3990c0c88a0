/**
 * What the fields of a CRM form are made of (docs/design/api.md#crm-fields), and how the forms of the divisions are
 * declared.
 */
import { z } from 'zod';

/** What one field holds; nothing is null. */
export const value = z.union([z.string(), z.number(), z.boolean()]);
export type Value = z.infer<typeof value>;

/** Field values by name; a member of a group is named `group.member` (`documents.stnk`). */
export type Values = Readonly<Record<string, Value>>;

/** Whole rupiah. */
export const rupiah = z.int().min(0);
/** Kilograms, cubic metres; more than nothing. */
export const measure = z.number().positive().max(1_000_000_000);
export const day = z.iso.date();
/** A time as every answer has times: with `Z`. */
export const inUtc = (time: string): string => {
  const at = new Date(time);
  // What is no time is refused by the schema, under its own name.
  return Number.isNaN(at.getTime()) ? time : at.toISOString();
};
/** Free text without control characters. */
export const freeText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'Tidak boleh berisi karakter kendali');

export const LOST_REASONS = [
  'price',
  'competitor',
  'cancelled_plan',
  'no_response',
  'out_of_coverage',
  'schedule',
  'other',
] as const;

/** Fields of every division, next to stage and reason of loss. */
export const COMMON = {
  quote_value: rupiah,
  deal_value: rupiah,
  discount_given: rupiah,
  origin_city: freeText(100),
  destination_city: freeText(100),
  customer_type: z.enum(['individual', 'company']),
} as const;

/** A condition between fields, checked on what would be stored. */
export interface Rule {
  /** The field that is wrong when it does not hold. */
  readonly field: string;
  /** Other fields that it looks at. */
  readonly needs: readonly string[];
  /** True: it holds for everything that is stored. False: only for a person who fills in one of these fields. */
  readonly always: boolean;
  /** Indonesian, for the person who filled the form in. */
  readonly message: string;
  holds(values: Values): boolean;
}

/** `field` may only be there when `other` is `wanted` (any value, when it is left out). */
export const onlyWhen = (field: string, other: string, message: string, wanted?: Value): Rule => ({
  field,
  needs: [other],
  always: true,
  message,
  holds: (values) =>
    values[field] === undefined ||
    (wanted === undefined ? values[other] !== undefined : values[other] === wanted),
});

/** The form of one division. */
export interface CrmForm {
  /** Types of its fields by name. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** Fields that have members, each of one type. */
  readonly groups: Readonly<
    Record<string, { readonly members: readonly string[]; readonly type: z.ZodType }>
  >;
  readonly rules: readonly Rule[];
  /** What a field holds until somebody says otherwise. */
  readonly defaults: Values;
  /** Fields that nobody fills in. */
  readonly computed: Readonly<Record<string, (values: Values) => boolean>>;
}
