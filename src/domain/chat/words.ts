/** From what somebody types to the words that are compared (docs/design/chat.md#classifier). */
import slang from './slang.json' with { type: 'json' };

/** @returns the base form of one word in small letters */
export type Stem = (word: string) => string;

const SLANG: Readonly<Record<string, string>> = slang;
const isSlang = (word: string): boolean => Object.hasOwn(SLANG, word);

/** `trackingnya` is `tracking` with an ending that stands behind any word. */
const knownAs = (word: string): string =>
  !isSlang(word) && word.endsWith('nya') && isSlang(word.slice(0, -3)) ? word.slice(0, -3) : word;

/** Words that stand in any question. */
const EMPTY = new Set(
  'yang dan di ke dari untuk dengan pada itu ini ada adalah apa apakah saya kami kita kamu anda nya dong kah lah saja juga atau kalau jika mau ingin bisa tolong mohon boleh tanya tahu sama oleh akan agar supaya tidak bagaimana the a to of is'.split(
    ' ',
  ),
);

/** Small letters without accents; a letter that is held down counts once. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/([a-z])\1{2,}/g, '$1');

/** Words as everybody writes them; not stemmed. A number is none. */
export function plainWords(text: string): string[] {
  return (plain(text).match(/[a-z][a-z0-9]*/g) ?? [])
    .map(knownAs)
    .flatMap((word) => (isSlang(word) ? (SLANG[word] ?? '').split(' ') : [word]))
    .filter((word) => word !== '');
}

/** The words that a question is known by, each in its base form. */
export const wordsOf = (text: string, stem: Stem): string[] =>
  plainWords(text)
    .filter((word) => !EMPTY.has(word))
    .map((word) => (isSlang(word) ? word : stem(word)));

/** Is it one letter off: changed, left out, put in, or two of them swapped? */
export function isOneOff(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}
