/** Which passwords are good enough (docs/design/reliability.md#passwords): long, and not what everybody tries first. */
import { Refusal } from '../refusals.ts';
import { showsSomething } from '../words.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { addressOf } from './email.ts';

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 128;

/** The same word, however the keyboard wrote it. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

/** In characters, as a person counts them; blanks alone are none. */
export function hasPasswordLength(password: string): boolean {
  const { length } = [...normalPassword(password)];
  return length >= MIN_PASSWORD && length <= MAX_PASSWORD && showsSomething(password);
}

/** A temporary password would become one for good. @throws Refusal PASSWORD_UNCHANGED */
export function requireOtherPassword(present: string, wanted: string): void {
  if (normalPassword(present) === normalPassword(wanted))
    throw new Refusal('PASSWORD_UNCHANGED', [{ path: 'new_password', message: 'PASSWORD_UNCHANGED' }]);
}

/** @throws Refusal PASSWORD_TOO_EASY: a common one, one letter again and again, or the person's own e-mail address */
export function requireGoodPassword(password: string, email: string): void {
  const word = normalPassword(password).toLowerCase();
  const address = addressOf(email);
  const [local = ''] = address.split('@');
  const easy =
    COMMON_PASSWORDS.has(word.trim()) ||
    COMMON_PASSWORDS.has(word.replace(/\s/g, '')) ||
    new Set(word).size < 3 ||
    word.includes(address) ||
    word.trim() === local;
  if (easy) throw new Refusal('PASSWORD_TOO_EASY', [{ path: 'password', message: 'PASSWORD_TOO_EASY' }]);
}
