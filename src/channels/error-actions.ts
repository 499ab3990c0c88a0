/**
 * What may be done about an error of a channel. Each channel lists its codes (docs/design/whatsapp.md#error-codes).
 */

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

export const stop: Action = { kind: 'stop' };
export const slowLine: Action = { kind: 'retry', slows: 'line' };
export const slowCustomer: Action = { kind: 'retry', slows: 'customer' };
export const giveUp = (because: Extract<Action, { kind: 'give_up' }>['because']): Action => ({
  kind: 'give_up',
  because,
});

/**
 * What a person at the dashboard reads of a code, and what to do, in Indonesian. `<code>/<subcode>` where the subcode says
 * more. Codes without a text of their own are told by what is done about them.
 */
export type ErrorTexts = Readonly<Record<string, string>>;

/** Codes as the channel's sender gives them, separated by blanks. */
export type ErrorTable = readonly (readonly [action: Action, codes: string])[];
