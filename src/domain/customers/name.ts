/** How long a customer's name may be, whatever the channel lets through (docs/design/api.md#names-of-customers). */

const MOST = 300;
const graphemes = new Intl.Segmenter('id', { granularity: 'grapheme' });

/**
 * The first 300 characters of a name, as UTF-16 counts them, and none cut in half: a flag or a letter with its accents
 * is whole or left out. A single one that is longer is cut between code points.
 */
export function cutName(name: string): string {
  if (name.length <= MOST) return name;
  let kept = '';
  // One more than may be kept is looked at: how long the rest is costs nothing.
  for (const { segment } of graphemes.segment(name.slice(0, 2 * MOST))) {
    if (kept.length + segment.length > MOST) break;
    kept += segment;
  }
  if (kept !== '') return kept.trimEnd();
  for (const point of name) {
    if (kept.length + point.length > MOST) break;
    kept += point;
  }
  return kept;
}
