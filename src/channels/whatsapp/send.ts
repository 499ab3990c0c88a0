/** WhatsApp Cloud API (docs/design/whatsapp.md#business-scoped-user-ids and docs/design/whatsapp.md#sending). */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type { ChannelHttp, ChannelSender, OutboundMessage } from '../../ports.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import { postToGraph } from '../meta/graph.ts';
import { textOf, tooLong } from '../text.ts';

const LIMIT = TEXT_LIMITS.whatsapp;
const accepted = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })], z.unknown()) });

/** A phone number needs `+` and country code; any other id is business-scoped and has its own member. */
export const addressee = (userId: string): { readonly to: string } | { readonly recipient: string } =>
  /^\+?\d{5,20}$/.test(userId) ? { to: `+${userId.replace('+', '')}` } : { recipient: userId };

/**
 * The template form, with named parameters: the catalogue's variables have names
 * (docs/design/whatsapp.md#service-window).
 */
function templateOf({ name, language, parameters }: NonNullable<OutboundMessage['template']>): object {
  const named = parameters.map((one) => ({ type: 'text', parameter_name: one.name, text: one.text }));
  const components = named.length === 0 ? [] : [{ type: 'body', parameters: named }];
  return { type: 'template', template: { name, language: { code: language }, components } };
}

export function createWhatsApp(options: {
  /** With the version: `https://graph.facebook.com/v25.0`. */
  readonly url: string;
  /** Undefined: nothing can be sent. */
  readonly token: string | undefined;
  /** `WA_PHONE_MAP`. */
  readonly lines: readonly Pick<Line, 'id' | 'division'>[];
  readonly http: Pick<ChannelHttp, 'postJson'>;
  /** How long an answer may take, in milliseconds. */
  readonly answerMs?: number;
}): ChannelSender {
  const { token, lines, http } = options;
  return {
    // Also a number that the map no longer has: Meta says whether the token may send from it.
    lineFor: ({ division, own }) =>
      token === undefined ? null : (own ?? lineToSendBy(lines, { division, own })),
    send: (message, { line, userId }, signal) => {
      const body = textOf(message, LIMIT);
      const refused = tooLong(body, LIMIT);
      if (refused) return Promise.resolve(refused);
      const json = {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        ...addressee(userId),
        ...(message.template
          ? templateOf(message.template)
          : { type: 'text', text: { body, preview_url: false } }),
        biz_opaque_callback_data: message.id,
      };
      const url = `${options.url}/${encodeURIComponent(line)}/messages`;
      return postToGraph(
        http,
        { url, token: token ?? '', json, answerMs: options.answerMs, signal },
        (answer) => accepted.safeParse(answer).data?.messages[0].id,
      );
    },
  };
}
