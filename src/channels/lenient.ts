/**
 * Reading what others send: an odd or missing optional member costs that member, never the message
 * (docs/design/channels.md#lenient-reading). None of these throws.
 */

export type Members = Readonly<Record<string, unknown>>;

/** Any object; what is none has no members. */
export const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

/** A member that holds a list: nothing is none, and a lone thing is read as a list of itself, so that it is not lost. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A text, or a number or a truth value that should have been one. Empty and anything else: undefined. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const SHORT = 1_000;
/** Of what only describes: a name, a caption's file name, a headline. Its beginning says it. */
export function shortTextOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text.length <= SHORT ? text : `${cut(text, SHORT)}…`;
}

/** Of a file: a name that is too long keeps its ending, by which a computer knows what opens it. */
export function fileNameOf(value: unknown): string | undefined {
  const name = textOf(value);
  if (name === undefined || name.length <= SHORT) return name;
  const [ending = ''] = /\.[^.\s]{1,10}$/.exec(name) ?? [];
  return `${cut(name, SHORT)}…${ending}`;
}

/** Not in the middle of a character. */
const cut = (text: string, length: number): string => {
  const end = text.charCodeAt(length - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? length - 1 : length);
};

const LONGEST = 100_000;
/** What a customer wrote: as it is, up to what one event can hold (docs/design/architecture.md#event-store-port). */
export const wordsWithin = (text: string): string =>
  text.length <= LONGEST ? text : `${cut(text, LONGEST)}… [dipotong: ${String(text.length)} karakter]`;

/** An id: text, or a whole number. Of half a kilobyte at most: no channel has longer ones. */
export function idOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && !Number.isInteger(value) ? undefined : textOf(value);
  return text === undefined || typeof value === 'boolean' || text.length > 512 ? undefined : text;
}

/** A number, or a text that is one. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** True, `"true"`, 1 and `"1"`. */
export const isTrue = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^\s*(true|1)\s*$/i.test(value));

/** No channel of ours is older. A time before it is a clock that was never set. */
const OLDEST_MS = Date.UTC(2009, 0, 1);
/** So that the ISO form has four digits for the year. */
const NEWEST_MS = Date.UTC(9999, 0, 1);

/**
 * A time of Unix as a channel gives it, in seconds or, which their size shows, in milliseconds.
 * @returns ISO 8601 UTC; undefined: none that can be believed
 */
export function timeOf(value: unknown): string | undefined {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  const milliseconds = number >= 100_000_000_000 ? number : number * 1_000;
  return milliseconds >= OLDEST_MS && milliseconds < NEWEST_MS
    ? new Date(milliseconds).toISOString()
    : undefined;
}

/** Members by which others name what a person reads. */
const WORDS = ['text', 'body', 'caption', 'title', 'question', 'name', 'description', 'url'];

/** The words within something nobody here knows the form of, at most one level down; undefined: none. */
export function wordsIn(value: unknown): string | undefined {
  if (typeof value === 'string') return textOf(value);
  const members = membersOf(value);
  const own = WORDS.map((name) => members[name]).find(
    (member) => typeof member === 'string' && member !== '',
  );
  if (typeof own === 'string') return own;
  const inner = WORDS.map((name) => membersOf(members[name]));
  return inner
    .flatMap((member) => WORDS.map((name) => member[name]))
    .find((member): member is string => typeof member === 'string' && member !== '');
}

/**
 * JSON as text, with whole numbers that JavaScript cannot hold as texts of their digits: two customers whose ids differ
 * in the last digit stay two.
 * @throws SyntaxError no JSON
 */
export function parseJson(text: string): unknown {
  if (!/[\s:,[]-?\d{16,}/.test(text)) return JSON.parse(text) as unknown;
  const exact = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
  return JSON.parse(exact) as unknown;
}
