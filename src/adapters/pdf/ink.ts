/** Colours and text sizes of the documents, for page and charts alike. */
export const INK = {
  text: '#1f2933',
  quiet: '#616e7c',
  line: '#cbd2d9',
  faint: '#f2f5f8',
  brand: '#1f4e79',
  good: '#2b8a66',
  bad: '#c2543d',
  accent: '#d98e04',
} as const;

/** Width of a character relative to its height, in Roboto, rounded up: names are often written in capitals. */
function aspect(character: string): number {
  if (/[MWmw@%–—…\ufffd]/u.test(character)) return 0.9;
  return /\p{Lu}/u.test(character) ? 0.72 : 0.57;
}

/** In points, at this size. */
export const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, character) => sum + aspect(character) * size, 0);

/** As much of `text` as fits into `width` points. */
export function fit(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let available = width - textWidth('…', size);
  let short = '';
  for (const character of text) {
    available -= aspect(character) * size;
    if (available < 0) break;
    short += character;
  }
  return `${short}…`;
}

/** The largest size up to `most` at which `text` is no wider than `width` points. */
export const fittingSize = (text: string, width: number, most: number): number =>
  Math.min(most, Math.floor(width / Math.max(1, textWidth(text, 1))));
