/** What is wrong with an input, as people read it and as programs know it (docs/design/api.md#bad-fields). */
import type { z } from 'zod';
import { LABELS } from './settings/labels.ts';

/** What can be wrong with one field. A client may say it in words of its own, by the code and `params`. */
export const PROBLEM_CODES = [
  'REQUIRED',
  'WRONG_TYPE',
  'NOT_A_CHOICE',
  'TOO_SHORT',
  'TOO_LONG',
  'TOO_FEW',
  'TOO_MANY',
  'TOO_SMALL',
  'TOO_LARGE',
  'BAD_FORMAT',
  'UNKNOWN_FIELD',
  'COMPUTED_FIELD',
  'UNKNOWN_VARIABLE',
  'FORBIDDEN_CHARACTER',
  'REPEATED',
  'NOT_TOGETHER',
  'ONE_OF',
  'OUT_OF_RANGE',
  'WRONG_ORDER',
  'OVERLAPS',
  'NO_CHANGE',
  'NOT_FOUND',
  'NOT_APPLICABLE',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What the sentence names: limits, choices, other fields. */
export type ProblemParams = Readonly<Record<string, string | number | readonly (string | number)[]>>;

export interface Problem {
  /** `schedules.3.open_time`; empty: the whole input. */
  readonly path: string;
  /** Indonesian. */
  readonly message: string;
  readonly code: ProblemCode;
  readonly params: ProblemParams;
}

export const problem = (
  path: string,
  code: ProblemCode,
  message: string,
  params: ProblemParams = {},
): Problem => ({ path, message, code, params });

/** What a `refine` of a schema says where it does not hold: `.refine(isWord, because('BAD_FORMAT', 'Satu kata'))`. */
export const because = (code: ProblemCode, error: string, params: ProblemParams = {}) => ({
  error,
  params: { code, params },
});

/** A text that shows nothing is none. */
export const EMPTY = because('REQUIRED', 'Wajib diisi');
/** A list that names nothing twice. */
export const UNIQUE = because('REPEATED', 'Tidak boleh ada yang sama');

/** As Indonesian has numbers: 4.096. */
export const written = (amount: number | bigint): string => new Intl.NumberFormat('id-ID').format(amount);

/** Of a schema without a sentence of its own: `problemsOf` finds one. */
const UNSAID = '';
/** How a schema is asked so that `problemsOf` can say what is wrong. */
const ASKED = { error: () => UNSAID, reportInput: true } as const;

/** Like `schema.safeParse`. */
export const parseInput = <S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.ZodSafeParseResult<z.output<S>> => schema.safeParse(value, ASKED);

type Said = Omit<Problem, 'path'>;
const say = (code: ProblemCode, message: string, params: ProblemParams = {}): Said => ({
  code,
  message,
  params,
});

const TYPES: Readonly<Record<string, readonly [kind: string, sentence: string]>> = {
  string: ['text', 'Isi dengan teks'],
  number: ['number', 'Isi angka'],
  int: ['whole_number', 'Isi angka bulat'],
  boolean: ['yes_or_no', 'Isi ya (true) atau tidak (false)'],
  array: ['list', 'Isi dengan daftar'],
  tuple: ['list', 'Isi dengan daftar'],
  object: ['group', 'Isi dengan kelompok isian'],
  record: ['group', 'Isi dengan kelompok isian'],
  null: ['nothing', 'Kosongkan isian ini'],
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'Isi alamat email, misalnya nama@perusahaan.co.id',
  url: 'Isi alamat web lengkap, misalnya https://perusahaan.co.id',
  uuid: 'ID tidak sah',
  datetime: 'Isi waktu, misalnya 2026-07-03T10:30:00Z',
  date: 'Isi tanggal, misalnya 2026-07-03',
  time: 'Isi jam, misalnya 08:30',
};

const labelsOf = (words: readonly string[]): Readonly<Record<string, string>> | undefined =>
  Object.values(LABELS).find((labels) => words.every((word) => Object.hasOwn(labels, word)));

function notAChoice(choices: readonly unknown[], code: ProblemCode): Said {
  const words = choices.filter((choice) => choice !== '').map(String);
  const labels = labelsOf(words);
  const names = words.map((word) => labels?.[word] ?? word).join(', ');
  return say(code, words.length === 1 ? `Hanya boleh: ${names}` : `Pilih salah satu: ${names}`, {
    choices: words,
  });
}

function wrongType(expected: string): Said {
  const [kind, sentence] = TYPES[expected] ?? ['other', 'Isian ini tidak sesuai'];
  return say('WRONG_TYPE', sentence, { expected: kind });
}

const UNITS: Readonly<Record<string, string>> = { string: ' karakter', file: ' byte' };
const codeOfSize = (
  origin: string,
  text: ProblemCode,
  list: ProblemCode,
  amount: ProblemCode,
): ProblemCode => {
  if (origin === 'string') return text;
  return origin === 'array' || origin === 'set' || origin === 'map' ? list : amount;
};

type Issue = z.core.$ZodIssue;
type Sized<Code extends Issue['code']> = Extract<Issue, { code: Code }>;

function tooSmall({ origin, minimum, inclusive }: Sized<'too_small'>): Said {
  const code = codeOfSize(origin, 'TOO_SHORT', 'TOO_FEW', 'TOO_SMALL');
  if (code === 'TOO_SHORT' && Number(minimum) <= 1) return say('REQUIRED', 'Wajib diisi');
  const least = `${written(minimum)}${UNITS[origin] ?? ''}`;
  const params = { minimum: Number(minimum), inclusive: inclusive === false ? 0 : 1 };
  return say(code, inclusive === false ? `Harus lebih dari ${least}` : `Minimal ${least}`, params);
}

function tooBig({ origin, maximum, inclusive }: Sized<'too_big'>): Said {
  const code = codeOfSize(origin, 'TOO_LONG', 'TOO_MANY', 'TOO_LARGE');
  const most = `${written(maximum)}${UNITS[origin] ?? ''}`;
  const params = { maximum: Number(maximum), inclusive: inclusive === false ? 0 : 1 };
  return say(code, inclusive === false ? `Harus kurang dari ${most}` : `Paling banyak ${most}`, params);
}

function said(issue: Issue): Said {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? say('REQUIRED', 'Wajib diisi') : wrongType(issue.expected);
    case 'invalid_value':
      return notAChoice(issue.values, issue.input === undefined ? 'REQUIRED' : 'NOT_A_CHOICE');
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'not_multiple_of':
      return say('BAD_FORMAT', `Isi kelipatan ${written(issue.divisor)}`, { divisor: issue.divisor });
    case 'invalid_format': {
      const known = FORMATS[issue.format];
      return say(
        'BAD_FORMAT',
        known ?? 'Bentuk isian ini tidak sesuai',
        known ? { format: issue.format } : {},
      );
    }
    default:
      return say('WRONG_TYPE', 'Isian ini tidak sesuai', { expected: 'other' });
  }
}

/** The alternative that was meant: the one that got furthest. Choices of all alternatives are one list of choices. */
function ofUnion(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] {
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (issue.errors.length === 0 && discriminator !== undefined) {
    const values = (options ?? []) as (string | number)[];
    const { input } = issue as { input?: unknown };
    return [{ code: 'invalid_value', values, path: [], input, message: UNSAID }];
  }
  const single = issue.errors.flatMap((issues) => (issues.length === 1 ? issues : []));
  const values = single.flatMap((one) =>
    one.code === 'invalid_value' && one.path.length === 0 ? one.values : [],
  );
  const isChoice = single.length === issue.errors.length && values.length > 0;
  const other = single.find((one) => one.code !== 'invalid_value');
  const first = single[0];
  if (isChoice && other === undefined && first) return [{ ...first, code: 'invalid_value', values }];
  const deep = issue.errors.find((issues) => issues.some(({ path }) => path.length > 0));
  return deep ?? (other ? [other] : (issue.errors[0] ?? []));
}

/** How much of a path or a sentence goes into an answer. */
export const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);

/**
 * One problem per bad field; an unknown member is named itself, not its parent.
 * @param error of `parseInput`
 * @param most further problems are left out
 * @param unknown what is said about a member that the schema does not know
 */
export function problemsOf(
  error: z.ZodError,
  most: number,
  unknown: (key: string) => Said = () => say('UNKNOWN_FIELD', 'Isian tidak dikenal'),
): Problem[] {
  const flat = (issue: Issue, above: readonly string[]): readonly Problem[] => {
    const path = [...above, ...issue.path.map(String)];
    const at = (more: readonly string[], what: Said): Problem => ({
      path: shorten([...path, ...more].join('.')),
      ...what,
    });
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, most).map((key) => at([key], unknown(key)));
    if (issue.code === 'invalid_key') return [at([], unknown(path.at(-1) ?? ''))];
    if (issue.code === 'invalid_union' && issue.message === UNSAID)
      return ofUnion(issue).flatMap((one) => flat(one, path));
    if (issue.message === UNSAID) return [at([], said(issue))];
    // It has a sentence of its own.
    if (issue.code !== 'custom') return [at([], { ...said(issue), message: issue.message })];
    const { code, params } = issue.params as { code: ProblemCode; params: ProblemParams };
    return [at([], { code, params, message: issue.message })];
  };
  return error.issues
    .slice(0, most)
    .flatMap((issue) => flat(issue, []))
    .slice(0, most);
}
