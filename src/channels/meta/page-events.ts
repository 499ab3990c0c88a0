/**
 * Instagram (`object: 'instagram'`) and Messenger (`object: 'page'`): one form, two channels
 * (docs/design/api.md#webhook).
 */
import { z } from 'zod';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { Attachment, Division } from '../../domain/vocabulary.ts';
import type { Normalizer } from '../provider.ts';
import { deadItem, digest, ignoredItem, invalidItem, listOf, type NormalizedItem } from '../reading.ts';
import type { Lines } from '../lines.ts';
import { labelled } from '../words.ts';

type MetaChannel = 'instagram' | 'facebook';
const PREFIX: Readonly<Record<MetaChannel, string>> = { instagram: 'ig_', facebook: 'fb_' };

const entrySchema = z.object({
  id: z.string(),
  messaging: z.unknown().optional(),
  // What another app handles while it has the thread: sent to us, not ours to answer.
  standby: z.unknown().optional(),
  changes: z.unknown().optional(),
});

const attachmentSchema = z.object({
  type: z.string(),
  payload: z.object({ url: z.string().optional(), title: z.string().optional() }).optional(),
});

const eventSchema = z.looseObject({
  sender: z.object({ id: z.string().min(1) }),
  recipient: z.object({ id: z.string().min(1) }),
  /** Milliseconds; up to the year 5138, so that the ISO form has four digits. */
  timestamp: z.number().int().min(0).max(99_999_999_999_999),
});

const messageSchema = z.object({
  mid: z.string().min(1),
  text: z.string().optional(),
  attachments: z.array(attachmentSchema).optional(),
  is_echo: z.boolean().optional(),
  is_deleted: z.boolean().optional(),
  reply_to: z.object({ mid: z.string().optional() }).optional(),
});
const postbackSchema = z.object({
  mid: z.string().optional(),
  title: z.string().optional(),
  payload: z.string().optional(),
});
const reactionSchema = z.object({
  mid: z.string(),
  action: z.string().optional(),
  emoji: z.string().optional(),
  reaction: z.string().optional(),
});
const editSchema = z.object({
  mid: z.string(),
  text: z.string(),
  // A number, which some versions give as text.
  num_edit: z.union([z.number(), z.string()]).optional(),
});
const namedSchema = z.object({ mid: z.string().optional(), mids: z.array(z.string()).optional() });

const LABELS: ReadonlyMap<string, readonly [Attachment['kind'], string]> = new Map([
  ['image', ['image', 'Gambar']],
  ['audio', ['audio', 'Audio']],
  ['video', ['video', 'Video']],
  ['file', ['document', 'Dokumen']],
  ['location', ['location', 'Lokasi']],
  ['story_mention', ['other', 'Menyebut Anda di story']],
  ['share', ['other', 'Kiriman dibagikan']],
  ['ig_reel', ['other', 'Reel dibagikan']],
  ['reel', ['other', 'Reel dibagikan']],
  ['fallback', ['other', 'Tautan']],
]);

/** Events that change nothing here; a seen-mark with only a watermark names no message of ours. */
const WITHOUT_EFFECT = [
  'read',
  'delivery',
  'typing',
  'optin',
  'referral',
  'pass_thread_control',
  'take_thread_control',
];

interface ChannelOfDivision {
  readonly channel: MetaChannel;
  readonly division: Division;
  readonly line: string;
}

type MessagingEvent = z.infer<typeof eventSchema>;

const about = ({ channel, division, line }: ChannelOfDivision, event: MessagingEvent) => ({
  division,
  channel,
  line,
  userId: `${PREFIX[channel]}${event.sender.id}`,
  businessScopedId: null,
  phone: null,
  userName: null,
  botId: division,
  waPhoneId: null,
  waDisplayName: null,
  sentAt: new Date(event.timestamp).toISOString(),
  isOfficeHours: null,
});

const received = (
  place: ChannelOfDivision,
  event: MessagingEvent,
  message: Pick<
    Extract<Inbound, { kind: 'message' }>,
    'channelMessageId' | 'contentKind' | 'content' | 'attachments' | 'replyTo'
  >,
): NormalizedItem => ({ kind: 'inbound', inbound: { kind: 'message', ...about(place, event), ...message } });

function messageItem(value: unknown, place: ChannelOfDivision, event: MessagingEvent): NormalizedItem {
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return invalidItem('message', parsed.error, event);
  const { mid, text, attachments = [], is_echo, is_deleted, reply_to } = parsed.data;
  if (is_echo === true) return ignoredItem('echo', event);
  if (is_deleted === true) return ignoredItem('deleted_by_sender', event);
  const described = attachments.map(({ type, payload }) => {
    const [kind, label] = LABELS.get(type) ?? (['other', 'Lampiran'] as const);
    return {
      text: labelled(label, payload?.title),
      attachment: { kind, mediaId: payload?.url ?? null, mimeType: null, fileName: null },
    };
  });
  const lines = [...(text ? [text] : []), ...described.map((one) => one.text)];
  return received(place, event, {
    channelMessageId: mid,
    contentKind: text ? 'text' : (described[0]?.attachment.kind ?? 'unsupported'),
    content: lines.length > 0 ? lines.join('\n') : labelled('Jenis pesan ini belum didukung'),
    attachments: described.map(({ attachment }) => attachment),
    replyTo: reply_to?.mid ?? null,
  });
}

function postbackPart(value: unknown, place: ChannelOfDivision, event: MessagingEvent): NormalizedItem {
  const parsed = postbackSchema.safeParse(value);
  if (!parsed.success) return invalidItem('postback', parsed.error, event);
  const { mid, title, payload } = parsed.data;
  return received(place, event, {
    // Old versions give a postback no id: one person taps once per millisecond.
    channelMessageId: mid ?? digest(['postback', event.sender.id, String(event.timestamp)]),
    contentKind: 'button',
    content: title ?? payload ?? labelled('Tombol'),
    attachments: [],
    replyTo: null,
  });
}

function reactionPart(value: unknown, place: ChannelOfDivision, event: MessagingEvent): NormalizedItem {
  const parsed = reactionSchema.safeParse(value);
  if (!parsed.success) return invalidItem('reaction', parsed.error, event);
  const { mid, action, emoji, reaction } = parsed.data;
  return received(place, event, {
    channelMessageId: digest(['reaction', mid, event.sender.id, String(event.timestamp)]),
    contentKind: 'reaction',
    content: action === 'unreact' ? labelled('Reaksi dihapus') : labelled('Reaksi', emoji ?? reaction),
    attachments: [],
    replyTo: mid,
  });
}

/** The message before stays as it was. */
function editPart(value: unknown, place: ChannelOfDivision, event: MessagingEvent): NormalizedItem {
  const parsed = editSchema.safeParse(value);
  if (!parsed.success) return invalidItem('message_edit', parsed.error, event);
  const { mid, text, num_edit } = parsed.data;
  return received(place, event, {
    channelMessageId: digest(['edit', mid, String(num_edit ?? event.timestamp)]),
    contentKind: 'edited',
    content: labelled('Diedit', text),
    attachments: [],
    replyTo: mid,
  });
}

/** Delivery and seen-marks that name the messages they are about. */
function statusItems(place: ChannelOfDivision, event: MessagingEvent): readonly NormalizedItem[] {
  return (['delivery', 'read'] as const).flatMap((member) => {
    const { mid, mids } = namedSchema.safeParse(event[member]).data ?? {};
    return [...(mids ?? []), ...(mid === undefined ? [] : [mid])].map<NormalizedItem>((channelMessageId) => ({
      kind: 'inbound',
      inbound: {
        kind: 'status',
        ...about(place, event),
        channelMessageId,
        status: member === 'read' ? 'read' : 'delivered',
        error: null,
      },
    }));
  });
}

function eventItems(
  raw: unknown,
  entryId: string,
  channel: MetaChannel,
  lines: Lines,
): readonly NormalizedItem[] {
  const parsed = eventSchema.safeParse(raw);
  if (!parsed.success) return [invalidItem('messaging', parsed.error, raw)];
  const event = parsed.data;
  const division = lines.find(channel, entryId)?.division;
  if (!division) return [deadItem('unknown_page_id', { entry_id: entryId, messaging: raw })];
  const place: ChannelOfDivision = { channel, division, line: entryId };
  if (event['message'] !== undefined) return [messageItem(event['message'], place, event)];
  if (event['postback'] !== undefined) return [postbackPart(event['postback'], place, event)];
  if (event['reaction'] !== undefined) return [reactionPart(event['reaction'], place, event)];
  if (event['message_edit'] !== undefined) return [editPart(event['message_edit'], place, event)];
  const statuses = statusItems(place, event);
  if (statuses.length > 0) return statuses;
  const effectless = WITHOUT_EFFECT.find((member) => event[member] !== undefined);
  return [effectless === undefined ? deadItem('unknown_messaging', raw) : ignoredItem(effectless, raw)];
}

export const pageNormalizer =
  (channel: MetaChannel): Normalizer =>
  (body, { lines }) =>
    listOf((body as { entry?: unknown }).entry).flatMap((raw) => {
      const parsed = entrySchema.safeParse(raw);
      if (!parsed.success) return [invalidItem('entry', parsed.error, raw)];
      const { id, messaging, standby, changes } = parsed.data;
      return [
        ...listOf(messaging).flatMap((event) => eventItems(event, id, channel, lines)),
        ...listOf(standby).map((event) => ignoredItem('standby', event)),
        ...listOf(changes).map((change) => deadItem('unknown_field', change)),
      ];
    });
