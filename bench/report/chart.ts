/** docs/benchmarks.svg: how far each row is from its bar. */
import { type Finding, isMet, median, ratiosOf } from './finding.ts';

const WIDTH = 960;
const LABELS = 520;
const ROW = 22;
const TOP = 34;
/** Horizontal place of the bar. The scale is logarithmic: ten times better is the right edge. */
const BAR_AT = LABELS + (WIDTH - LABELS) / 2;

/** How many times better than its bar: 1 is on the bar, 2 is twice as fast. */
function timesItsBar(finding: Finding): number | undefined {
  const { bar } = finding;
  if (!bar) return undefined;
  const value = median(bar.of === 'ratio' ? ratiosOf(finding) : finding.measured);
  return 'atLeast' in bar ? value / bar.atLeast : bar.atMost / value;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const shortened = (text: string): string => (text.length > 78 ? `${text.slice(0, 77)}…` : text);

export function chart(findings: readonly Finding[]): string {
  const rows = findings.flatMap((finding) => {
    const times = timesItsBar(finding);
    return times === undefined ? [] : [{ finding, times }];
  });
  const height = TOP + rows.length * ROW + 10;
  const half = (WIDTH - LABELS) / 2 - 50;
  const bars = rows.map(({ finding, times }, index) => {
    const y = TOP + index * ROW;
    const length = Math.max(-1, Math.min(1, Math.log10(times))) * half;
    const colour = isMet(finding) === true ? '#2e7d32' : '#c62828';
    const x = Math.min(BAR_AT, BAR_AT + length);
    const labelPlace =
      length < 0 ? `x="${(x - 4).toFixed(0)}" text-anchor="end"` : `x="${(x + length + 4).toFixed(0)}"`;
    return `<text x="${String(LABELS - 8)}" y="${String(y + 13)}" text-anchor="end">${escaped(shortened(finding.what))}</text>
<rect x="${x.toFixed(1)}" y="${String(y + 2)}" width="${Math.max(1, Math.abs(length)).toFixed(1)}" height="${String(ROW - 8)}" fill="${colour}"/>
<text ${labelPlace} y="${String(y + 13)}">${times.toFixed(2)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${String(BAR_AT)}" y="18" text-anchor="middle">times as good as its bar (1 = on the bar, logarithmic)</text>
${bars.join('\n')}
<line x1="${String(BAR_AT)}" y1="${String(TOP - 8)}" x2="${String(BAR_AT)}" y2="${String(height - 6)}" stroke="#333333"/>
</svg>
`;
}
