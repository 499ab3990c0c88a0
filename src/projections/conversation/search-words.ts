/**
 * The words of a message, as the search knows them (docs/design/api.md#search): in lower case, without accents, in any
 * order. Nothing of a phone number is spelled in another way: here people look for what was written.
 */

import { ERASED } from '../../domain/vocabulary.ts';

/** Longer words are cut: no one types more, and a text without blanks must fit into an index. */
const MAX_WORD = 64;
/** Of one message. A longer text is found by its first words. */
const MAX_WORDS = 1_000;
const MAX_QUERY_WORDS = 8;
/** A single letter begins too many words to be looked for as a beginning. */
const WHOLE_WORD = 1;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

const plain = (word: string): string =>
  [
    ...word
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]+/gu, '')
      .toLowerCase(),
  ]
    .slice(0, MAX_WORD)
    .join('');

/** @returns the words of a text, each once, as the text of a tsvector; of an erased one there are none */
export function wordsColumn(text: string): string {
  if (text === ERASED) return '';
  const words = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    const known = plain(word);
    if (known !== '') words.add(known);
    if (words.size >= MAX_WORDS) break;
  }
  return [...words].join(' ');
}

/** What is looked for: every one of these must begin a word. Empty: nothing that could be found. */
export const searchedWords = (query: string): readonly string[] =>
  [...new Set(Array.from(query.matchAll(WORD), ([word]) => plain(word)).filter((word) => word !== ''))].slice(
    0,
    MAX_QUERY_WORDS,
  );

const isWhole = (word: string): boolean => [...word].length <= WHOLE_WORD;

/** @param words letters and digits only, so that nothing has to be quoted. @returns the text of a tsquery */
export const wordsQuery = (words: readonly string[]): string =>
  words.map((word) => (isWhole(word) ? `'${word}'` : `'${word}':*`)).join(' & ');

export interface Snippet {
  readonly text: string;
  /** Beginnings and ends within `text`, in UTF-16 units, as JavaScript counts them. */
  readonly matches: [number, number][];
}

/** Characters around the first match. */
const BEFORE = 40;
const LENGTH = 160;

/** The first place where a surrogate pair is not cut. */
const whole = (text: string, at: number): number =>
  at > 0 && at < text.length && /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + 1 : at;

/**
 * The part of a message around the first word that was looked for, on one line.
 * @param words as `searchedWords` gives them
 */
export function snippetOf(content: string, words: readonly string[]): Snippet {
  const found: [number, number][] = [];
  for (const match of content.matchAll(WORD)) {
    const known = plain(match[0]);
    if (words.some((word) => (isWhole(word) ? known === word : known.startsWith(word))))
      found.push([match.index, match.index + match[0].length]);
  }
  const first = found[0]?.[0] ?? 0;
  // What fits as a whole is shown as a whole.
  const from = content.length <= LENGTH ? 0 : whole(content, Math.max(0, first - BEFORE));
  const to = whole(content, Math.min(content.length, from + LENGTH));
  const lead = from > 0 ? '…' : '';
  const shift = lead.length - from;
  return {
    // One character for one: the places of the matches stay.
    text: `${lead}${content.slice(from, to).replace(/\s/gu, ' ')}${to < content.length ? '…' : ''}`,
    matches: found
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]): [number, number] => [start + shift, end + shift]),
  };
}
