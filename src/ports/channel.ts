/** Where messages leave the product (domain.md, 'L2 never reaches a customer' and 'Sending to a channel'). */

/** Not exported, so that no object literal anywhere can have it. */
declare const saidToCustomer: unique symbol;

/**
 * Something that was said to the customer on L1. There is one way to get one: `outboundOf` in jobs/sender, which
 * takes L1 events and nothing else. What stands in an internal note does not type-check here.
 */
export interface OutboundMessage {
  readonly [saidToCustomer]: true;
  /** Our message id, echoed by channels that can: how a report finds a message whose answer was lost. */
  readonly id: string;
  readonly text: string;
  /** The name under which it is said; null for the agent the customer talks with. */
  readonly signedAs: string | null;
  /** Set: it goes out as this approved template where the channel knows such a thing; `text` is how it reads. */
  readonly template?: {
    readonly name: string;
    readonly language: string;
    readonly parameters: readonly { readonly name: string; readonly text: string }[];
  };
}

export interface Recipient {
  /** Our side of the talk: a phone number id, page id, bot. As `lineFor` gave it. */
  readonly line: string;
  /** The customer as the channel names them, without our prefix. */
  readonly userId: string;
}

/**
 * `accepted`: the channel has it. `refused`: it said no, so it has it not. `not_sent`: nothing was written to it.
 * `unknown`: it may or may not have it. `code`: the channel's error code, or `http_<status>`.
 */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly channelMessageId: string | null }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string | null;
      /** As the channel asked for. */
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'not_sent'; readonly code: string }
  | {
      readonly kind: 'unknown';
      /** `restored`: only the sender says it, of what a life that was lost may have sent. */
      readonly reason: 'timeout' | 'connection_lost' | 'unreadable_answer' | 'interrupted' | 'restored';
    };

export interface Channel {
  /**
   * Our line for talks of a division; `own`: the number the customer wrote to, where known.
   * Null: nothing is configured that could send.
   */
  lineFor(talk: { readonly division: string; readonly own: string | null }): string | null;
  /** One request, never repeated here. Never rejects. `signal` gives it up: the outcome is then `unknown`. */
  send(message: OutboundMessage, to: Recipient, signal: AbortSignal): Promise<SendOutcome>;
}
