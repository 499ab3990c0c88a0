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
const page = z.object({
  recipient: z.object({ id: z.string().min(1) }),
  messaging_type: z.literal('RESPONSE'),
  message: z.object({ text: z.string().min(1).max(2000) }),
});

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
    };
  }
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
  return to && { channel: 'page', line, to: to.recipient.id, text: to.message.text, callbackData: null };
}
