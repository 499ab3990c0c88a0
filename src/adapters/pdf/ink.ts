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

/** Width of a character beside its height, in Roboto, on the safe side. */
const ASPECT = 0.56;

/** As much of `text` as fits into `width` points. */
export function fit(text: string, width: number, size: number): string {
  const characters = [...text];
  const most = Math.max(1, Math.floor(width / (size * ASPECT)));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

export const textWidth = (text: string, size: number): number => [...text].length * size * ASPECT;
