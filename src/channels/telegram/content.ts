/** Telegram's kinds of messages as text for people. Nothing here throws: an odd member costs that member. */
import type { MessageParts } from '../../domain/inbound/parts.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import {
  fileNameOf,
  idOf,
  listOf,
  type Members,
  membersOf,
  numberOf,
  shortTextOf,
  textOf,
  wordsIn,
  wordsWithin,
} from '../lenient.ts';
import {
  contactsContent,
  type Content,
  joined,
  labelled,
  locationContent,
  say,
  unknownKind,
} from '../words.ts';

/** Members in the order in which they decide: an animation also comes as a document. */
const MEDIA = [
  ['animation', 'video', 'Animasi'],
  ['voice', 'audio', 'Pesan suara'],
  ['audio', 'audio', 'Audio'],
  ['video_note', 'video', 'Video'],
  ['video', 'video', 'Video'],
  ['document', 'document', 'Dokumen'],
] as const;

/** Members by which Telegram tells what happened in a chat, and what an agent reads. */
const SERVICE: readonly (readonly [member: string, words: string])[] = [
  ['pinned_message', 'Menyematkan pesan'],
  ['message_auto_delete_timer_changed', 'Mengubah hapus otomatis pesan'],
  ['successful_payment', 'Pembayaran berhasil'],
  ['users_shared', 'Membagikan pengguna'],
  ['chat_shared', 'Membagikan obrolan'],
  ['web_app_data', 'Mengirim data aplikasi'],
];

const has = (value: unknown): boolean => typeof value === 'object' && value !== null;

const attached = (kind: Attachment['kind'], of: unknown): Attachment => {
  const file = membersOf(of);
  return {
    kind,
    mediaId: idOf(file['file_id']) ?? null,
    mimeType: shortTextOf(file['mime_type']) ?? null,
    fileName: fileNameOf(file['file_name']) ?? null,
  };
};

function placeContent(message: Members): Content {
  const venue = membersOf(message['venue']);
  const at = has(venue['location']) ? membersOf(venue['location']) : membersOf(message['location']);
  const label = at['live_period'] === undefined ? 'Lokasi' : 'Lokasi langsung';
  return locationContent(
    { latitude: numberOf(at['latitude']), longitude: numberOf(at['longitude']) },
    shortTextOf(venue['title']),
    shortTextOf(venue['address']),
    label,
  );
}

function contactContent(value: unknown): Content {
  const contact = membersOf(value);
  const name = [contact['first_name'], contact['last_name']]
    .flatMap((part) => shortTextOf(part) ?? [])
    .join(' ');
  const phone = shortTextOf(contact['phone_number']);
  return contactsContent([
    { name: name || null, phones: phone === undefined ? [] : [phone], emails: [], organisation: null },
  ]);
}

function pollContent(value: unknown): Content {
  const { question, options } = membersOf(value);
  const choices = listOf(options).flatMap((option) => shortTextOf(membersOf(option)['text']) ?? []);
  const asked = wordsIn(question) ?? '';
  return say(
    'poll',
    labelled('Jajak pendapat', choices.length > 0 ? `${asked} (${choices.join(' / ')})` : asked),
  );
}

function bodyOf(message: Members): Content {
  const text = textOf(message['text']);
  if (text !== undefined) return say('text', text);
  const caption = textOf(message['caption']);
  // The sizes of one photo, smallest first.
  const photo = listOf(message['photo']).at(-1);
  if (photo !== undefined) return say('image', labelled('Gambar', caption), [attached('image', photo)]);
  for (const [member, kind, label] of MEDIA) {
    const of = message[member];
    if (has(of)) {
      const name = kind === 'document' ? fileNameOf(membersOf(of)['file_name']) : undefined;
      return say(kind, labelled(label, joined(name, caption)), [attached(kind, of)]);
    }
  }
  const { sticker, location, venue, contact, dice, poll, game, story } = message;
  if (has(sticker)) {
    const emoji = shortTextOf(membersOf(sticker)['emoji']);
    return say('sticker', labelled('Stiker', emoji), [attached('sticker', sticker)]);
  }
  if (has(venue) || has(location)) return placeContent(message);
  if (has(contact)) return contactContent(contact);
  if (has(dice)) {
    const { emoji, value } = membersOf(dice);
    return say('dice', labelled('Dadu', joined(shortTextOf(emoji), shortTextOf(value))));
  }
  if (has(poll)) return pollContent(poll);
  if (has(game)) return say('game', labelled('Permainan', shortTextOf(membersOf(game)['title'])));
  if (has(story)) return say('story', labelled('Story dibagikan', caption));
  if (caption !== undefined) return say('text', caption);
  const service = SERVICE.find(([member]) => message[member] !== undefined);
  if (service) return say('system', labelled('Info Telegram', service[1]));
  return unknownKind();
}

/** From where it was forwarded: `Diteruskan dari Toko Maju`. */
function forwardedFrom(message: Members): string | undefined {
  const origin = membersOf(message['forward_origin']);
  const user = membersOf(origin['sender_user']);
  const chat = membersOf(has(origin['chat']) ? origin['chat'] : origin['sender_chat']);
  return (
    shortTextOf(origin['sender_user_name']) ?? shortTextOf(user['first_name']) ?? shortTextOf(chat['title'])
  );
}

/** What an agent reads, whatever kind it is. */
export function telegramContent(message: Members): Content {
  const content = bodyOf(message);
  const source = forwardedFrom(message);
  const parts: MessageParts = {
    ...content.parts,
    ...(source !== undefined && {
      referral: {
        headline: `Diteruskan dari ${source}`,
        body: null,
        sourceUrl: null,
        sourceId: null,
        mediaUrl: null,
      },
    }),
  };
  return {
    ...content,
    content: wordsWithin(content.content),
    ...(Object.keys(parts).length > 0 && { parts }),
  };
}
