import { withoutUnseenAround } from '../words.ts';

/**
 * An e-mail address as it is kept and compared (docs/design/api.md#users): copied with a blank, typed in capitals or in
 * full-width letters, it is the same one.
 */
export const addressOf = (typed: string): string =>
  withoutUnseenAround(typed.normalize('NFKC')).toLowerCase();
