/** Values for a JSON schema: mostly right, so that they get past validation, and wrong in every way that JSON allows. */
import fc from 'fast-check';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What breaks programs, as JSON can carry it. */
const hostile = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1e308,
  9007199254740993,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '😀'.repeat(3000),
  'x'.repeat(100_000),
  "'; drop table read.tickets; --",
  '%_\\%',
  '{{7*7}}',
  '=cmd|/c calc',
  '../../etc/passwd',
  '٣٢١',
  'İi̇ßſ',
  '\u202e\u2066',
  [],
  {},
  [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]],
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { constructor: { prototype: { polluted: true } } },
  { toString: 1, valueOf: null, hasOwnProperty: 'x' },
  { $ne: null },
  '2026-02-30T25:61:00Z',
  '00000000-0000-0000-0000-000000000000',
);

const anything: fc.Arbitrary<unknown> = fc.oneof(hostile, fc.jsonValue({ maxDepth: 3 }));

function text(
  { format, pattern, minLength = 0, maxLength = 60 }: Schema,
  ids: readonly string[],
): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.oneof(fc.constantFrom(...ids), fc.uuid({ version: 7 }));
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((at) => at.toISOString());
  // The patterns of the contract that fast-check cannot build from (Unicode classes) are met by plain words.
  const plain = fc.string({ minLength, maxLength: Math.min(maxLength, 80), unit: 'grapheme' });
  return pattern === undefined || pattern.includes('\\p') ? plain : fc.stringMatching(new RegExp(pattern));
}

/** @param ids what a field with format uuid is mostly filled with */
export function fitting(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, ids)));
  switch (schema.type) {
    case 'string':
      return text(schema, ids);
    case 'integer':
    case 'number':
      return fc.integer({
        min: schema.minimum ?? -100,
        max: Math.min(schema.maximum ?? 100_000, 2 ** 31 - 1),
      });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fitting(schema.items ?? {}, ids), { maxLength: 5 });
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(
        ([name, of]) => [name, fitting(of, ids)] as const,
      );
      return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
    }
    default:
      return anything;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Half of them fit; the others have a member that is wrong, missing or too many, or are something else altogether. */
export function mostlyFitting(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const fits = fitting(schema, ids);
  const names = Object.keys(schema.properties ?? {});
  const someName = names.length === 0 ? fc.constant('extra') : fc.constantFrom(...names);
  const changed = fc
    .tuple(fits, someName, anything)
    .map(([value, name, wrong]) => (isObject(value) ? { ...value, [name]: wrong } : value));
  const missing = fc.tuple(fits, someName).map(([value, name]) => {
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  });
  const extra = fc
    .tuple(fits, fc.string({ minLength: 1 }), anything)
    .map(([value, name, more]) =>
      isObject(value) ? Object.defineProperty({ ...value }, name, { value: more, enumerable: true }) : value,
    );
  return fc.oneof(
    { weight: 5, arbitrary: fits },
    { weight: 3, arbitrary: changed },
    { weight: 1, arbitrary: missing },
    { weight: 1, arbitrary: extra },
    { weight: 1, arbitrary: anything },
  );
}
