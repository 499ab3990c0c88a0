/**
 * How the text of a variable becomes a value, and how a variable is declared. A channel declares its own; the
 * configuration adds the rest. An error says what is expected and never shows the value.
 */
import { z } from 'zod';
import { type Division, DIVISIONS } from '../domain/vocabulary.ts';

export interface Variable<T> {
  readonly read: z.ZodType<T, string>;
  /** The default, as text of the environment. A variable without a default may be unset. */
  readonly default?: string;
  /** Its value must never be shown. */
  readonly secret?: true;
  readonly about: string;
}

export type WithDefault<T> = Variable<T> & { readonly default: string };

export const optional = <T>(read: z.ZodType<T, string>, about: string): Variable<T> => ({ read, about });
export const withDefault = <T>(read: z.ZodType<T, string>, text: string, about: string): WithDefault<T> => ({
  read,
  default: text,
  about,
});
export const hidden = <T>(read: z.ZodType<T, string>, about: string): Variable<T> => ({
  read,
  about,
  secret: true,
});

export const GENERATED =
  'Without DATABASE_URL one is made and kept in DATA_DIR/secrets.json; with it, required.';

export type ValueReader<T> = z.ZodType<T, string>;

/** @param read returns undefined for a text that is not a value */
export function text<T>(expected: string, read: (value: string) => T | undefined): ValueReader<T> {
  return z.string().transform((value, context) => {
    const result = read(value.trim());
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

export const splitList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** @returns undefined when one of the values cannot be read */
export function each<T>(values: readonly string[], read: (value: string) => T | undefined): T[] | undefined {
  const results = values.map(read);
  return results.every((result) => result !== undefined) ? results : undefined;
}

export const anyText = text('must not be empty', (value) => value || undefined);

/** At least `shortest` characters; no word from the examples, and not a few letters repeated. */
export const secret = (shortest: number): ValueReader<string> =>
  text(
    `must be a random text of at least ${String(shortest)} characters, for example from: openssl rand -hex 32`,
    (value) =>
      value.length >= shortest && new Set(value).size >= 6 && !/change.?(me|it)|example|password/i.test(value)
        ? value
        : undefined,
  );

/** Tokens are sent there, so only over TLS or to this machine (a simulator). @returns without a slash at the end */
export const serviceUrl = text(
  'must be an address that begins with https:// (http:// only to this machine)',
  (value) =>
    /^https:\/\/[^/\s]+/.test(value) ||
    /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/.test(value)
      ? value.replace(/\/+$/, '')
      : undefined,
);

export const divisionNamed = (value: string | undefined): Division | undefined =>
  DIVISIONS.find((name) => name === value);
