/** What the doctor says of one thing it looked at. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'problem';
  readonly says: string;
  /** What to do about it; null when all is well. */
  readonly todo: string | null;
}

export const ok = (check: string, says: string): Finding => ({ check, level: 'ok', says, todo: null });
export const warning = (check: string, says: string, todo: string): Finding => ({
  check,
  level: 'warning',
  says,
  todo,
});
export const problem = (check: string, says: string, todo: string): Finding => ({
  check,
  level: 'problem',
  says,
  todo,
});

/** Never the whole error: its text may quote an address with a password. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : cause.name === 'Error' ? 'no answer' : cause.name;
}
