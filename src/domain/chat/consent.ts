/** What a visitor agreed to, provably (Indonesian law 27/2022, art. 22-24; docs/design/chat.md#consent). On the customer's stream. */
import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** `language_model`: their questions, redacted, may leave for a language model (docs/design/chat.md#language-model). */
const purpose = z.enum(['contact', 'language_model']);

export const ConsentGiven = defineEvent('ConsentGiven', {
  customerId: z.uuid(),
  purpose,
  /** Of the words that they saw. */
  textVersion: z.int().positive(),
  /** SHA-256 of them, hex. */
  textHash: z.string(),
});

/** What was agreed to no longer holds. */
export const ConsentWithdrawn = defineEvent('ConsentWithdrawn', { customerId: z.uuid(), purpose });

/** Beside the box that a visitor ticks. Another wording is another version. */
export const CONSENT_TEXT = {
  version: 1,
  text: 'Saya setuju data kontak yang saya isi dipakai Saga untuk menghubungi saya tentang pesan ini. Persetujuan dapat saya tarik kapan saja.',
} as const;

/** In the chat of a house that uses a language model. Another wording is another version. */
export const MODEL_CONSENT_TEXT = {
  version: 1,
  text: 'Saya izinkan pertanyaan saya, tanpa nomor dan alamat, dibaca layanan bahasa otomatis di luar Indonesia supaya jawaban lebih tepat. Tanpa izin ini chat tetap berjalan.',
} as const;
