/**
 * WhatsApp's message types as text for people (docs/design/whatsapp.md#message-types): what an agent reads in place
 * of a picture or a button. Nothing here throws: an odd member costs that member.
 */
import type { MessageParts } from '../../domain/inbound/parts.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import {
  fileNameOf,
  idOf,
  isTrue,
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
  money,
  say,
  unknownKind,
} from '../words.ts';
import { flowContent } from './flow.ts';

type MediaKind = Extract<Attachment['kind'], 'image' | 'audio' | 'video' | 'document' | 'sticker'>;

const mediaContent =
  (kind: MediaKind, label: string) =>
  (value: unknown): Content => {
    const file = membersOf(value);
    const caption = textOf(file['caption']);
    const name = fileNameOf(file['filename']);
    const text = kind === 'document' ? joined(name, caption) : caption;
    return say(kind, labelled(kind === 'audio' && isTrue(file['voice']) ? 'Pesan suara' : label, text), [
      {
        kind,
        mediaId: idOf(file['id']) ?? null,
        mimeType: shortTextOf(file['mime_type']) ?? null,
        fileName: name ?? null,
      },
    ]);
  };

function contactOf(value: unknown): NonNullable<MessageParts['contacts']>[number] {
  const card = membersOf(value);
  const name = membersOf(card['name']);
  const spoken = [name['prefix'], name['first_name'], name['middle_name'], name['last_name']]
    .flatMap((part) => shortTextOf(part) ?? [])
    .join(' ');
  const organisation = shortTextOf(membersOf(card['org'])['company']) ?? null;
  return {
    name: shortTextOf(name['formatted_name']) ?? (spoken === '' ? organisation : spoken),
    phones: listOf(card['phones']).flatMap((phone) => {
      const { phone: written, wa_id } = membersOf(phone);
      return shortTextOf(written) ?? shortTextOf(wa_id) ?? [];
    }),
    emails: listOf(card['emails']).flatMap((email) => shortTextOf(membersOf(email)['email']) ?? []),
    organisation,
  };
}

function interactiveContent(value: unknown): Content {
  const interactive = membersOf(value);
  const of = (name: string): Members => membersOf(interactive[name]);
  const reply = of('button_reply');
  const chosen = of('list_reply');
  const text =
    textOf(reply['title']) ??
    (joined(textOf(chosen['title']), textOf(chosen['description'])) ||
      (textOf(reply['id']) ?? textOf(chosen['id'])));
  if (text !== undefined) return say('interactive', text);
  if (interactive['nfm_reply'] !== undefined) return flowContent(interactive['nfm_reply']);
  if (interactive['call_permission_reply'] !== undefined) {
    const { response } = of('call_permission_reply');
    const answer = response === 'accept' ? 'diizinkan' : response === 'reject' ? 'ditolak' : undefined;
    return say('interactive', labelled('Izin menelepon', answer));
  }
  const words = Object.values(interactive).map(wordsIn).find(Boolean);
  return say('interactive', labelled('Jawaban interaktif', words));
}

function orderContent(value: unknown): Content {
  const { product_items, text: note } = membersOf(value);
  const items = listOf(product_items).map((one) => {
    const item = membersOf(one);
    return {
      id: shortTextOf(item['product_retailer_id']) ?? 'produk tanpa kode',
      quantity: numberOf(item['quantity']) ?? 1,
      price: numberOf(item['item_price']) ?? null,
      currency: shortTextOf(item['currency']) ?? null,
    };
  });
  const lines = items.map(({ id, quantity, price, currency }) =>
    [`${String(quantity)} x ${id}`, ...(price === null ? [] : [`@ ${money(price, currency)}`])].join(' '),
  );
  const text = textOf(note) ?? null;
  return say('order', labelled('Pesanan', joined(...lines, text)), [], { order: { items, text } });
}

function reactionContent(value: unknown): Content {
  // Without an emoji the customer took the reaction back.
  const { emoji, message_id } = membersOf(value);
  const shown = shortTextOf(emoji);
  const content = shown === undefined ? labelled('Reaksi dihapus') : labelled('Reaksi', shown);
  return { ...say('reaction', content), about: idOf(message_id) };
}

/** Meta's own sentences are English and name both numbers; the new one is what an agent needs. */
function systemContent(value: unknown): Content {
  const { type, body, wa_id, new_wa_id } = membersOf(value);
  const number = shortTextOf(wa_id) ?? shortTextOf(new_wa_id);
  if (/changed_number/.test(textOf(type) ?? '') && number !== undefined)
    return say('system', labelled('Info WhatsApp', `Nomor pelanggan berubah menjadi +${number}`));
  if (/changed_user_id/.test(textOf(type) ?? ''))
    return say('system', labelled('Info WhatsApp', 'Identitas pelanggan di WhatsApp berubah'));
  return say('system', labelled('Info WhatsApp', textOf(body)));
}

function editContent(value: unknown): Content {
  const { original_message_id, message } = membersOf(value);
  const edited = membersOf(message);
  const type = textOf(edited['type']) ?? '';
  // Of an edit within an edit within an edit ... there is no end.
  const { content } = type === 'edit' ? unknownKind() : whatsappContent({ ...edited, type });
  // The file of a picture whose caption was changed is there already.
  return { ...say('edited', labelled('Diedit', content)), about: idOf(original_message_id) };
}

/** Each reads the member of the message that is named like its type. */
const readers: ReadonlyMap<string, (value: unknown) => Content> = new Map([
  ['text', (value) => say('text', wordsIn(membersOf(value)['body'] ?? value) ?? labelled('Pesan kosong'))],
  ['image', mediaContent('image', 'Gambar')],
  ['audio', mediaContent('audio', 'Audio')],
  ['video', mediaContent('video', 'Video')],
  ['document', mediaContent('document', 'Dokumen')],
  ['sticker', mediaContent('sticker', 'Stiker')],
  [
    'location',
    (value) => {
      const { latitude, longitude, name, address, url } = membersOf(value);
      const at = { latitude: numberOf(latitude), longitude: numberOf(longitude) };
      const known = shortTextOf(address) ?? (at.latitude === undefined ? shortTextOf(url) : undefined);
      return locationContent(at, shortTextOf(name), known);
    },
  ],
  ['contacts', (value) => contactsContent(listOf(value).map(contactOf))],
  ['interactive', interactiveContent],
  [
    'button',
    (value) => {
      const { text, payload } = membersOf(value);
      return say('button', textOf(text) ?? textOf(payload) ?? labelled('Tombol'));
    },
  ],
  ['reaction', reactionContent],
  ['order', orderContent],
  ['system', systemContent],
  ['edit', editContent],
  [
    'revoke',
    (value) => ({
      ...say('deleted', labelled('Pesan dihapus oleh pelanggan')),
      about: idOf(membersOf(value)['original_message_id']),
    }),
  ],
]);

/** The advertisement, story or product that a message came from. */
export function referralOf(message: Members): MessageParts['referral'] {
  const { referral, context } = message;
  if (typeof referral === 'object' && referral !== null) {
    const from = membersOf(referral);
    const text = (name: string) => shortTextOf(from[name]) ?? null;
    return {
      headline: text('headline'),
      body: text('body'),
      sourceUrl: text('source_url'),
      sourceId: text('source_id') ?? text('ctwa_clid'),
      mediaUrl: text('image_url') ?? text('video_url') ?? text('thumbnail_url'),
    };
  }
  const product = shortTextOf(membersOf(membersOf(context)['referred_product'])['product_retailer_id']);
  if (product === undefined) return undefined;
  return { headline: `Produk ${product}`, body: null, sourceUrl: null, sourceId: product, mediaUrl: null };
}

/** @returns the text rendering; of a type nobody here knows yet, its words or a neutral sentence: the customer did write */
export function whatsappContent(message: Members & { readonly type: string }): Content {
  const read = readers.get(message.type);
  const own = message[message.type];
  const content = read ? read(own) : unknownKind(wordsIn(own));
  const referral = referralOf(message);
  return {
    ...content,
    content: wordsWithin(content.content),
    ...(referral && { parts: { ...content.parts, referral } }),
  };
}
