/** The words of follow-ups and blasts (docs/design/dashboard.md#words-and-numbers). */
import type { Tone } from '../ui/badge.tsx';

export const CATEGORIES = ['PANAS', 'HANGAT', 'DINGIN'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The seed's colours: red, yellow, blue. */
export const CATEGORY_TONE: Record<Category | 'NONE', Tone> = {
  PANAS: 'red',
  HANGAT: 'yellow',
  DINGIN: 'blue',
  NONE: 'grey',
};
export const CATEGORY_NAME: Record<Category | 'NONE', string> = {
  PANAS: 'PANAS',
  HANGAT: 'HANGAT',
  DINGIN: 'DINGIN',
  NONE: 'Tanpa kategori',
};

/** What a placeholder stands for. */
export const VARIABLES = [
  { name: 'name', label: 'Nama pelanggan' },
  { name: 'origin_city', label: 'Kota asal' },
  { name: 'destination_city', label: 'Kota tujuan' },
  { name: 'agent_name', label: 'Nama agent' },
] as const;
export const variableLabel = (name: string): string =>
  VARIABLES.find((one) => one.name === name)?.label ?? name;
