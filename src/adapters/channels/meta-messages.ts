/** Instagram and Messenger: Meta's Send API, one token per account or page. */
import { z } from 'zod';
import type { ChannelSender } from '../../ports.ts';
import { postToGraph } from './graph.ts';
import { textOf, tooLong } from './text.ts';

const accepted = z.object({ message_id: z.string().min(1) });

/** Meta counts bytes on Instagram and characters on Messenger. */
const MOST = { instagram: 1000, facebook: 2000 } as const;

export interface PageToken {
  readonly channel: 'instagram' | 'facebook';
  readonly id: string;
  readonly token: string;
}

export function createMetaMessages(
  channel: 'instagram' | 'facebook',
  options: {
    /** With the version: `https://graph.facebook.com/v25.0`. */
    readonly url: string;
    readonly tokens: readonly PageToken[];
    /** `CHANNEL_DIVISION_MAP`: which division an account or page belongs to. */
    readonly pages: ReadonlyMap<string, string>;
    readonly answerMs?: number;
  },
): ChannelSender {
  const tokens = new Map(
    options.tokens.filter((page) => page.channel === channel).map(({ id, token }) => [id, token]),
  );
  const most = MOST[channel];
  return {
    lineFor: ({ division }) => [...tokens.keys()].find((id) => options.pages.get(id) === division) ?? null,
    send: (message, { line, userId }, signal) => {
      const text = textOf(message, most);
      const refused = tooLong(channel === 'instagram' ? Buffer.from(text).toString('latin1') : text, most);
      if (refused) return Promise.resolve(refused);
      const json = { recipient: { id: userId }, messaging_type: 'RESPONSE', message: { text } };
      const url = `${options.url}/${encodeURIComponent(line)}/messages`;
      return postToGraph(
        { url, token: tokens.get(line) ?? '', json, answerMs: options.answerMs, signal },
        (answer) => accepted.safeParse(answer).data?.message_id,
      );
    },
  };
}
