const ONE_DIGIT = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 1 });

export interface ChangeOf {
  readonly text: string;
  readonly way: -1 | 0 | 1;
}

/**
 * How much more or less than before, in words; null where there is nothing to compare.
 * @param points a share is compared in its own points, all else in percent of what was
 */
export function changeOf(value: number | null, before: number | null, points: boolean): ChangeOf | null {
  if (value === null || before === null || (!points && before === 0)) return null;
  const by = points ? value - before : ((value - before) / before) * 100;
  const rounded = Math.round(by * 10) / 10;
  const way = rounded > 0 ? 1 : rounded < 0 ? -1 : 0;
  return {
    text: `${way > 0 ? '+' : way < 0 ? '−' : '±'}${ONE_DIGIT.format(Math.abs(rounded))}${points ? ' poin' : '%'}`,
    way,
  };
}
