/** The request bodies of Meta's send endpoints, checked as Meta checks them. */
import { z } from 'zod';

const about = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual'),
  to: z
    .string()
    .regex(/^\+\d{5,20}$/)
    .optional(),
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/)
    .optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  /** A quote. */
  context: z.object({ message_id: z.string().min(1) }).optional(),
};
const oneRecipient = ({ to, recipient }: { to?: string | undefined; recipient?: string | undefined }) =>
  (to === undefined) !== (recipient === undefined);
const whatsapp = z
  .object({
    ...about,
    type: z.literal('text'),
    text: z.object({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }),
  })
  .refine(oneRecipient);
/** A template with named parameters. Meta refuses empty parameters and line breaks in them. */
const whatsappTemplate = z
  .object({
    ...about,
    type: z.literal('template'),
    template: z.object({
      name: z.string().regex(/^[a-z0-9_]{1,512}$/),
      language: z.object({ code: z.string().min(2) }),
      components: z.array(
        z.object({
          type: z.literal('body'),
          parameters: z.array(
            z.object({
              type: z.literal('text'),
              parameter_name: z.string().min(1),
              text: z.string().regex(/^[^\n\t]+$/),
            }),
          ),
        }),
      ),
    }),
  })
  .refine(oneRecipient);
const mediaId = z.string().regex(/^\d{1,32}$/);
const caption = z.string().min(1).max(1024).optional();
/** A file by the id of its upload. */
const whatsappFile = z
  .discriminatedUnion('type', [
    z.object({ ...about, type: z.literal('image'), image: z.strictObject({ id: mediaId, caption }) }),
    z.object({ ...about, type: z.literal('audio'), audio: z.strictObject({ id: mediaId }) }),
    z.object({ ...about, type: z.literal('video'), video: z.strictObject({ id: mediaId, caption }) }),
    z.object({
      ...about,
      type: z.literal('document'),
      document: z.strictObject({ id: mediaId, caption, filename: z.string().min(1).optional() }),
    }),
  ])
  .refine(oneRecipient);
const page = z.object({
  recipient: z.object({ id: z.string().min(1) }),
  messaging_type: z.literal('RESPONSE'),
  message: z.union([
    z.strictObject({ text: z.string().min(1).max(2000) }),
    z.strictObject({
      attachment: z.object({
        type: z.enum(['image', 'audio', 'video', 'file']),
        payload: z.strictObject({ attachment_id: mediaId }),
      }),
    }),
  ]),
  reply_to: z.strictObject({ mid: z.string().min(1) }).optional(),
});
const readReceipt = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string().min(1),
});

/** @returns the message that is said to be read; undefined: the body is no read receipt */
export const readReceiptOf = (body: unknown): string | undefined =>
  readReceipt.safeParse(body).data?.message_id;

/** A message as the simulated channel receives it. */
export interface Asked {
  readonly channel: 'whatsapp' | 'page';
  /** Phone number id, page id or account id. */
  readonly line: string;
  readonly to: string;
  /** For a template: its parameters, one per line. */
  readonly text: string;
  /** Name of the template that is sent. */
  readonly template?: string;
  /** `biz_opaque_callback_data`: the sender's own id. */
  readonly callbackData: string | null;
  /** Set: a file and no text; `text` is its caption. */
  readonly file?: { readonly type: string; readonly id: string; readonly name?: string | undefined };
  /** The message that it quotes. */
  readonly quotes?: string;
}

/** @returns undefined for a body that Meta cannot read and answers with code 100 */
export function readMessage(line: string, body: unknown): Asked | undefined {
  const wa = whatsapp.safeParse(body).data;
  if (wa) {
    const to = wa.to?.slice(1) ?? wa.recipient ?? '';
    return {
      channel: 'whatsapp',
      line,
      to,
      text: wa.text.body,
      callbackData: wa.biz_opaque_callback_data ?? null,
      ...(wa.context && { quotes: wa.context.message_id }),
    };
  }
  const sent = whatsappFile.safeParse(body).data;
  if (sent) return fileAsked(line, sent);
  const form = whatsappTemplate.safeParse(body).data;
  if (form) {
    return {
      channel: 'whatsapp',
      line,
      to: form.to?.slice(1) ?? form.recipient ?? '',
      text: form.template.components
        .flatMap(({ parameters }) => parameters.map(({ text }) => text))
        .join('\n'),
      template: form.template.name,
      callbackData: form.biz_opaque_callback_data ?? null,
    };
  }
  const to = page.safeParse(body).data;
  if (!to) return undefined;
  const { message, reply_to } = to;
  return {
    ...{ channel: 'page', line, to: to.recipient.id, callbackData: null },
    text: 'text' in message ? message.text : '',
    ...('attachment' in message && {
      file: { type: message.attachment.type, id: message.attachment.payload.attachment_id },
    }),
    ...(reply_to && { quotes: reply_to.mid }),
  };
}

function fileAsked(line: string, sent: z.infer<typeof whatsappFile>): Asked {
  const of = { channel: 'whatsapp', line, to: sent.to?.slice(1) ?? sent.recipient ?? '' } as const;
  const { id, caption: text = '', filename: name } = ofKind(sent);
  return {
    ...of,
    text,
    callbackData: sent.biz_opaque_callback_data ?? null,
    file: { type: sent.type, id, ...(name !== undefined && { name }) },
    ...(sent.context && { quotes: sent.context.message_id }),
  };
}

function ofKind(sent: z.infer<typeof whatsappFile>): {
  readonly id: string;
  readonly caption?: string | undefined;
  readonly filename?: string | undefined;
} {
  switch (sent.type) {
    case 'image':
      return sent.image;
    case 'audio':
      return sent.audio;
    case 'video':
      return sent.video;
    case 'document':
      return sent.document;
  }
}
