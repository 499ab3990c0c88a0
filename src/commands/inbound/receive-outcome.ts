/** The outcome of receiving one inbound item. */

/** `later`: its customer or ticket is not here yet, try again; `refused`: it can never be taken, keep it as a dead letter. */
export type ReceiveOutcome =
  { readonly kind: 'done' } | { readonly kind: 'later' | 'refused'; readonly reason: string };

export const DONE: ReceiveOutcome = { kind: 'done' };
export const later = (reason: string): ReceiveOutcome => ({ kind: 'later', reason });
