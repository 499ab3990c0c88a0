/** What a visitor agreed to, provably (Indonesian law 27/2022, art. 22-24; docs/design/chat.md#consent). On the customer's stream. */
import { z } from 'zod';
import { defineEvent } from '../event.ts';

export const ConsentGiven = defineEvent('ConsentGiven', {
  customerId: z.uuid(),
  purpose: z.enum(['contact']),
  /** Of the words that they saw. */
  textVersion: z.int().positive(),
  /** SHA-256 of them, hex. */
  textHash: z.string(),
});

/** Beside the box that a visitor ticks. Another wording is another version. */
export const CONSENT_TEXT = {
  version: 1,
  text: 'Saya setuju data kontak yang saya isi dipakai Saga untuk menghubungi saya tentang pesan ini. Persetujuan dapat saya tarik kapan saja.',
} as const;
