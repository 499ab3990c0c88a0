/** What needs no classifier: how people greet, thank, refuse, ask for a person, or want to buy (docs/design/chat.md#rules). */
import { plainWords } from './words.ts';

export type ChatRule = 'greeting' | 'thanks' | 'person' | 'denied';

const among = (words: readonly string[], list: string): boolean => {
  const all = new Set(list.split(' '));
  return words.length > 0 && words.every((word) => all.has(word));
};

const HELLO =
  /^(?:h+a+l+o+|h+a+i+|hi|hello|hey|p|permisi|ass?al?amu.?ala.?ikum\b|selamat (?:pagi|siang|sore|malam)|pagi|siang|sore|malam|met (?:pagi|siang|sore|malam))\b/i;
const AFTER_HELLO =
  'pagi siang sore malam selamat wr wb warahmatullahi wabarakatuh semua semuanya permisi test tes assalamualaikum hello hi hey p min kak';
const THANKS =
  'terima kasih banyak ok oke okay baik siap sip mantap infonya atas bantuannya informasinya sudah jelas paham';

/** Somebody tries to get at the program or at other people instead of asking. */
const DENIED =
  /\b(?:ignore|abaikan|lupakan|forget|disregard)\b.{0,30}\b(?:instruction|instruksi|perintah|aturan|prompt|rules?)|\b(?:system|sistem) prompt|prompt (?:sistem|system|awal)|jailbreak|developer mode|mode (?:developer|dewa)|\bDAN\b mode|pass ?word|kata sandi|api.?key|token rahasia|\b(?:drop|union|select)\b.{1,20}\b(?:table|from|select)\b|<\s*(?:script|img|svg|iframe)|data (?:semua )?(?:pelanggan|customer)|(?:nomor|no|hp|alamat|email|data|nik|ktp) (?:telepon |hp |wa |rumah )?(?:pelanggan|customer|klien|orang) lain|berpura.?pura(?:lah)? (?:jadi|menjadi|sebagai)|pretend (?:to be|you)|act as\b/i;

const PERSON_ALONE =
  /^(?:mau |minta |ke |chat |sama |dengan |hubungi |bicara )*(?:admin|manusia|orang(?: asli)?|petugas|sales)$/;
const PERSON =
  /\b(?:bicara|ngobrol|chat|hubungi|hubungkan|sambung\w*|terhubung|kontak|tanya|ngomong|minta|panggil\w*|dibantu|konsultasi|dilayani|mau|alihkan)\b(?: \w+){0,4} (?:admin|manusia|orang asli|petugas|sales|marketing|tim kalian|staf)\b/;
const NOT_A_PERSON =
  /\b(?:biaya|ongkir|harga|gaji|jadi|menjadi|lowongan|password) (?:admin|sales|staf|petugas)/;

const REFUSING =
  /\btidak (?:usah|perlu|tertarik|jadi|minat)\b|^(?:nanti|nanti (?:dulu|saja|lagi)|lain kali|jangan dulu|belum (?:dulu|perlu|minat)|skip|pikir dulu|pikir pikir dulu)\b|\bnanti (?:saja|dulu)\b/;
const BUYING =
  /\bsiap (?:daftar|kontrak|order|pesan|booking|kirim|bayar|transfer|tanda tangan|deal)\b|\b(?:mau|ingin|jadi|langsung) (?:kontrak|order|booking|deal|daftar|tanda tangan)\b|\b(?:mau|jadi|langsung) (?:pesan|pakai) (?:sekarang|hari|jasa|layanan)|\bdeal\b|\b(?:kirim|minta|buatkan) (?:kontrak|invoice|tagihan|surat perjanjian)|\bbooking sekarang\b/;

const lineOf = (text: string): string => plainWords(text).join(' ');

/** @returns what is meant, where no topic is asked for; null: it is for the classifier */
export function ruleFor(text: string): ChatRule | null {
  if (DENIED.test(text)) return 'denied';
  const words = plainWords(text);
  const line = words.join(' ');
  if (!NOT_A_PERSON.test(line) && (PERSON_ALONE.test(line) || PERSON.test(line))) return 'person';
  if (HELLO.test(text.trim()) && (words.length === 0 || among(words, AFTER_HELLO))) return 'greeting';
  if (line.includes('terima kasih') && among(words, THANKS)) return 'thanks';
  return null;
}

/** Does this turn offers down? Twice, and they pause. */
export const refuses = (text: string): boolean => REFUSING.test(lineOf(text));

/** Does this want to buy? Then the ticket goes before others in the queue. */
export const wantsToBuy = (text: string): boolean => BUYING.test(lineOf(text)) && !refuses(text);

/** Two questions in one message, at a question mark or at an 'and'; null: it is one. */
export function twoQuestions(text: string): readonly [string, string] | null {
  const [first = '', second = '', ...more] = text
    .split(/\?+|\n+|;|,? \b(?:dan|serta|terus|trus|lalu|sama|juga)\b /i)
    .map((part) => part.trim())
    .filter((part) => plainWords(part).length > 0);
  return second !== '' && more.length === 0 ? [first, second] : null;
}
