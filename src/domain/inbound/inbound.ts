/**
 * What comes in from a channel, in one form: the webhook's normalizers make it, the ingester turns it into
 * events (docs/design/api.md#webhook). Stored as JSON in the webhook inbox until then, so it has a schema of its own.
 */
import { z } from 'zod';
import { templateState } from '../blasts/template.ts';
import { cutName } from '../customers/name.ts';
import { messageParts } from './parts.ts';
import { attachment, channel, deliveryStatus, division, templatesBy } from '../vocabulary.ts';

const about = {
  division,
  channel,
  /** Our number, page, account or bot that it came to; unset where the sender does not say. */
  line: z.string().nullish(),
  /** The customer as the channel names them, prefixed (`wa_6281234567890`, `tg_42`, `ig_...`, `fb_...`, `web_...`). */
  userId: z.string().min(1),
  /** More ids of the same person, prefixed as `userId`: ones that changed, or that a bot spells in another way. */
  otherIds: z.array(z.string()).readonly().optional(),
  /** The channel says that they have this id from now on. */
  changedTo: z.object({ userId: z.string().min(1), phone: z.string().nullable() }).optional(),
  /** A second, lasting id of the same person (WhatsApp's business-scoped user id), when the channel gives it. */
  businessScopedId: z.string().nullable(),
  phone: z.string().nullable(),
  userName: z
    .string()
    .nullable()
    .transform((name) => (name === null ? null : cutName(name))),
  botId: z.string().nullable(),
  waPhoneId: z.string().nullable(),
  waDisplayName: z.string().nullable(),
  /** The line gives no id twice, whoever its sender is called: one message, also under two names of one person. */
  idsOfLine: z.boolean().optional(),
  /** How that line takes templates; unset: as its channel does. */
  templatesBy: templatesBy.optional(),
  /** The channel's time of it, ISO 8601 UTC. */
  sentAt: z.iso.datetime(),
  /** What the sender said about office hours; null when it said nothing. */
  isOfficeHours: z.boolean().nullable(),
};

export const inbound = z.discriminatedUnion('kind', [
  z.object({
    ...about,
    kind: z.literal('message'),
    channelMessageId: z.string().min(1),
    /** The same before it is hashed. */
    channelRef: z.string().optional(),
    /** The channel may count its ids anew (another bot): the time is a part of a message's identity. */
    idsRestart: z.boolean().optional(),
    /** text, image, location, reaction, unsupported, ... */
    contentKind: z.string(),
    /** Text, or the text rendering of what is not text. */
    content: z.string(),
    attachments: z.array(attachment),
    parts: messageParts.optional(),
    replyTo: z.string().nullable(),
  }),
  /** What the company wrote to them elsewhere: in the phone app, or in the channel's own inbox. */
  z.object({
    ...about,
    kind: z.literal('said_elsewhere'),
    channelMessageId: z.string().min(1),
    contentKind: z.string(),
    content: z.string(),
    attachments: z.array(attachment),
    by: z.enum(['phone', 'inbox']),
  }),
  z.object({
    ...about,
    kind: z.literal('bot_message'),
    channelMessageId: z.string().nullable(),
    content: z.string(),
    confidence: z.number().nullable(),
  }),
  z.object({ ...about, kind: z.literal('handoff'), reason: z.string().nullable() }),
  z.object({ ...about, kind: z.literal('resolved') }),
  z.object({
    ...about,
    kind: z.literal('lead_detected'),
    fields: z.record(z.string(), z.unknown()),
    confidence: z.number().nullable(),
  }),
  /** The customer opted out of our offers in the channel itself. */
  z.object({ ...about, kind: z.literal('opted_out') }),
  z.object({
    ...about,
    kind: z.literal('status'),
    channelMessageId: z.string().min(1),
    /** Our own id of the message, where the channel echoes it (docs/design/whatsapp.md#sending). */
    messageId: z.uuid().optional(),
    status: deliveryStatus,
    error: z.string().nullable(),
  }),
]);
export type Inbound = z.infer<typeof inbound>;
export type InboundMessage = Extract<Inbound, { kind: 'message' }>;

/**
 * A report of Meta about a template: it belongs to no division and no customer
 * (docs/design/whatsapp.md#delivery-guarantees and docs/design/whatsapp.md#service-window).
 */
export const templateStatus = z.object({
  kind: z.literal('template_status'),
  whatsappName: z.string().min(1),
  language: z.string().min(1),
  state: templateState,
  reason: z.string().nullable(),
  sentAt: z.iso.datetime(),
});
export type TemplateStatus = z.infer<typeof templateStatus>;

/** Everything the webhook inbox may hold. */
export const inboundItem = z.discriminatedUnion('kind', [...inbound.options, templateStatus]);
export type InboundItem = z.infer<typeof inboundItem>;

const words = z.object({ contentKind: z.string().optional(), content: z.string() });
const wordsOf = (text: string): z.infer<typeof words> | undefined => {
  try {
    return words.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * Do two items of one key (JSON texts) say something else? Of different kinds they do not: a bot and the channel may each
 * have their own words for a picture. What was blanked says nothing any more.
 */
export function saysOtherThan(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  return a !== undefined && b !== undefined && a.contentKind === b.contentKind && a.content !== b.content;
}
