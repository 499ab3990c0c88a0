/**
 * A message of L1 as it goes over the wire (docs/design/api.md#message-object): its schema, and what makes it of a row. Whoever
 * shows messages shows them by this.
 */
import { z } from 'zod';
import { attachment, deliveryStatus, type DeliveryStatus, ERASED, uuid } from '../../domain/vocabulary.ts';
import type { MessageWording } from '../../ports.ts';
import { attachmentId } from '../../domain/media/media.ts';
import { type AttachmentRow, attachmentStateOf, FILE_STATES } from '../media/attachments.ts';
import type { References } from './references.ts';

const time = z.iso.datetime();
const maybe = z.string().nullable();

/** `ready`: `url` gives it. */
export const attachmentObject = z.strictObject({
  id: z.string(),
  kind: attachment.shape.kind,
  name: maybe,
  mime_type: maybe,
  size: z.int().nullable().meta({ description: 'Bytes; null while it is not known.' }),
  state: z.enum(FILE_STATES),
  reason: maybe.meta({ description: 'Indonesian: why there is nothing to download, or not yet.' }),
  url: maybe.meta({
    description:
      'The file, without a token, for 15 to 30 minutes: read the message again for another one. Null unless `ready`.',
  }),
  width: z.int().nullable(),
  height: z.int().nullable(),
  duration_s: z.number().nullable(),
  caption: maybe,
});

export const MESSAGE_KINDS = ['message', 'reply', 'followup', 'blast', 'notice'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Each member is always there: null, or an empty list, where there is nothing. */
export const messageShape = {
  id: uuid,
  kind: z.enum(MESSAGE_KINDS).meta({
    description:
      '`message`: of the customer, the bot, or said elsewhere. `reply`, `followup`, `blast`: of our people. `notice`: of the product itself.',
  }),
  sender_type: z.enum(['customer', 'bot', 'agent', 'sa']),
  sender_id: maybe,
  sender_name: maybe,
  sent_as: maybe.meta({
    description: 'The name under which the customer reads it, where it is not their agent.',
  }),
  content: z.string().meta({ description: 'A line that a person can read, whatever it was.' }),
  sent_at: time,
  delivery_status: deliveryStatus.nullable().meta({ description: 'Null: it came from the customer.' }),
  delivery_error: z
    .strictObject({
      code: z.string().meta({ description: "The channel's code, or one of ours." }),
      text: z.string().meta({ description: 'Indonesian: why, and what to do.' }),
      retryable: z.boolean().meta({ description: 'Sending the same again may help.' }),
    })
    .nullable()
    .meta({ description: 'With `failed` or `unknown`.' }),
  confidence: z.number().nullable().meta({ description: "The bot's own." }),
  template: z.strictObject({ id: uuid.nullable(), name: z.string() }).nullable(),
  blast_id: uuid.nullable(),
  client_ref: maybe.meta({ description: 'What the client called it when it sent it.' }),
  reply_to: z
    .strictObject({
      id: uuid.nullable(),
      preview: maybe,
      story: z.strictObject({ url: maybe }).nullable(),
    })
    .nullable()
    .meta({
      description: 'The message that this one answers or is about; or the story, which is no message.',
    }),
  reactions: z.array(z.strictObject({ emoji: z.string(), by: z.enum(['customer', 'agent']), at: time })),
  edited_at: time.nullable(),
  revoked_at: time.nullable().meta({ description: 'Its sender took it back; what it said stays for us.' }),
  attachments: z.array(attachmentObject.meta({ id: 'Attachment' })),
  location: z
    .strictObject({ latitude: z.number(), longitude: z.number(), name: maybe, address: maybe })
    .nullable(),
  contacts: z.array(
    z.strictObject({
      name: maybe,
      phones: z.array(z.string()),
      emails: z.array(z.string()),
      organisation: maybe,
    }),
  ),
  order: z
    .strictObject({
      items: z.array(
        z.strictObject({
          id: z.string(),
          quantity: z.number(),
          price: z.number().nullable(),
          currency: maybe,
        }),
      ),
      text: maybe,
    })
    .nullable(),
  referral: z
    .strictObject({ headline: maybe, body: maybe, source_url: maybe, source_id: maybe, media_url: maybe })
    .nullable(),
  form: z.strictObject({ name: maybe, answers: z.record(z.string(), z.string()) }).nullable(),
  content_kind: maybe.meta({
    description:
      'What it was at the channel: text, image, reaction, edited, deleted, call, ... Of messages that came in.',
  }),
  line: maybe.meta({ description: 'Our number, page, account or bot that it came or went by.' }),
};

export const messageObject = z.strictObject(messageShape);
export type MessageObject = z.input<typeof messageObject>;

/** What a row knows of a message of ours, as the column `said` holds it. Ids and names of ours only. */
export interface Said {
  readonly kind: MessageKind;
  readonly sentAs: string | null;
  readonly blastId: string | null;
  readonly clientRef: string | null;
  readonly templateId: string | null;
  /** As Meta knows it. */
  readonly templateName: string | null;
  readonly templateLanguage: string | null;
}

/** A row of `read.messages_l1` with what other tables know of it. */
export interface MessageRow {
  readonly id: string;
  readonly ticketId: string;
  readonly senderType: MessageObject['sender_type'];
  readonly senderId: string | null;
  readonly senderName: string | null;
  readonly content: string;
  readonly sentAt: string;
  readonly delivery: DeliveryStatus | null;
  readonly problem: string | null;
  readonly confidence: number | null;
  readonly files: readonly AttachmentRow[] | null;
  readonly parts: Parts | null;
  readonly line: string | null;
  readonly kind: string | null;
  readonly said: Said | null;
  /** Of the catalogue, where it has it still. */
  readonly templateId: string | null;
  readonly templateName: string | null;
  /** The channel's id, hashed, of the message that it is about; and ours of the one that it quotes. */
  readonly replyTo: string | null;
  readonly quotes: string | null;
  readonly channelMessageId: string | null;
}

type Parts = Partial<Pick<MessageObject, 'location' | 'contacts' | 'order' | 'referral' | 'form'>> & {
  readonly story?: { readonly url: string | null };
};

/** A place and a contact card are in members of their own: there is no file behind them. */
const HAS_NO_FILE: ReadonlySet<string> = new Set(['location', 'contact']);

function attachmentsOf(row: MessageRow, { fileUrl }: MessageWording): MessageObject['attachments'] {
  const erased = row.content === ERASED;
  return (row.files ?? [])
    .filter(({ kind }) => !HAS_NO_FILE.has(kind))
    .map(({ index, kind, name, mime, size, caption, ...known }) => {
      const id = attachmentId(row.id, index);
      const { state, reason } = attachmentStateOf({ size, ...known, erased });
      const url = state === 'ready' ? fileUrl(row.ticketId, id) : null;
      const measured = { width: null, height: null, duration_s: null };
      return { id, kind, name, mime_type: mime, size, state, reason, url, ...measured, caption };
    });
}

function templateOf({ said, templateId, templateName }: MessageRow): MessageObject['template'] {
  const id = templateId ?? said?.templateId ?? null;
  const name = templateName ?? said?.templateName ?? null;
  return name === null ? null : { id, name };
}

/** @returns the message as JSON text */
export function messageText(row: MessageRow, about: References, words: MessageWording): string {
  const { said, parts, problem } = row;
  const fromUs = row.senderType === 'agent' || row.senderType === 'sa';
  const story = parts?.story ?? null;
  const quoted = about.quoted ?? (story && { id: null, preview: null });
  const shown: MessageObject = {
    id: row.id,
    kind: said?.kind ?? (fromUs && row.senderId !== null ? 'reply' : 'message'),
    sender_type: row.senderType,
    sender_id: row.senderId,
    sender_name: row.senderName,
    sent_as: said?.sentAs ?? null,
    content: about.moved?.content ?? row.content,
    sent_at: row.sentAt,
    delivery_status: row.delivery,
    delivery_error: problem === null ? null : words.explain(problem),
    confidence: row.confidence,
    template: templateOf(row),
    blast_id: said?.blastId ?? null,
    client_ref: said?.clientRef ?? null,
    reply_to: quoted && { ...quoted, story },
    reactions: [...about.reactions],
    edited_at: about.editedAt,
    revoked_at: about.revokedAt,
    attachments: attachmentsOf(row, words),
    location: about.moved?.location ?? parts?.location ?? null,
    contacts: parts?.contacts ?? [],
    order: parts?.order ?? null,
    referral: parts?.referral ?? null,
    form: parts?.form ?? null,
    content_kind: row.kind,
    line: row.line,
  };
  return JSON.stringify(shown);
}
