/** WhatsApp Cloud API (docs/design/whatsapp.md#business-scoped-user-ids and docs/design/whatsapp.md#sending). */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type { ChannelHttp, ChannelSender, Files, OutboundMessage, SendOutcome } from '../../ports.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import { postToGraph, uploadToGraph } from '../meta/graph.ts';
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

/** A file by the id that Meta gave it; its name only where a person sees one. */
function fileOf({ kind, name, caption }: NonNullable<OutboundMessage['file']>, id: string): object {
  return {
    type: kind,
    [kind]: { id, ...(caption !== null && { caption }), ...(kind === 'document' && { filename: name }) },
  };
}

interface WhatsAppOptions {
  /** With the version: `https://graph.facebook.com/v25.0`. */
  readonly url: string;
  /** Undefined: nothing can be sent. */
  readonly token: string | undefined;
  /** `WA_PHONE_MAP`. */
  readonly lines: readonly Pick<Line, 'id' | 'division'>[];
  readonly http: Pick<ChannelHttp, 'postJson' | 'postForm'>;
  readonly files: Pick<Files, 'open'>;
  /** How long an answer may take, in milliseconds. */
  readonly answerMs?: number;
}

const uploaded = z.object({ id: z.string().min(1) });

export function createWhatsApp(options: WhatsAppOptions): ChannelSender {
  const { token = '', lines, http } = options;
  const addressOf = (line: string, what: string): string =>
    `${options.url}/${encodeURIComponent(line)}/${what}`;

  /** What is said, in Meta's form; or why it cannot be said. */
  async function contentOf(
    message: OutboundMessage,
    line: string,
    signal: AbortSignal,
  ): Promise<{ readonly content: object } | SendOutcome> {
    const { file, template } = message;
    if (template) return { content: templateOf(template) };
    if (file) {
      const fields = { messaging_product: 'whatsapp', type: file.mimeType };
      const found = await uploadToGraph(
        options,
        { url: addressOf(line, 'media'), token, signal },
        { fields, field: 'file', file },
        (answer) => uploaded.safeParse(answer).data?.id,
      );
      return 'id' in found ? { content: fileOf(file, found.id) } : found;
    }
    const body = textOf(message, LIMIT);
    return tooLong(body, LIMIT) ?? { content: { type: 'text', text: { body, preview_url: false } } };
  }

  return {
    // Also a number that the map no longer has: Meta says whether the token may send from it.
    lineFor: ({ division, own }) =>
      options.token === undefined ? null : (own ?? lineToSendBy(lines, { division, own })),
    send: async (message, { line, userId }, signal) => {
      const said = await contentOf(message, line, signal);
      if (!('content' in said)) return said;
      const json = {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        ...addressee(userId),
        ...(message.quotes !== undefined && { context: { message_id: message.quotes } }),
        ...said.content,
        biz_opaque_callback_data: message.id,
      };
      return postToGraph(
        http,
        { url: addressOf(line, 'messages'), token, json, answerMs: options.answerMs, signal },
        (answer) => accepted.safeParse(answer).data?.messages[0].id,
      );
    },
    markRead: async (ref, line, signal) => {
      const json = { messaging_product: 'whatsapp', status: 'read', message_id: ref };
      const request = { url: addressOf(line, 'messages'), token, json, answerMs: options.answerMs, signal };
      const outcome = await postToGraph(http, request, (answer) =>
        readReceipt.safeParse(answer).success ? ref : undefined,
      );
      return outcome.kind === 'accepted';
    },
  };
}

const readReceipt = z.object({ success: z.literal(true) });
