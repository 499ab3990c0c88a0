/** Where a customer can read what is written to them (docs/design/api.md#reply). */
import type { Channel } from '../vocabulary.ts';

/** The widget of the web chat is not there yet. */
const UNREADABLE: ReadonlySet<Channel> = new Set<Channel>(['web']);

/** Does anything show the customer what is written to them on this channel? */
export const isReadable = (channel: Channel): boolean => !UNREADABLE.has(channel);
