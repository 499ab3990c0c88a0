/** What became of one inbound item. */

/** `later`: what it is about is not here yet, try again; `refused`: it never will be, keep it as a dead letter. */
export type ReceiveOutcome =
  { readonly kind: 'done' } | { readonly kind: 'later' | 'refused'; readonly reason: string };

export const DONE: ReceiveOutcome = { kind: 'done' };
export const later = (reason: string): ReceiveOutcome => ({ kind: 'later', reason });
