/** What the answer of any channel says of whether it took a message (docs/design/reliability.md#retries-to-channels). */
import type { ChannelAnswer } from '../ports.ts';

/** A 429, a 503 or a 5xx that says when to come again: the message was not taken, by a proxy or by the channel. */
export const saysNotNow = ({ status, retryAfterMs }: ChannelAnswer): boolean =>
  status === 429 || status === 503 || (status >= 500 && retryAfterMs !== null);

/**
 * The same where the channel itself answered in its own form. A 504 says that it waited for a part of its own: that
 * part may have the message.
 */
export const saysNotTaken = (answer: ChannelAnswer): boolean =>
  saysNotNow(answer) || (answer.status >= 500 && answer.status !== 504);
