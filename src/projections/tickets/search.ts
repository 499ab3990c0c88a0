/**
 * Search by customer name or phone (docs/design/api.md#inbox-search): every word of the query must begin a word of
 * the name or the phone number. Words are kept in lower case without accents, C-collated, so that `^@` may use an
 * index under row-level security (docs/design/reliability.md#policies-and-indexes).
 */

import { plainDigits } from '../../domain/customers/phone.ts';

const MAX_WORDS = 8;
const MAX_WORD = 32;
/** Prefixes up to here are counted by the projector; longer ones are few enough to count when asked. */
const COUNTED_WORD = 12;
const COUNTED_DIGITS = 7;

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(spelled)
    .map((word) => [...word].slice(0, MAX_WORD).join(''));

/**
 * `0812345`, `62812345` and `812345` are one number. Numbers in names are spelled so, too: nobody can know whether `88`
 * looks for a number, for Toko 88 or for 88Toko, and it finds all three. A prefix stays a prefix.
 */
function spelled(word: string): string {
  if (word.startsWith('0')) return `62${word.slice(1)}`;
  return word.startsWith('8') ? `62${word}` : word;
}

/** As people write numbers, with what a copy brings along: dashes of every length, marks of the writing direction. */
const PHONE = /^[\s\d+().\p{Pd}]+$/u;

/** `0812 345`, `+62 812-345` and `812345` are one number; what follows a plus is complete, whatever its country. */
function digitsOf(text: string): string {
  const digits = text.replace(/\D/g, '');
  return (text.trimStart().startsWith('+') ? digits : spelled(digits)).slice(0, MAX_WORD);
}

/** The words a ticket is found by, each once. */
export function termsOf(name: string | null, phone: string | null): readonly string[] {
  const words = name === null ? [] : wordsOf(name).slice(0, MAX_WORDS);
  // As it is, for a stored phone number is complete, whatever its country; and as it is looked for without its plus.
  const digits = phone === null ? '' : phone.replace(/\D/g, '');
  const numbers = digits === '' ? [] : [digits, spelled(digits)].map((number) => number.slice(0, MAX_WORD));
  return [...new Set([...words, ...numbers])];
}

/** The search column of a ticket: its terms, each after a blank. */
export const searchColumn = (terms: readonly string[]): string => terms.map((term) => ` ${term}`).join('');

const isNumber = (term: string): boolean => /^\d+$/.test(term);

/** Is the number of tickets behind this prefix in read.term_counts? */
export const isCounted = (prefix: string): boolean =>
  prefix.length <= (isNumber(prefix) ? COUNTED_DIGITS : COUNTED_WORD);

/** Every prefix of these terms that is counted, each once: a ticket with two such words is one ticket. */
export function countedPrefixes(terms: readonly string[]): readonly string[] {
  const prefixes = new Set<string>();
  for (const term of terms) {
    const characters = [...term];
    let prefix = '';
    for (const character of characters) {
      prefix += character;
      // `12345678` is too long a number, `12345678a` is a word again.
      if (isCounted(prefix)) prefixes.add(prefix);
      else if (prefix.length > COUNTED_WORD) break;
    }
  }
  return [...prefixes];
}

/** The phone number, or the beginning of one, that a query looks for, spelled in one way; null: it looks for a name. */
export function phoneIn(query: string): string | null {
  const plain = plainDigits(query).replace(/\p{Cf}+/gu, '');
  return (PHONE.test(plain) ? digitsOf(plain) : '') || null;
}

/**
 * The number that a query looks for at all, also next to a name or behind a mark that people do not write in numbers: for the
 * record of searches (docs/design/reliability.md#records-of-reads). Null: none of its words is a number.
 */
export function numberIn(query: string): string | null {
  const [longest] = prefixesOf(query)
    .filter(isNumber)
    .sort((a, b) => b.length - a.length);
  return longest ?? null;
}

/** What a query asks for: prefixes that must all be found. Empty: it asks for nothing that could be found. */
export function prefixesOf(query: string): readonly string[] {
  const phone = phoneIn(query);
  if (phone !== null) return [phone];
  const words = [...new Set(wordsOf(query))].slice(0, MAX_WORDS);
  // 'bu budi': whatever begins with the longer begins with the shorter.
  return words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
}
