/** What to do about each error code of a channel (docs/design/whatsapp.md#error-codes), in one table. */

/**
 * `stop`: nothing from this line gets through until a person acts: hold it, alert, try one message now and then.
 * `retry`: the same message again later; `slows` says whether the whole line waits or only this customer.
 * `give_up`: this message will not get through; `because` says why.
 */
export type Action =
  | { readonly kind: 'stop' }
  | { readonly kind: 'retry'; readonly slows: 'line' | 'customer' }
  | {
      readonly kind: 'give_up';
      readonly because: 'recipient' | 'not_now' | 'template' | 'content' | 'unknown_code';
    };

const stop: Action = { kind: 'stop' };
const slowLine: Action = { kind: 'retry', slows: 'line' };
const slowCustomer: Action = { kind: 'retry', slows: 'customer' };
const giveUp = (because: Extract<Action, { kind: 'give_up' }>['because']): Action => ({
  kind: 'give_up',
  because,
});

/** Codes as the adapters give them: Meta's number, `<code>/<subcode>` where the subcode decides, or `http_<status>`. */
const TABLE: readonly (readonly [action: Action, codes: string])[] = [
  // Permission, payment, registration: the same for every message of this line.
  [stop, '0 190 3 10 131005 131031 131042 131045 133016 http_401 http_403'],
  // Limits of the app or the number, and a number under upgrade: the whole line slows down.
  [slowLine, '4 80007 130429 131057 http_429'],
  // Quality and spam limits: a pause of one customer would not help, so the whole line waits.
  [slowLine, '131048 368 131064'],
  // Trouble at the channel, or too much for this one customer (131056: the pair rate).
  [slowCustomer, '131056 131000 131016 1 2'],
  [giveUp('recipient'), '131026 131050 130403 130472 130497'],
  [giveUp('not_now'), '131049'],
  [giveUp('template'), '131047'],
  [
    giveUp('content'),
    '131008 131009 131051 131052 131053 131063 132000 132001 132005 132007 132012 132015 132016 131062 too_long',
  ],
  // Instagram and Messenger: outside their 24 hours, nobody of that id, not available to us.
  [giveUp('not_now'), '10/2018278 10/2534022'],
  [giveUp('recipient'), '551 551/1545041 200/1545041 100/2018001 100/2534014'],
  [slowLine, '613 17 32'],
  // Telegram: the bot's token, a customer who blocked the bot or never started it.
  [stop, 'tg_401 tg_404'],
  [slowLine, 'tg_429'],
  [giveUp('recipient'), 'tg_403 tg_400/chat'],
  [giveUp('content'), 'tg_400'],
];

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
