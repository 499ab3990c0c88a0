/**
 * WhatsApp's message types as text for people (docs/design/whatsapp.md#message-types): what an agent reads in place
 * of a picture or a button.
 */
import { z } from 'zod';
import { type Content, joined, labelled, say } from '../words.ts';

const media = z.object({
  id: z.string(),
  mime_type: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});

function mediaContent(kind: 'image' | 'audio' | 'video' | 'document' | 'sticker', label: string) {
  return (value: unknown): Content => {
    const { id, mime_type, caption, filename, voice } = media.parse(value);
    const named = kind === 'document' ? joined(filename, caption) : caption;
    return say(kind, labelled(voice === true ? 'Pesan suara' : label, named), [
      { kind, mediaId: id, mimeType: mime_type ?? null, fileName: filename ?? null },
    ]);
  };
}

const contactCard = z.object({
  name: z.object({ formatted_name: z.string() }).optional(),
  phones: z.array(z.object({ phone: z.string().optional(), wa_id: z.string().optional() })).optional(),
});

const interactive = z.discriminatedUnion('type', [
  z.object({ type: z.literal('button_reply'), button_reply: z.object({ title: z.string() }) }),
  z.object({
    type: z.literal('list_reply'),
    list_reply: z.object({ title: z.string(), description: z.string().optional() }),
  }),
  z.object({
    type: z.literal('nfm_reply'),
    nfm_reply: z.object({ body: z.string().optional(), response_json: z.string().optional() }),
  }),
]);

function interactiveText(value: unknown): string {
  const reply = interactive.safeParse(value).data;
  switch (reply?.type) {
    case 'button_reply':
      return reply.button_reply.title;
    case 'list_reply':
      return joined(reply.list_reply.title, reply.list_reply.description);
    case 'nfm_reply':
      return labelled('Formulir', reply.nfm_reply.response_json ?? reply.nfm_reply.body);
    case undefined:
      return labelled('Jawaban interaktif');
  }
}

// Schemas are compiled once: compiled per message they cost more than everything else of a webhook.
const text = z.object({ body: z.string() });
const location = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
});
const contacts = z.array(contactCard);
const button = z.object({ text: z.string() });
const reaction = z.object({ message_id: z.string().optional(), emoji: z.string().optional() });
const order = z.object({ product_items: z.array(z.unknown()).optional(), text: z.string().optional() });
const system = z.object({ body: z.string().optional() });
const edit = z.object({
  original_message_id: z.string(),
  // Of an edit within an edit within an edit ... there is no end.
  message: z.looseObject({ type: z.string().refine((type) => type !== 'edit') }),
});
const revoke = z.object({ original_message_id: z.string() });

/** Each reads the member of the message that is named like its type. Throws a ZodError when it cannot be read. */
const readers: ReadonlyMap<string, (value: unknown) => Content> = new Map([
  ['text', (value) => say('text', text.parse(value).body)],
  ['image', mediaContent('image', 'Gambar')],
  ['audio', mediaContent('audio', 'Audio')],
  ['video', mediaContent('video', 'Video')],
  ['document', mediaContent('document', 'Dokumen')],
  ['sticker', mediaContent('sticker', 'Stiker')],
  [
    'location',
    (value) => {
      const at = location.parse(value);
      const place = joined(at.name, at.address, `${String(at.latitude)}, ${String(at.longitude)}`);
      return say('location', labelled('Lokasi', place), [
        { kind: 'location', mediaId: null, mimeType: null, fileName: null },
      ]);
    },
  ],
  [
    'contacts',
    (value) => {
      const cards = contacts.parse(value);
      const people = cards.map(({ name, phones }) =>
        joined(name?.formatted_name, ...(phones ?? []).map(({ phone, wa_id }) => phone ?? wa_id)),
      );
      return say('contacts', labelled('Kontak', people.join('; ')), [
        { kind: 'contact', mediaId: null, mimeType: null, fileName: null },
      ]);
    },
  ],
  ['interactive', (value) => say('interactive', interactiveText(value))],
  ['button', (value) => say('button', button.parse(value).text)],
  [
    'reaction',
    (value) => {
      // Without an emoji the customer took the reaction back.
      const { emoji, message_id } = reaction.parse(value);
      const text = emoji ? labelled('Reaksi', emoji) : labelled('Reaksi dihapus');
      return { ...say('reaction', text), about: message_id };
    },
  ],
  [
    'order',
    (value) => {
      const { product_items, text: note } = order.parse(value);
      return say('order', labelled('Pesanan', joined(`${String(product_items?.length ?? 0)} barang`, note)));
    },
  ],
  ['system', (value) => say('system', labelled('Info WhatsApp', system.parse(value).body))],
  [
    'edit',
    (value) => {
      const { original_message_id, message } = edit.parse(value);
      // The file of a picture whose caption was changed is there already.
      return {
        ...say('edited', labelled('Diedit', whatsappContent(message).content)),
        about: original_message_id,
      };
    },
  ],
  [
    'revoke',
    (value) => {
      const about = revoke.parse(value).original_message_id;
      return { ...say('deleted', labelled('Pesan dihapus oleh pelanggan')), about };
    },
  ],
]);

/**
 * @returns the text rendering; of a type nobody here knows yet, a neutral sentence: the customer did write
 * @throws ZodError the member that belongs to the type is not as documented
 */
export function whatsappContent(
  message: Readonly<Record<string, unknown>> & { readonly type: string },
): Content {
  const read = readers.get(message.type);
  if (!read) return say('unsupported', labelled('Jenis pesan ini belum didukung'));
  return read(message[message.type]);
}
