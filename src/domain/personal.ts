/**
 * Whose the personal fields of an event are, and what they hold once that person was erased
 * (docs/design/reliability.md#personal-data). Erased data is normal: what is left satisfies the event's schema, so
 * that every fold works as before.
 */
import type { z } from 'zod';
import { EVENTS } from './codec.ts';
import type { EventDefinition } from './event.ts';
import { ERASED } from './vocabulary.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface PersonalEvent {
  readonly definition: EventDefinition;
  /** The field that names the person: a customer, or a ticket whose customer it is. */
  readonly subject: 'customerId' | 'ticketId';
  readonly empty: Readonly<Record<string, (value: unknown) => unknown>>;
}

/** An empty value stays as it is. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

/** What a text that a person wrote becomes. */
export const erasedText = (text: string): string => (isEmpty(text) ? text : ERASED);

/** By the schema: null where it is allowed, else `ERASED`, else an empty list or object. */
function erasedValueOf(schema: z.ZodType): (value: unknown) => unknown {
  const erased = [null, ERASED, [], {}].find((candidate) => schema.safeParse(candidate).success);
  return (value) => (isEmpty(value) ? value : erased);
}

function personalOf(definition: EventDefinition): PersonalEvent | undefined {
  const shape = definition.data.shape as Record<string, z.ZodType>;
  const subject = 'customerId' in shape ? 'customerId' : 'ticketId' in shape ? 'ticketId' : undefined;
  if (definition.personal.length === 0 || subject === undefined) return undefined;
  const empty = definition.personal.flatMap((field) => {
    const schema = shape[field];
    return schema ? [[field, definition.erased[field] ?? erasedValueOf(schema)] as const] : [];
  });
  return { definition, subject, empty: Object.fromEntries(empty) };
}

/** The event types with personal fields of a customer, by name. Those of staff are not among them. */
export const PERSONAL: ReadonlyMap<string, PersonalEvent> = new Map(
  [...EVENTS].flatMap(([type, definition]) => {
    const found = personalOf(definition);
    return found ? [[type, found] as const] : [];
  }),
);

/**
 * What is left of an event that was stored in clear, by a program that did not encrypt this field yet, once the person
 * was erased. @returns the same object when nothing in it is personal
 */
export function erasedClear({ definition, empty }: PersonalEvent, data: Fields): Fields {
  const erased = Object.entries({ ...empty, ...definition.erasedInOld }).flatMap(([field, erase]) => {
    const value = data[field];
    if (isEmpty(value)) return [];
    const left = erase(value);
    return JSON.stringify(left) === JSON.stringify(value) ? [] : [[field, left] as const];
  });
  return erased.length === 0 ? data : { ...data, ...Object.fromEntries(erased) };
}

/**
 * Takes the personal fields out.
 * @returns `personal`: what they held, null when there was nothing in them; `rest`: the data of the event as it is
 * after an erasure, every field in its place
 */
export function separatePersonal(
  { definition, empty }: PersonalEvent,
  data: Fields,
): { readonly personal: Fields | null; readonly rest: Fields } {
  if (definition.personal.every((field) => isEmpty(data[field]))) return { personal: null, rest: data };
  const personal: Record<string, unknown> = {};
  const rest: Record<string, unknown> = { ...data };
  for (const field of definition.personal) {
    if (data[field] === undefined) continue;
    personal[field] = data[field];
    rest[field] = empty[field]?.(data[field]);
  }
  return { personal, rest };
}
