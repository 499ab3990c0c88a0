/** What our font can draw: Latin, Greek and Cyrillic letters and the signs of these scripts. */
const DRAWN =
  /^[\u0020-\u007e\u00a0-\u017f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0486\u0488-\u0513\u1ea0-\u1ef9\u2010\u2011\u2013-\u2015\u2018-\u201e\u2020-\u2022\u2025-\u2027\u2030\u2032\u2033\u2039\u203a\u20ac\u2122\u2248\u2260\u2264\u2265\ufffd]+$/u;
const UNKNOWN = '\ufffd';
const graphemes = new Intl.Segmenter('id', { granularity: 'grapheme' });

/**
 * The text with one sign for each character that the font lacks (emoji, Arabic, Chinese). The font would draw
 * boxes of unknown width over the text next to them; the workbook has the names as they are written.
 */
export function legible(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/\s/gu, ' ');
  if (plain === '' || DRAWN.test(plain)) return plain;
  return Array.from(graphemes.segment(plain), ({ segment }) =>
    DRAWN.test(segment) ? segment : UNKNOWN,
  ).join('');
}

/** The same, for every text of plain data. */
export const legibly = <Plain extends object>(data: Plain): Plain =>
  JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === 'string' ? legible(value) : value,
  ) as Plain;
