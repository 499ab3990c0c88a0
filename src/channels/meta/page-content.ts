/**
 * What is said on Instagram and Messenger as text for people. Nothing here throws: an odd member costs that member.
 */
import type { MessageParts } from '../../domain/inbound/parts.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import { listOf, type Members, membersOf, shortTextOf, textOf, wordsWithin } from '../lenient.ts';
import { type Content, labelled, say, unknownKind } from '../words.ts';

const LABELS: ReadonlyMap<string | undefined, readonly [Attachment['kind'], string]> = new Map([
  ['image', ['image', 'Gambar']],
  ['audio', ['audio', 'Audio']],
  ['video', ['video', 'Video']],
  ['file', ['document', 'Dokumen']],
  ['location', ['location', 'Lokasi']],
  ['story_mention', ['other', 'Menyebut Anda di story']],
  ['share', ['other', 'Kiriman dibagikan']],
  ['post', ['other', 'Kiriman dibagikan']],
  ['ig_post', ['other', 'Kiriman dibagikan']],
  ['ig_reel', ['other', 'Reel dibagikan']],
  ['reel', ['other', 'Reel dibagikan']],
  ['template', ['other', 'Pesan dengan tombol']],
  ['fallback', ['other', 'Tautan']],
]);

/** An advertisement, a post or a link that the talk began with. */
export function pageReferralOf(value: unknown): MessageParts['referral'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const referral = membersOf(value);
  const ad = membersOf(referral['ads_context_data']);
  const product = membersOf(referral['product']);
  const text = (of: Members, name: string) => shortTextOf(of[name]) ?? null;
  return {
    headline: text(ad, 'ad_title') ?? text(referral, 'ref'),
    body: null,
    sourceUrl: text(referral, 'referer_uri') ?? text(referral, 'source_url'),
    sourceId: text(referral, 'ad_id') ?? text(product, 'id') ?? text(ad, 'post_id'),
    mediaUrl: text(ad, 'photo_url') ?? text(ad, 'video_url'),
  };
}

function attachmentOf(value: unknown): { readonly text: string; readonly attachment: Attachment } {
  const { type, payload: inside, title, url } = membersOf(value);
  const payload = membersOf(inside);
  const [kind, label] = LABELS.get(textOf(type)) ?? (['other', 'Lampiran'] as const);
  const address = textOf(payload['url']) ?? textOf(url);
  return {
    text: labelled(label, shortTextOf(payload['title']) ?? shortTextOf(title)),
    attachment: {
      kind,
      mediaId: address !== undefined && address.length <= 4_096 ? address : null,
      mimeType: null,
      fileName: null,
    },
  };
}

/** @param message the member `message` of an event */
export function pageContent(message: Members): Content {
  const text = textOf(message['text']);
  const described = listOf(message['attachments']).map(attachmentOf);
  const quick = textOf(membersOf(message['quick_reply'])['payload']);
  const story = membersOf(membersOf(message['reply_to'])['story']);
  const isStoryReply = membersOf(message['reply_to'])['story'] !== undefined;
  const referral = pageReferralOf(message['referral']);
  const words = text ?? (described.length === 0 ? quick : undefined);
  const lines = [...(words === undefined ? [] : [words]), ...described.map((one) => one.text)];
  const parts: MessageParts = {
    ...(isStoryReply && { story: { url: shortTextOf(story['url']) ?? null } }),
    ...(referral && { referral }),
  };
  const kind = words !== undefined ? 'text' : (described[0]?.attachment.kind ?? 'unsupported');
  const content = lines.length > 0 ? lines.join('\n') : unknownKind().content;
  return say(
    kind,
    wordsWithin(content),
    described.map(({ attachment }) => attachment),
    Object.keys(parts).length > 0 ? parts : undefined,
  );
}
