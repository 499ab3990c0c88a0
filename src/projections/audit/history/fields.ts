/** What is said of something, field by field, and which fields differ. */
import { EVENTS } from '../../../domain/codec.ts';

export interface FieldChange {
  /** `status`, `crm.deal_value`, `crm.crm_fields.documents.stnk` */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Never leaves the store, wherever it stands. */
const SECRET: ReadonlySet<string> = new Set([...EVENTS.values()].flatMap(({ secret }) => secret));

/** A person is one thing: id and name together. */
const isNested = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('id' in value && 'name' in value);

/** The leaves of an object, named by their way there. */
export function fieldsOf(of: object, prefix = ''): Fields {
  return Object.fromEntries(
    Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
      if (SECRET.has(name)) return [];
      return isNested(value)
        ? Object.entries(fieldsOf(value, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value] as const];
    }),
  );
}

/** Fields that are not the same; one that is missing is null. In the order of `after`. */
export function changesOf(before: Fields, after: Fields): readonly FieldChange[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((field) => {
    const from = before[field] ?? null;
    const to = after[field] ?? null;
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
  });
}
