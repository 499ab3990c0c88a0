/** What is drawn over time, and in which colour. */

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: Colour;
}

/** Colours of the theme that stand out from its surface by 3:1 at least, light and dark. */
export const COLOURS = ['accent', 'blue', 'orange', 'note', 'danger', 'good', 'line-strong'] as const;
export type Colour = (typeof COLOURS)[number];
export const colourOf = (colour: Colour): string => `var(--${colour})`;
export const colourAt = (n: number): Colour => COLOURS[n % COLOURS.length] ?? 'accent';

/** Lines differ by more than their colour. */
const DASHES = ['', '7 4', '2 4', '10 4 2 4', '4 4'];
export const dashAt = (n: number): string => DASHES[n % DASHES.length] ?? '';
