/** An object as a flat list of fields, and which fields differ between two of them. */
import { EVENTS } from '../../../domain/codec.ts';

export interface ShownChange {
  /** `status`, `crm.deal_value`, `crm.crm_fields.documents.stnk` */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** These fields never leave the store, at any depth. */
const SECRET: ReadonlySet<string> = new Set([...EVENTS.values()].flatMap(({ secret }) => secret));

/** A person, `{ id, name }`, is one value. */
const isNested = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('id' in value && 'name' in value);

/** The values at the leaves of an object, by path: `crm.deal_value`. */
export function flatFields(object: object, prefix = ''): Fields {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]: [string, unknown]) => {
      if (SECRET.has(name)) return [];
      return isNested(value)
        ? Object.entries(flatFields(value, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value] as const];
    }),
  );
}

/** The fields that differ, in the order of `after`. A missing field counts as null. */
export function changesOf(before: Fields, after: Fields): readonly ShownChange[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((field) => {
    const from = before[field] ?? null;
    const to = after[field] ?? null;
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
  });
}
