/** Instagram and Messenger: Meta's Send API, one token per account or page. */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type { ChannelHttp, ChannelSender, Files, OutboundMessage, SendOutcome } from '../../ports.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import type { PageToken } from './config.ts';
import { postToGraph, uploadToGraph } from './graph.ts';
import { textOf, tooLong } from '../text.ts';

const accepted = z.object({ message_id: z.string().min(1) });
const uploaded = z.object({ attachment_id: z.string().min(1) });

export function createPageSender(
  channel: 'instagram' | 'facebook',
  options: {
    /** With the version: `https://graph.facebook.com/v25.0`. */
    readonly url: string;
    readonly tokens: readonly PageToken[];
    /** `CHANNEL_DIVISION_MAP`: which division an account or page belongs to. */
    readonly lines: readonly Pick<Line, 'id' | 'division'>[];
    readonly http: Pick<ChannelHttp, 'postJson' | 'postForm'>;
    readonly files: Pick<Files, 'open'>;
    readonly answerMs?: number;
  },
): ChannelSender {
  const tokens = new Map(
    options.tokens.filter((page) => page.channel === channel).map(({ id, token }) => [id, token]),
  );
  const sendable = options.lines.filter(({ id }) => tokens.has(id));
  const limit = TEXT_LIMITS[channel];
  const addressOf = (line: string, what: string): string =>
    `${options.url}/${encodeURIComponent(line)}/${what}`;

  /** What is said, in Meta's form; or why it cannot be said. */
  async function contentOf(
    message: OutboundMessage,
    line: string,
    signal: AbortSignal,
  ): Promise<{ readonly content: object } | SendOutcome> {
    const { file } = message;
    if (!file) {
      const text = textOf(message, limit);
      return tooLong(text, limit) ?? { content: { text } };
    }
    const type = file.kind === 'document' ? 'file' : file.kind;
    const found = await uploadToGraph(
      options,
      { url: addressOf(line, 'message_attachments'), token: tokens.get(line) ?? '', signal },
      {
        fields: {
          message: JSON.stringify({ attachment: { type, payload: { is_reusable: false } } }),
          ...(channel === 'instagram' && { platform: 'instagram' }),
        },
        field: 'filedata',
        file,
      },
      (answer) => uploaded.safeParse(answer).data?.attachment_id,
    );
    return 'id' in found
      ? { content: { attachment: { type, payload: { attachment_id: found.id } } } }
      : found;
  }

  return {
    lineFor: (talk) => lineToSendBy(sendable, talk),
    send: async (message, { line, userId }, signal) => {
      const said = await contentOf(message, line, signal);
      if (!('content' in said)) return said;
      const json = {
        recipient: { id: userId },
        messaging_type: 'RESPONSE',
        message: said.content,
        ...(message.quotes !== undefined && { reply_to: { mid: message.quotes } }),
      };
      return postToGraph(
        options.http,
        {
          url: addressOf(line, 'messages'),
          token: tokens.get(line) ?? '',
          json,
          answerMs: options.answerMs,
          signal,
        },
        (answer) => accepted.safeParse(answer).data?.message_id,
      );
    },
  };
}
