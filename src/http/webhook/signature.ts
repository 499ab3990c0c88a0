/**
 * Who sent this body? Decided over the raw bytes, before anything is parsed (docs/design/api.md#webhook-signature,
 * docs/design/whatsapp.md#handshake-and-signature).
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Division } from '../../domain/vocabulary.ts';

/** A secret that is not set (null or empty) verifies nothing. */
export interface WebhookSecrets {
  /** WHATSAPP_APP_SECRET: one for all numbers, pages and accounts of the Meta app. */
  readonly metaApp: string | null;
  /** EXTERNAL_BOT_SECRET. */
  readonly externalBot: string | null;
  /** Self-chosen, for Meta's handshake only. */
  readonly metaVerifyToken: string | null;
  /** One per Telegram bot; the token says which bot, and so which division. */
  readonly telegram: readonly { readonly token: string; readonly division: Division }[];
}

/** What the secret that verified a body is for; with one secret for both, either form is accepted. */
export type WebhookSender =
  | { readonly kind: 'signed'; readonly meta: boolean; readonly bot: boolean }
  | { readonly kind: 'telegram'; readonly division: Division };

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Constant time, whatever the lengths: what is compared is a hash of both. */
export function sameSecret(sent: string, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(sent), hash(secret));
}

function signedWith(secret: string | null, bytes: Buffer, signature: Buffer): boolean {
  if (!secret) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), signature);
}

/** Whether there is anything at all to check a body by. Without it no body is read. */
export function maySign(headers: IncomingHttpHeaders): boolean {
  const signature = headers['x-hub-signature-256'];
  return (
    typeof headers['x-telegram-bot-api-secret-token'] === 'string' ||
    (typeof signature === 'string' && SIGNATURE.test(signature))
  );
}

/** @returns undefined when nothing verifies it: 401 */
export function webhookSenderOf(
  headers: IncomingHttpHeaders,
  bytes: Buffer,
  secrets: WebhookSecrets,
): WebhookSender | undefined {
  const token = headers['x-telegram-bot-api-secret-token'];
  if (typeof token === 'string') {
    // Every token is compared, so that the time does not show which one came close.
    const [bot] = secrets.telegram.filter((one) => one.token !== '' && sameSecret(token, one.token));
    return bot && { kind: 'telegram', division: bot.division };
  }
  const header = headers['x-hub-signature-256'];
  const hex = typeof header === 'string' ? SIGNATURE.exec(header)?.[1] : undefined;
  if (hex === undefined) return undefined;
  const signature = Buffer.from(hex, 'hex');
  const meta = signedWith(secrets.metaApp, bytes, signature);
  const bot = meta
    ? secrets.metaApp === secrets.externalBot
    : signedWith(secrets.externalBot, bytes, signature);
  return meta || bot ? { kind: 'signed', meta, bot } : undefined;
}
