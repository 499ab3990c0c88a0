import { expect } from 'chai';
import type { z } from 'zod';
import { PATCHES } from '../../../src/domain/crm/forms.ts';
import { parseInput, type Problem, PROBLEM_CODES, problemsOf } from '../../../src/domain/problems.ts';
import { ERRORS } from '../../../src/http/framework/errors.ts';
import { routes } from '../../../src/http/routes.ts';

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly values?: readonly unknown[];
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
}
interface Check {
  readonly check: string;
  readonly params?: { readonly code: string; readonly params: object };
  readonly error?: (issue: object) => unknown;
}
const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** Of every kind of value one, and one too many of what can be counted. */
const WRONG: readonly unknown[] = [
  null,
  'x',
  '',
  'x'.repeat(5000),
  -1,
  0.5,
  1e12,
  2 ** 60,
  true,
  {},
  [],
  Array.from({ length: 1001 }, () => '019a9d1e-7c00-7000-8000-000000000001'),
  undefined,
];
type Place = (leaf: unknown) => unknown;

/** Every schema inside of `schema`, with how a value gets to its place. */
function* partsOf(schema: z.ZodType, path: string, place: Place): Generator<[z.ZodType, string, Place]> {
  yield [schema, path, place];
  const def = defOf(schema);
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const [name, member] of Object.entries(def.shape ?? {}))
    yield* partsOf(member, at(name), (leaf) => place({ ...literalsOf(def), [name]: leaf }));
  if (def.element) yield* partsOf(def.element, at('0'), (leaf) => place([leaf]));
  if (def.valueType) {
    const { entries } = def.keyType ? (defOf(def.keyType) as { entries?: object }) : {};
    const names = [...Object.values(entries ?? {}), 'x', 'TOPIK'] as string[];
    const key = names.find((name) => def.keyType?.safeParse(name).success !== false) ?? '';
    yield* partsOf(def.valueType, at(key), (leaf) => place({ [key]: leaf }));
  }
  // Into a pipe goes what its first schema wants; what comes out of a transformation is no input.
  for (const inner of [def.innerType, def.in, ...(def.options ?? [])])
    if (inner) yield* partsOf(inner, path, place);
  if (def.type === 'pipe' && def.in && defOf(def.in).type !== 'pipe' && def.out)
    yield* checksOnly(def.out, path, place);
}

function* checksOnly(schema: z.ZodType, path: string, place: Place): Generator<[z.ZodType, string, Place]> {
  if (defOf(schema).type !== 'transform') yield [schema, path, place];
}

/** What tells the alternatives of a union apart. */
const literalsOf = ({ shape = {} }: Def): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shape).flatMap(([name, member]) =>
      defOf(member).type === 'literal' ? [[name, defOf(member).values?.[0]]] : [],
    ),
  );

/** The words of zod's own sentences, of types, and of English in general. */
const JARGON =
  /\b(input|invalid|expected|received|diharapkan|string|number|int|integer|boolean|bool|array|objek|object|record|undefined|null|nan|regex|pattern|pola|required|must|should|the|of|and|too|field)\b/i;
const INDONESIAN =
  /\b(isi|tulis|dipakai|wajib|pilih|paling|minimal|harus|hanya|tidak|kosongkan|boleh|bukan|karakter|sampai|variabel|satu)\b/i;

const CODES: ReadonlySet<string> = new Set(PROBLEM_CODES);

function requireReadable({
  path,
  message,
  code,
  params,
}: Pick<Problem, 'path' | 'message' | 'params'> & { code: string }) {
  const where = `${path}: ${message}`;
  expect(CODES.has(code) && typeof params === 'object', where).to.equal(true);
  // What it quotes (choices, names of fields, a time) may be anything.
  const quoted = [params['choices'], params['fields']].flat().map(String);
  const sentence = quoted.reduce((text, word) => text.replace(word, ''), message);
  expect(sentence, where).not.to.match(JARGON);
  expect(message, where).to.match(INDONESIAN);
}

describe('what is said about a bad field', () => {
  const schemas = [
    ...routes.flatMap(({ name, params, query, body }) =>
      [params, query, ...(body === null ? [] : [body])].map((schema) => [name, schema] as const),
    ),
    ...Object.entries(PATCHES),
  ];

  for (const [name, root] of schemas) {
    const parts = [...partsOf(root, '', (leaf) => leaf)];
    if (parts.length === 1) continue;
    it(`is Indonesian with a code, at every field of ${name}: ${parts
      .map(([, path]) => path)
      .join(' ')
      .slice(0, 60)}`, () => {
      for (const [schema, path, place] of parts) {
        let refused = 0;
        for (const value of WRONG) {
          const parsed = parseInput(root, place(value));
          if (parsed.success) continue;
          const problems = problemsOf(parsed.error, 1000);
          problems.forEach(requireReadable);
          if (problems.some((one) => one.path === path || one.path.startsWith(`${path}.`))) refused += 1;
        }
        // A union takes what any of its members takes; what takes anything refuses nothing.
        const { type } = defOf(schema);
        if (path !== '' && !['any', 'unknown'].includes(type)) expect(refused, path).to.be.greaterThan(0);
        for (const { _zod } of defOf(schema).checks ?? []) {
          const { check, params, error } = _zod.def;
          if (check !== 'custom') continue;
          expect(params, `${path}: because(...)`).to.include.keys('code', 'params');
          requireReadable({
            path,
            message: String(error?.({})),
            ...(params as { code: string; params: Problem['params'] }),
          });
        }
      }
    });
  }

  it('is Indonesian for every code of an error', () => {
    for (const [code, { message }] of Object.entries(ERRORS)) {
      expect(message, code).to.match(/^\p{Lu}.{8,}/u);
      expect(message, code).not.to.match(/\b(the|is|not|invalid|must|of|and|was|already)\b/i);
    }
  });

  const problemsIn = (route: string, value: unknown): readonly Problem[] => {
    const schema = routes.find(({ name }) => name === route)?.body;
    const parsed = parseInput(schema as z.ZodType, value);
    return parsed.success ? [] : problemsOf(parsed.error, 20);
  };

  it('names choices by their labels, limits as Indonesian has numbers, and what is missing', () => {
    expect(
      problemsIn('updateCrm', { crm_stage: 'Menang', lost_reason: 'mahal', quote_value: 1.5 }),
    ).to.deep.equal([
      {
        path: 'crm_stage',
        code: 'NOT_A_CHOICE',
        message: 'Pilih salah satu: Lead, Qualified, Proposal, Menang, Kalah',
        params: { choices: ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'] },
      },
      {
        path: 'lost_reason',
        code: 'NOT_A_CHOICE',
        message:
          'Pilih salah satu: Harga, Pilih kompetitor, Batal kirim, Tidak ada respons, Di luar jangkauan, Jadwal tidak cocok, Lainnya',
        params: {
          choices: [
            'price',
            'competitor',
            'cancelled_plan',
            'no_response',
            'out_of_coverage',
            'schedule',
            'other',
          ],
        },
      },
      {
        path: 'quote_value',
        code: 'WRONG_TYPE',
        message: 'Isi angka bulat',
        params: { expected: 'whole_number' },
      },
    ]);
    expect(problemsIn('reply', { message: 'a'.repeat(4097) })).to.deep.equal([
      {
        path: 'message',
        code: 'TOO_LONG',
        message: 'Paling banyak 4.096 karakter',
        params: { maximum: 4096, inclusive: 1 },
      },
    ]);
    expect(problemsIn('login', { email: 'ani@saga.id' })).to.deep.equal([
      { path: 'password', code: 'REQUIRED', message: 'Wajib diisi', params: {} },
    ]);
  });

  it('of alternatives is about the one that was meant', () => {
    const ticket_ids = ['019a9d1e-7c00-7000-8000-000000000001'];
    expect(
      problemsIn('bulkTickets', { ticket_ids, action: { kind: 'snooze', until: 'besok' } }),
    ).to.deep.equal([
      {
        path: 'action.until',
        code: 'BAD_FORMAT',
        message: 'Isi waktu, misalnya 2026-07-03T10:30:00Z',
        params: { format: 'datetime' },
      },
    ]);
    expect(problemsIn('bulkTickets', { ticket_ids, action: { kind: 'burn' } })).to.deep.equal([
      {
        path: 'action.kind',
        code: 'NOT_A_CHOICE',
        message: 'Pilih salah satu: assign, tag, close, snooze',
        params: { choices: ['assign', 'tag', 'close', 'snooze'] },
      },
    ]);
  });
});
