/** Charts as SVG: vectors in the document, sharp at every size. */
import type { Chart } from '../../ports.ts';
import { fit, INK, textWidth } from './ink.ts';

const SIZE = 8;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

type Anchor = 'start' | 'middle' | 'end';
const label = (
  x: number,
  y: number,
  text: string,
  anchor: Anchor = 'start',
  colour: string = INK.quiet,
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="Roboto" font-size="${String(SIZE)}" text-anchor="${anchor}" fill="${colour}">${escaped(text)}</text>`;
const bar = (x: number, y: number, width: number, height: number, colour: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(0, width).toFixed(1)}" height="${Math.max(0, height).toFixed(1)}" fill="${colour}"/>`;
const rule = (x1: number, y1: number, x2: number, y2: number, colour: string = INK.line): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="0.6"/>`;
const sheet = (width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(1)}" height="${height.toFixed(1)}" viewBox="0 0 ${width.toFixed(1)} ${height.toFixed(1)}">${parts.join('')}</svg>`;

/** Where an axis of four steps may end: at least at `value`, each step a whole number that is easy to read. */
export function roundUp(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value / 4));
  const steps = [1, 1.5, 2, 2.5, 3, 5, 10].map((step) => step * power).filter(Number.isInteger);
  return 4 * (steps.find((step) => 4 * step >= value) ?? Math.ceil(value / 4));
}

const NUMBERS = new Intl.NumberFormat('id-ID');

/** Four steps from zero, with their numbers at the left. */
function axis(left: number, right: number, bottom: number, height: number, end: number): string[] {
  return [0, 1, 2, 3, 4].flatMap((step) => {
    const y = bottom - (height * step) / 4;
    return [
      rule(left, y, right, y, step === 0 ? INK.quiet : INK.line),
      label(left - 5, y + 3, NUMBERS.format((end * step) / 4), 'end'),
    ];
  });
}

type Of<Kind extends Chart['kind']> = Extract<Chart, { kind: Kind }>;

function trend({ labels, bars, line }: Of<'trend'>, width: number): string {
  const height = 170;
  const [left, right, top, bottom] = [38, width - 40, 34, height - 20];
  const span = bottom - top;
  const end = roundUp(Math.max(...bars.flatMap(({ values }) => values), 0));
  const slot = (right - left) / Math.max(1, labels.length);
  const thick = Math.min(34, (slot * 0.6) / Math.max(1, bars.length));
  const colours = [INK.good, INK.bad];
  const parts = axis(left, right, bottom, span, end);
  for (const step of [0, 50, 100])
    parts.push(label(right + 5, bottom - (span * step) / 100 + 3, `${String(step)}%`, 'start', INK.accent));
  const centre = (n: number): number => left + slot * (n + 0.5);
  for (const [n, name] of labels.entries()) {
    parts.push(label(centre(n), bottom + 13, fit(name, slot, SIZE), 'middle'));
    for (const [k, { values }] of bars.entries()) {
      const x = centre(n) + (k - bars.length / 2) * thick;
      const value = values[n] ?? 0;
      const tall = (span * value) / end;
      parts.push(bar(x + 1, bottom - tall, thick - 2, tall, colours[k] ?? INK.brand));
      // At the foot of its bar where it fits: the line is higher up.
      const inside = tall > 14;
      const y = inside ? bottom - 5 : bottom - tall - 3;
      parts.push(label(x + thick / 2, y, NUMBERS.format(value), 'middle', inside ? '#ffffff' : INK.text));
    }
  }
  const dots = line.percents.flatMap((percent, n) =>
    percent === null ? [] : [{ x: centre(n), y: bottom - (span * percent) / 100, percent }],
  );
  if (dots.length > 1)
    parts.push(
      `<polyline points="${dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" fill="none" stroke="${INK.accent}" stroke-width="1.6"/>`,
    );
  for (const { x, y, percent } of dots) {
    // Over the plot, where nothing else is.
    parts.push(
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="#ffffff" stroke="${INK.accent}" stroke-width="1.6"/>`,
      label(x, top - 8, `${NUMBERS.format(percent)}%`, 'middle', INK.accent),
    );
  }
  let x = left;
  for (const [n, name] of [...bars.map((one) => one.name), line.name].entries()) {
    const colour = n < bars.length ? (colours[n] ?? INK.brand) : INK.accent;
    parts.push(bar(x, 6, 9, 7, colour), label(x + 13, 13, name));
    x += 13 + textWidth(name, SIZE) + 16;
  }
  return sheet(width, height, parts);
}

function ranking({ points }: Of<'ranking'>, width: number): string {
  const row = 17;
  const names = Math.min(width * 0.42, Math.max(60, ...points.map((one) => textWidth(one.label, SIZE) + 10)));
  const texts = Math.max(20, ...points.map(({ text }) => textWidth(text, SIZE) + 8));
  const available = width - names - texts;
  const most = Math.max(1, ...points.map(({ value }) => value));
  const parts = points.flatMap((point, n) => {
    const y = n * row;
    const wide = (available * point.value) / most;
    return [
      label(names - 6, y + 11, fit(point.label, names - 8, SIZE), 'end', INK.text),
      bar(names, y + 3, wide, row - 6, INK.brand),
      label(names + wide + 5, y + 11, point.text, 'start', INK.text),
    ];
  });
  return sheet(width, points.length * row + 4, [rule(names, 0, names, points.length * row), ...parts]);
}

function columns({ points }: Of<'columns'>, width: number): string {
  const height = 130;
  const [left, right, top, bottom] = [38, width - 6, 14, height - 18];
  const end = roundUp(Math.max(...points.map(({ value }) => value), 0));
  const slot = (right - left) / Math.max(1, points.length);
  const parts = axis(left, right, bottom, bottom - top, end);
  for (const [n, { label: name, value, text }] of points.entries()) {
    const tall = ((bottom - top) * value) / end;
    const middle = left + slot * (n + 0.5);
    parts.push(bar(middle - slot * 0.32, bottom - tall, slot * 0.64, tall, INK.brand));
    parts.push(label(middle, bottom + 12, fit(name, slot + 4, SIZE), 'middle'));
    const shown = fit(text, slot + 4, SIZE);
    // The lines behind a number would strike it through.
    const wide = textWidth(shown, SIZE) - 2;
    parts.push(bar(middle - wide / 2, bottom - tall - 10, wide, 9, '#ffffff'));
    parts.push(label(middle, bottom - tall - 3, shown, 'middle', INK.text));
  }
  return sheet(width, height, parts);
}

/** @param width in points */
export function drawn(chart: Chart, width: number): string {
  if (chart.kind === 'trend') return trend(chart, width);
  return chart.kind === 'ranking' ? ranking(chart, width) : columns(chart, width);
}
