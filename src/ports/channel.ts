/**
 * Where messages leave the product (docs/design/business-rules.md#l2-never-reaches-a-customer and
 * docs/design/business-rules.md#sending-to-a-channel).
 */

/** Not exported, so that no object literal anywhere can have it. */
declare const saidToCustomer: unique symbol;

/**
 * A message to the customer on L1. Only `outboundOf` in src/jobs/outbound makes one, and it takes L1 events only: an
 * internal note does not type-check here.
 */
export interface OutboundMessage {
  readonly [saidToCustomer]: true;
  /** Our message id, echoed by channels that can: how a report finds a message whose answer was lost. */
  readonly id: string;
  readonly text: string;
  /** The name of the sender; null for the agent who has the ticket. */
  readonly signedAs: string | null;
  /** Set: it goes out as this approved template where the channel knows such a thing; `text` is how it reads. */
  readonly template?: {
    readonly name: string;
    readonly language: string;
    readonly parameters: readonly { readonly name: string; readonly text: string }[];
    /** The same for lines that know templates by the sid of a content. */
    readonly contentSid?: string | undefined;
  };
  /** Set: it goes out as this file, with `caption` and without `text`. */
  readonly file?: {
    /** In the files of the program. */
    readonly key: string;
    readonly kind: 'image' | 'audio' | 'video' | 'document';
    readonly mimeType: string;
    readonly name: string;
    readonly size: number;
    readonly caption: string | null;
    /** Of the message that it is a part of: it has an address there. */
    readonly ticketId: string;
  };
  /** The message of the talk that it quotes, by the channel's own id. */
  readonly quotes?: string;
}

/** What a message is shown with that no table holds. */
export interface MessageWording {
  readonly explain: ExplainDelivery;
  /** Address of a file that is here, good for a short time. */
  readonly fileUrl: (ticketId: string, attachmentId: string) => string;
}

/** Why a message did not arrive, as a person at the dashboard reads it: made of the channel's code and words. */
export type ExplainDelivery = (problem: string) => {
  readonly code: string;
  /** Indonesian, with what to do. */
  readonly text: string;
  /** Sending the same again may help. */
  readonly retryable: boolean;
};

export interface Destination {
  /** Our line at the channel: a phone number id, page id or bot, from `lineFor`. */
  readonly line: string;
  /** The customer as the channel names them, without our prefix. */
  readonly userId: string;
  /** They have not written to us in this talk: nobody knows whether anybody is there. */
  readonly isFirst?: boolean;
  /** For so many seconds what is free text may still reach them; left out: no such limit. */
  readonly windowLeftSeconds?: number;
}

/**
 * `accepted`: the channel has it. `refused`: the channel said no. `not_sent`: no request left this machine.
 * `unknown`: the channel may or may not have it. `code`: the channel's error code, or `http_<status>`.
 */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly channelMessageId: string | null;
      /** Where `channelMessageId` is a hash of it: the channel's own id. */
      readonly channelRef?: string;
    }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string | null;
      /** As the channel asked for. */
      readonly retryAfterMs: number | null;
      /** It did not take the message now and may take it later (docs/design/reliability.md#retries-to-channels). */
      readonly isTransient: boolean;
    }
  | { readonly kind: 'not_sent'; readonly code: string }
  | {
      readonly kind: 'unknown';
      /** `restored`: set by the sender for messages that may have been sent before the store was restored. */
      readonly reason: 'timeout' | 'connection_lost' | 'unreadable_answer' | 'interrupted' | 'restored';
    };

export interface ChannelSender {
  /** Most requests at once by this line; absent, or undefined for it: as many as by any other. */
  atOnce?(line: string): number | undefined;
  /** For how many milliseconds the line writes to nobody, as a person sleeps; absent: it never does. 0: it may write. */
  quietFor?(line: string, now: Date): number;
  /**
   * Our line for conversations of a division; `own`: the number that the customer wrote to, where known.
   * Null: no line is configured that can send.
   */
  lineFor(talk: { readonly division: string; readonly own: string | null }): string | null;
  /** One request, never repeated here. Never rejects. When `signal` aborts it the outcome is `unknown`. */
  send(message: OutboundMessage, to: Destination, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Tells the customer that what they wrote up to this message was read. Absent where the channel knows no such thing.
   * @param ref of the message, the channel's own id. @returns whether the channel took it. Never rejects
   */
  markRead?(ref: string, line: string, signal: AbortSignal): Promise<boolean>;
}
