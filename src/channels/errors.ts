/** What to do about each error code of any channel. */
import { type Action, type ErrorTable, giveUp, slowCustomer, slowLine, stop } from './error-actions.ts';
import { META_ERRORS } from './meta/errors.ts';
import { TELEGRAM_ERRORS } from './telegram/errors.ts';
import { WHATSAPP_ERRORS } from './whatsapp/errors.ts';

export type { Action } from './error-actions.ts';

/** Of HTTP itself, and of our own rules. */
const OF_ALL: ErrorTable = [
  [stop, 'http_401 http_403'],
  [slowLine, 'http_429'],
  [giveUp('content'), 'too_long'],
];

const TABLE: ErrorTable = [...OF_ALL, ...WHATSAPP_ERRORS, ...META_ERRORS, ...TELEGRAM_ERRORS];

const BY_CODE: ReadonlyMap<string, Action> = new Map(
  TABLE.flatMap(([action, codes]) => codes.split(' ').map((code) => [code, action] as const)),
);

/** Meta keeps these for API permissions. */
const isPermission = (code: string): boolean => /^2\d\d(\/|$)/.test(code);

/**
 * What the table says of the code counts first.
 * @param code of a `refused` outcome, or the code that begins a failed status' error
 * @param isTransient the channel did not take it now and may later (docs/design/reliability.md#retries-to-channels)
 */
export function actionOn(code: string, isTransient = false): Action {
  const [plain = ''] = code.split('/');
  const known = BY_CODE.get(code) ?? BY_CODE.get(plain);
  if (known) return known;
  if (isPermission(plain)) return stop;
  if (isTransient) return slowCustomer;
  // Whether to send again what was refused for an unknown reason is a person's decision.
  return giveUp('unknown_code');
}
