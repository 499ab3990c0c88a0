/** What is said in the demo's past: the form of it, and what is the same in every division. All of it is invented. */
import type { Division } from '../../../../domain/vocabulary.ts';

/** Some texts to choose from. `{name}`, `{agent}`, `{origin}` and so on stand for what this talk is about. */
export type Texts = readonly [string, ...string[]];

/** What the customer asks, and what the agent answers. */
export type Exchanges = readonly [
  readonly [customer: string, agent: string],
  ...(readonly [string, string])[],
];

/** The words that stand in the place of `{...}`. */
export type Facts = Readonly<Record<string, string | number>>;

/** Something that customers of a division come for. */
export interface Topic {
  /** How often, next to the others. */
  readonly weight: number;
  readonly tags: readonly string[];
  /** The customer's first message, the bot's question, the answer to it, and the agent's first words. */
  readonly asks: Texts;
  readonly bot: Texts;
  readonly tells: Texts;
  readonly offers: Texts;
  /** Rupiah. */
  readonly price: readonly [least: number, most: number];
  /** Where it is from and to; without it the routes of the division. */
  readonly routes?: readonly (readonly [origin: string, destination: string, weight: number])[];
  /** Companies among those who ask, 0 to 1. */
  readonly companies: number;
  /** Fields of the division's form, as an agent enters them. @param dice 0 to 1, the same in one talk */
  fields(facts: Facts, dice: number): Readonly<Record<string, unknown>>;
  /** Which of them the bot finds in what the customer wrote. */
  readonly found: readonly string[];
}

export interface DivisionTalks {
  readonly division: Division;
  readonly topics: readonly [Topic, ...Topic[]];
  /** Questions that the bot answers alone. */
  readonly questions: Exchanges;
  readonly routes: readonly (readonly [origin: string, destination: string, weight: number])[];
  /** More of the talk: the customer asks, the agent answers. */
  readonly exchanges: Exchanges;
  /** Captions of pictures and names of files that customers send. */
  readonly pictures: Texts;
  readonly files: Texts;
  /** Days from the first message until it is decided. */
  readonly decides: readonly [least: number, most: number];
}

/** @returns the text, with the facts in it */
export const fill = (text: string, facts: Facts): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(facts[name] ?? all));

export const THANKS: Texts = [
  'Oke terima kasih infonya 🙏',
  'Baik kak, makasih',
  'Siap, terima kasih banyak',
  'Noted, nanti saya kabari lagi ya',
  'Makasih min 👍',
  'Oh gitu, oke deh. Terima kasih',
];

export const WANTS_A_PERSON: Texts = [
  'Bisa bicara dengan sales langsung?',
  'Saya mau ngobrol sama orangnya aja kak',
  'Tolong disambungkan ke CS ya',
  'Boleh minta penawaran resmi? Hubungi saya ya',
  'Ini bot ya? Mau sama admin aja 😅',
];

export const BOT_HANDS_OVER: Texts = [
  'Baik Kak {name}, saya sambungkan dengan tim kami ya.',
  'Siap Kak {name}, sebentar saya panggilkan rekan sales kami.',
];

export const QUOTES: Texts = [
  'Untuk {origin} - {destination} totalnya Rp{price} {name}, sudah termasuk asuransi dasar dan jemput di lokasi.',
  'Penawaran kami Rp{price} all in {name}, berlaku 7 hari ya. Mau saya kirim versi PDF-nya?',
  'Estimasi biayanya Rp{price}. Itu sudah harga terbaik untuk rute {origin} ke {destination} {name}.',
];

export const BARGAINS: Exchanges = [
  [
    'Bisa kurang ga kak? Tetangga sebelah kasih lebih murah',
    'Boleh kami bantu potongan Rp{discount} kalau konfirmasi minggu ini ya {name} 🙏',
  ],
  ['Wah lumayan ya. Ada diskon?', 'Untuk order pertama ada potongan Rp{discount} {name}.'],
  [
    'Kalau saya bayar lunas di depan ada potongan?',
    'Ada {name}, untuk lunas di depan kami beri potongan Rp{discount}.',
  ],
];

export const ACCEPTS: Texts = [
  'Oke deal kak, saya transfer hari ini',
  'Setuju, lanjut ya. Kirim invoice-nya',
  'Fix ambil yang ini 👍',
  'Oke kami proses PO-nya hari ini',
  'Jadi ya kak, tolong dijadwalkan',
  'Deal! Makasih bantuannya ya 😊',
];

export const CONFIRMS: Texts = [
  'Siap {name}, invoice sudah saya kirim ke email. Jadwalnya kami kunci untuk {date} ya.',
  'Terima kasih {name}! Tim operasional kami akan menghubungi sehari sebelumnya.',
  'Pembayaran sudah kami terima {name}, terima kasih 🙏 Nomor resi menyusul setelah barang masuk gudang.',
];

/** The customer's words for each reason of loss; null: they say nothing more. */
export const LOSSES: readonly (readonly [reason: string, weight: number, text: string | null])[] = [
  ['price', 30, 'Maaf kak, budget kami belum masuk. Kemahalan'],
  ['price', 8, 'Terlalu tinggi harganya, saya skip dulu ya'],
  ['competitor', 20, 'Sudah jadi pakai ekspedisi lain kak, maaf ya'],
  ['competitor', 5, 'Kami sudah tanda tangan dengan vendor lain, terima kasih'],
  ['cancelled_plan', 13, 'Maaf ga jadi, rencananya ditunda sampai tahun depan'],
  ['no_response', 17, null],
  ['schedule', 9, 'Jadwalnya ga cocok kak, kami butuh minggu ini'],
  ['out_of_coverage', 6, 'Oh belum sampai sana ya, yasudah ga jadi'],
  ['other', 4, 'Ternyata kantor pusat sudah punya kontrak sendiri'],
];

export const REGRETS: Texts = [
  'Baik {name}, tidak apa-apa. Kalau ada rencana lagi kabari kami ya 🙏',
  'Siap {name}, terima kasih sudah menghubungi kami.',
];

/** On L2. `{other}`: a colleague. */
export const NOTES: Texts = [
  'Pelanggan sensitif harga, jangan langsung kasih diskon besar.',
  'Sudah telepon, minta dihubungi lagi sore.',
  'Butuh penawaran resmi dengan kop surat, pakai format PT.',
  'Barang agak rapuh, wajib packing kayu.',
  'Lokasi masuk gang, pakai mobil kecil untuk jemput.',
  'Pembayaran termin 14 hari sudah disetujui TL.',
  'Pelanggan lama, biasanya ambil asuransi penuh.',
  'Cek jadwal kapal dulu sebelum janji tanggal.',
];
export const NOTES_TO_A_COLLEAGUE: Texts = [
  '{other}, tolong bantu cek kuota slot untuk {destination} ya.',
  '{other}, besok saya cuti, minta tolong pantau tiket ini 🙏',
  '{other}, ini boleh dikasih potongan lagi? Selisihnya tinggal sedikit dengan kompetitor.',
];

export const ASSIGNMENT_NOTES: Texts = [
  'Pelanggan prioritas, tolong dibalas dulu.',
  'Minta tolong ambil ini ya, rute kamu.',
  'Sudah menunggu lama, dahulukan.',
];

export const FROM_THE_TEAM: Texts = [
  'Halo {name}, saya dari Saga Team. Kami pastikan jadwalnya tidak berubah ya.',
  'Halo {name}, mohon maaf atas keterlambatan balasan kami. Tim kami segera menindaklanjuti.',
];

export const CLOSE_REASONS: Texts = [
  'Hanya tanya info, belum ada rencana',
  'Sudah dijawab lewat telepon',
  'Salah divisi, sudah diarahkan',
  'Pertanyaan status kiriman, sudah dibantu',
];

export const AFTER_HOURS: Texts = ['Oke saya tunggu besok ya', 'Baik, kabari saya pagi-pagi ya', '👍'];
export const AFTER_A_FOLLOW_UP: Texts = [
  'Iya kak maaf baru balas, masih dipertimbangkan',
  'Masih diskusi sama keluarga kak',
  'Belum ada keputusan dari atasan saya',
  'Boleh, tolong kirim ulang penawarannya',
];
export const AFTER_A_BLAST: Texts = [
  'Halo, promonya masih berlaku?',
  'Iya saya masih tertarik, berapa jadinya?',
  'Nanti akhir bulan ya kak',
  'Boleh dibantu jadwalnya',
  'Masih, tolong hubungi saya besok pagi',
];
export const STOPS: Texts = ['STOP', 'berhenti', 'Berhenti berlangganan'];
