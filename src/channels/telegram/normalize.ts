/**
 * A Telegram `Update`; its secret token says which bot it is for, and so which division
 * (docs/design/api.md#division-of-a-delivery).
 */
import { z } from 'zod';
import type { Attachment, Division } from '../../domain/vocabulary.ts';
import { deadItem, ignoredItem, invalidItem, type NormalizedItem } from '../reading.ts';
import { type Content, joined, labelled } from '../words.ts';

/** The bot that an update came to. */
export interface TelegramLine {
  readonly division: Division;
  readonly line: string;
}

const file = z.object({
  file_id: z.string(),
  mime_type: z.string().optional(),
  file_name: z.string().optional(),
});
const place = z.object({ latitude: z.number(), longitude: z.number() });
const telegramUser = z.object({
  id: z.number().int(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});

const messageSchema = z.object({
  message_id: z.number().int(),
  from: telegramUser.optional(),
  chat: z.object({ id: z.number().int(), type: z.string() }),
  date: z.number().int().min(0).max(99_999_999_999),
  edit_date: z.number().int().optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  photo: z.array(file).optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  animation: file.optional(),
  document: file.optional(),
  sticker: file.extend({ emoji: z.string().optional() }).optional(),
  location: place.optional(),
  venue: z.object({ title: z.string(), address: z.string().optional(), location: place }).optional(),
  contact: z
    .object({ phone_number: z.string(), first_name: z.string().optional(), last_name: z.string().optional() })
    .optional(),
  reply_to_message: z.object({ message_id: z.number().int() }).optional(),
});
type TelegramMessage = z.infer<typeof messageSchema>;

const updateSchema = z.looseObject({ update_id: z.number().int() });
const tapSchema = z.object({
  id: z.string(),
  from: telegramUser,
  data: z.string().optional(),
  message: z.object({ date: z.number().int() }).optional(),
});

/** Updates of a bot that say nothing of a talk. */
const WITHOUT_EFFECT = [
  'my_chat_member',
  'chat_member',
  'poll',
  'poll_answer',
  'inline_query',
  'chosen_inline_result',
  'channel_post',
  'edited_channel_post',
  'message_reaction',
  'message_reaction_count',
];

/** Members in the order in which they decide: an animation also comes as a document. */
const MEDIA = [
  ['animation', 'video', 'Animasi'],
  ['voice', 'audio', 'Pesan suara'],
  ['audio', 'audio', 'Audio'],
  ['video_note', 'video', 'Video'],
  ['video', 'video', 'Video'],
  ['document', 'document', 'Dokumen'],
] as const;

const nameOf = (who: {
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
}): string => [who.first_name, who.last_name].filter((part) => part !== undefined && part !== '').join(' ');

const attached = (kind: Attachment['kind'], of?: z.infer<typeof file>): Attachment => ({
  kind,
  mediaId: of?.file_id ?? null,
  mimeType: of?.mime_type ?? null,
  fileName: of?.file_name ?? null,
});

function contentOf(message: TelegramMessage): Content {
  const { text, caption, sticker, location, venue, contact } = message;
  const content = (contentKind: string, text: string, ...attachments: Attachment[]): Content => ({
    contentKind,
    content: text,
    attachments,
  });
  if (text !== undefined) return content('text', text);
  // The sizes of one photo, smallest first.
  const photo = message.photo?.at(-1);
  if (photo) return content('image', labelled('Gambar', caption), attached('image', photo));
  for (const [member, kind, label] of MEDIA) {
    const of = message[member];
    if (of) {
      const text = kind === 'document' ? joined(of.file_name, caption) : caption;
      return content(kind, labelled(label, text), attached(kind, of));
    }
  }
  if (sticker) return content('sticker', labelled('Stiker', sticker.emoji), attached('sticker', sticker));
  const at = venue?.location ?? location;
  if (at) {
    const where = joined(venue?.title, venue?.address, `${String(at.latitude)}, ${String(at.longitude)}`);
    return content('location', labelled('Lokasi', where), attached('location'));
  }
  if (contact) {
    return content(
      'contacts',
      labelled('Kontak', joined(nameOf(contact), contact.phone_number)),
      attached('contact'),
    );
  }
  return content('unsupported', labelled('Jenis pesan ini belum didukung'));
}

const about = (bot: TelegramLine, from: z.infer<typeof telegramUser>, seconds: number) => ({
  division: bot.division,
  channel: 'telegram' as const,
  line: bot.line,
  userId: `tg_${String(from.id)}`,
  businessScopedId: null,
  phone: null,
  userName: nameOf(from) || null,
  botId: bot.division,
  waPhoneId: null,
  waDisplayName: null,
  sentAt: new Date(seconds * 1000).toISOString(),
  isOfficeHours: null,
});

function messageItem(raw: unknown, edited: boolean, bot: TelegramLine, update: unknown): NormalizedItem {
  const parsed = messageSchema.safeParse(raw);
  if (!parsed.success) return invalidItem('message', parsed.error, update);
  const message = parsed.data;
  const { from } = message;
  if (message.chat.type !== 'private') return ignoredItem('not_a_private_chat', update);
  if (!from) return deadItem('no_sender', update);
  if (from.is_bot === true) return ignoredItem('echo', update);
  const id = String(message.message_id);
  const text = contentOf(message);
  const seconds = edited ? (message.edit_date ?? message.date) : message.date;
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...about(bot, from, seconds),
      // An edit is a fact of its own: the message before stays as it was.
      idsRestart: true,
      channelMessageId: edited ? `${id}:edited:${String(seconds)}` : id,
      contentKind: edited ? 'edited' : text.contentKind,
      content: edited ? labelled('Diedit', text.content) : text.content,
      attachments: [...text.attachments],
      replyTo: edited ? id : message.reply_to_message ? String(message.reply_to_message.message_id) : null,
    },
  };
}

function tapPart(raw: unknown, bot: TelegramLine, receivedAt: string, update: unknown): NormalizedItem {
  const parsed = tapSchema.safeParse(raw);
  if (!parsed.success) return invalidItem('callback_query', parsed.error, update);
  const { id, from, data } = parsed.data;
  return {
    kind: 'inbound',
    inbound: {
      kind: 'message',
      ...about(bot, from, 0),
      // Telegram says when the buttons were sent, not when one was tapped.
      sentAt: receivedAt,
      channelMessageId: `tap:${id}`,
      contentKind: 'button',
      content: data ?? labelled('Tombol'),
      attachments: [],
      replyTo: null,
    },
  };
}

/** @param bot whose secret token came with the update */
export function telegram(body: unknown, bot: TelegramLine, receivedAt: string): readonly NormalizedItem[] {
  const parsed = updateSchema.safeParse(body);
  if (!parsed.success) return [invalidItem('update', parsed.error, body)];
  const update = parsed.data;
  if (update['message'] !== undefined) return [messageItem(update['message'], false, bot, body)];
  if (update['edited_message'] !== undefined) return [messageItem(update['edited_message'], true, bot, body)];
  if (update['callback_query'] !== undefined)
    return [tapPart(update['callback_query'], bot, receivedAt, body)];
  const effectless = WITHOUT_EFFECT.find((member) => update[member] !== undefined);
  return [effectless === undefined ? deadItem('unknown_update', body) : ignoredItem(effectless, body)];
}
