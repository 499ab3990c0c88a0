/** Signatures over raw bytes, compared in constant time (docs/design/whatsapp.md#handshake-and-signature). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Constant time, whatever the lengths: what is compared is a hash of both. */
export function sameSecret(sent: string, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(sent), hash(secret));
}

/** `X-Hub-Signature-256`, as Meta and the product's bots send it. @returns undefined: none that could be one */
export function hubSignatureOf(headers: IncomingHttpHeaders): Buffer | undefined {
  const header = headers['x-hub-signature-256'];
  const hex = typeof header === 'string' ? SIGNATURE.exec(header)?.[1] : undefined;
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/** A secret that is not set (null or empty) has signed nothing. */
export function signedWith(secret: string | null, bytes: Buffer, signature: Buffer): boolean {
  if (!secret) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), signature);
}
