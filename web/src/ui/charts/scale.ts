/** Numbers of an axis: round ones, few, from nought (docs/design/figures.md#charts). */

const STEPS = [1, 2, 2.5, 5, 10];

/** A round step that needs at most `parts` of them to reach `top`. */
function stepFor(top: number, parts: number, whole: boolean): number {
  const rough = top / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  return whole ? Math.max(1, Math.ceil(step)) : step;
}

/** From 0 to a round number that is not under the highest value. @param whole things that are counted */
export function ticksOf(highest: number, whole: boolean, parts = 4): readonly number[] {
  if (!(highest > 0)) return whole ? [0, 1] : [0, 10];
  const step = stepFor(highest, parts, whole);
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => Number((n * step).toPrecision(12)));
}

/** Which labels fit under an axis: the last one always, the others at even distances from it. */
export function labelsThatFit(count: number, width: number, each: number): ReadonlySet<number> {
  const every = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / each))));
  return new Set(Array.from({ length: count }, (_, n) => n).filter((n) => (count - 1 - n) % every === 0));
}
