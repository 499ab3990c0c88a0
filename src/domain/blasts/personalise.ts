/**
 * Puts a recipient's values into a text (docs/design/business-rules.md#personalised-text): a missing value becomes a
 * neutral word, never a bare placeholder.
 */
import { because } from '../problems.ts';

export const PLACEHOLDERS = ['name', 'origin_city', 'destination_city', 'agent_name'] as const;
export const UNKNOWN_VARIABLE = because(
  'UNKNOWN_VARIABLE',
  `Variabel yang dikenal: ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ')}`,
  { choices: PLACEHOLDERS },
);
export type Placeholder = (typeof PLACEHOLDERS)[number];
export type PersonalValues = Readonly<Partial<Record<Placeholder, string | null>>>;

const NEUTRAL: Readonly<Record<Placeholder, string>> = {
  name: 'Kak',
  origin_city: 'kota asal',
  destination_city: 'kota tujuan',
  agent_name: 'tim kami',
};

const PLACEHOLDER = /(?<!\{)\{\{\s*([^{}]{0,60}?)\s*\}\}(?!\})/g;
const isVariable = (name: string): name is Placeholder => (PLACEHOLDERS as readonly string[]).includes(name);

/**
 * One line without braces: a name must not look like a placeholder, nor break Meta's rules for parameters.
 * @returns at most 120 characters
 */
function valueOf(values: PersonalValues, name: Placeholder): string {
  const value = (values[name] ?? '').replace(/[{}]/g, '').replace(/\s+/g, ' ').trim().slice(0, 120).trim();
  return value === '' ? NEUTRAL[name] : value;
}

/** The variables a text uses, in order of first use; and whether it holds braces that are none. */
export function variablesOf(text: string): {
  readonly names: readonly Placeholder[];
  readonly sound: boolean;
} {
  const names = new Set<Placeholder>();
  let sound = true;
  const rest = text.replace(PLACEHOLDER, (_all, name: string) => {
    if (isVariable(name)) names.add(name);
    else sound = false;
    return '';
  });
  return { names: [...names], sound: sound && !/\{\{|\}\}/.test(rest) };
}

export const personalise = (text: string, values: PersonalValues): string =>
  text.replace(PLACEHOLDER, (all, name: string) => (isVariable(name) ? valueOf(values, name) : all));

/** Named parameters, as the template form wants them. */
export const parametersOf = (
  text: string,
  values: PersonalValues,
): { readonly name: Placeholder; readonly text: string }[] =>
  variablesOf(text).names.map((name) => ({ name, text: valueOf(values, name) }));
