/** What somebody typed into a plain form. */
import type { SubmitEvent } from 'react';

export type Submitted = SubmitEvent<HTMLFormElement>;

/** The text of a field; a file, or nothing, is `''`. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
