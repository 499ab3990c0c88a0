/**
 * Bodies and signatures as the channels send them (docs/design/whatsapp.md#handshake-and-signature and
 * docs/design/whatsapp.md#payload).
 */
import { createHmac } from 'node:crypto';
import { createLines, type Line } from '../../../src/channels/lines.ts';

export const APP_SECRET = 'app secret for tests only';
export const BOT_SECRET = 'bot secret for tests only';
export const VERIFY_TOKEN = 'verify token for tests only';
export const TELEGRAM_TOKEN = 'telegram-token-for-tests-only';

export const TEST_LINES: readonly Line[] = [
  { id: 'PHONE_ID_001', channel: 'whatsapp', division: 'sari', name: 'Saga Kargo' },
  { id: 'PHONE_ID_002', channel: 'whatsapp', division: 'savi', name: 'Saga Mobil' },
  { id: 'PHONE_ID_003', channel: 'whatsapp', division: 'safia', name: 'Sagamovers' },
  { id: 'PAGE_001', channel: 'facebook', division: 'sari', name: null },
  { id: 'IG_003', channel: 'instagram', division: 'safia', name: null },
];
export const testLines = createLines(TEST_LINES);

/**
 * Meta signs the text with every character above ASCII escaped, and slashes too
 * (docs/design/whatsapp.md#handshake-and-signature).
 */
export function metaBytes(body: unknown): Buffer {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return Buffer.from(
    JSON.stringify(body)
      .replace(/[\u0080-\uffff]/g, escape)
      .replaceAll('/', '\\/'),
  );
}

export const sign = (bytes: Buffer | string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

/** 2026-07-03T10:30:00Z */
export const TIMESTAMP = '1783074600';
export const TIMESTAMP_ISO = '2026-07-03T10:30:00.000Z';
export const CUSTOMER = '6281234567890';

export interface WaValue {
  phoneId?: string;
  contacts?: unknown;
  messages?: unknown;
  statuses?: unknown;
  errors?: unknown;
}

export const waChange = ({ phoneId = 'PHONE_ID_001', ...rest }: WaValue) => ({
  field: 'messages',
  value: {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '622150001001', phone_number_id: phoneId },
    ...rest,
  },
});

export const waBody = (...changes: unknown[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102290129340398', changes }],
});

export const waContact = (wa_id = CUSTOMER, name = 'Budi Santoso') => ({ profile: { name }, wa_id });

export const waMessage = (id: string, over: object = {}) => ({
  from: CUSTOMER,
  id,
  timestamp: TIMESTAMP,
  type: 'text',
  text: { body: `isi ${id}` },
  ...over,
});

export const waStatus = (id: string, status: string, over: object = {}) => ({
  id,
  status,
  timestamp: TIMESTAMP,
  recipient_id: CUSTOMER,
  ...over,
});

/** One text message of one customer to one number. */
export const waText = (id: string, over: object = {}, phoneId = 'PHONE_ID_001') =>
  waBody(waChange({ phoneId, contacts: [waContact()], messages: [waMessage(id, over)] }));

/** Every message type that docs/design/whatsapp.md#message-types lists, with the text an agent shall read. */
export const WA_TYPES: readonly (readonly [
  type: string,
  member: object,
  content: string,
  attachment?: string,
])[] = [
  ['text', { text: { body: 'Halo, berapa ongkir ke Batam? 🙏' } }, 'Halo, berapa ongkir ke Batam? 🙏'],
  [
    'image',
    { image: { id: 'M1', mime_type: 'image/jpeg', sha256: 'x', caption: 'STNK' } },
    '[Gambar] STNK',
    'image',
  ],
  ['image', { image: { id: 'M1', mime_type: 'image/jpeg', sha256: 'x' } }, '[Gambar]', 'image'],
  [
    'audio',
    { audio: { id: 'M2', mime_type: 'audio/ogg; codecs=opus', voice: true } },
    '[Pesan suara]',
    'audio',
  ],
  ['audio', { audio: { id: 'M2', mime_type: 'audio/mpeg', voice: false } }, '[Audio]', 'audio'],
  ['video', { video: { id: 'M3', mime_type: 'video/mp4' } }, '[Video]', 'video'],
  [
    'document',
    { document: { id: 'M4', mime_type: 'application/pdf', filename: 'manifest.pdf', caption: 'lengkap' } },
    '[Dokumen] manifest.pdf, lengkap',
    'document',
  ],
  ['sticker', { sticker: { id: 'M5', mime_type: 'image/webp', animated: false } }, '[Stiker]', 'sticker'],
  [
    'location',
    { location: { latitude: -6.2, longitude: 106.8, name: 'Gudang', address: 'Jl. Raya 1' } },
    '[Lokasi] Gudang, Jl. Raya 1, -6.2, 106.8',
    'location',
  ],
  [
    'contacts',
    { contacts: [{ name: { formatted_name: 'Siti' }, phones: [{ phone: '+62 812 0000', type: 'CELL' }] }] },
    '[Kontak] Siti, +62 812 0000',
    'contact',
  ],
  ['interactive', { interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Ya' } } }, 'Ya'],
  [
    'interactive',
    { interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Kargo', description: 'Laut' } } },
    'Kargo, Laut',
  ],
  [
    'interactive',
    {
      interactive: {
        type: 'nfm_reply',
        nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"kg":"5"}' },
      },
    },
    '[Formulir] kg: 5',
  ],
  ['button', { button: { text: 'Berhenti', payload: 'stop' } }, 'Berhenti'],
  ['reaction', { reaction: { message_id: 'wamid.OLD', emoji: '👍' } }, '[Reaksi] 👍'],
  ['reaction', { reaction: { message_id: 'wamid.OLD' } }, '[Reaksi dihapus]'],
  [
    'order',
    {
      order: {
        catalog_id: 'c',
        text: 'cepat ya',
        product_items: [{ product_retailer_id: 'p', quantity: 2 }],
      },
    },
    '[Pesanan] 2 x p, cepat ya',
  ],
  [
    'system',
    { system: { body: 'User changed from 62811 to 62812', wa_id: '62812', type: 'user_changed_number' } },
    '[Info WhatsApp] Nomor pelanggan berubah menjadi +62812',
  ],
  [
    'unsupported',
    { errors: [{ code: 131051, title: 'Message type unknown', error_data: { details: 'not supported' } }] },
    '[Jenis pesan ini belum didukung]',
  ],
  ['unknown', { errors: [{ code: 131060, title: 'unavailable' }] }, '[Jenis pesan ini belum didukung]'],
  ['a_type_of_2027', { a_type_of_2027: { x: 1 } }, '[Jenis pesan ini belum didukung]'],
];

export const messengerBody = (object: 'page' | 'instagram', entryId: string, ...messaging: unknown[]) => ({
  object,
  entry: [{ id: entryId, time: 1783074600123, messaging }],
});

export const messengerEvent = (over: object) => ({
  sender: { id: '5550001' },
  recipient: { id: 'PAGE_001' },
  timestamp: 1783074600000,
  ...over,
});

export const telegramUpdate = (over: object, message: object | null = {}) => ({
  update_id: 710001,
  ...(message === null
    ? {}
    : {
        message: {
          message_id: 17,
          from: { id: 42, is_bot: false, first_name: 'Budi', last_name: 'Santoso', language_code: 'id' },
          chat: { id: 42, type: 'private', first_name: 'Budi' },
          date: Number(TIMESTAMP),
          ...message,
        },
      }),
  ...over,
});

/** The example of docs/design/api.md#normalized-form. */
export const botEvent = (over: object = {}) => ({
  event: 'message',
  sender: 'customer',
  user_id: `wa_${CUSTOMER}`,
  channel: 'whatsapp',
  division: 'savi',
  bot_id: 'savi',
  wa_phone_id: 'PHONE_ID_002',
  message: 'isi pesan',
  user_name: 'Budi Santoso',
  timestamp: '2026-07-03T10:30:00Z',
  session_id: 'sess-abc123',
  message_id: 'wamid.X',
  is_office_hours: true,
  ...over,
});
