import type { Channel } from '../domain/vocabulary.ts';

/** Channels whose message ids were the whole identity of a message in versions before 0.3.0. */
export const WORLDWIDE_BEFORE: ReadonlySet<Channel> = new Set(['whatsapp', 'instagram', 'facebook']);
