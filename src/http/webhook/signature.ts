/**
 * Who sent this body? Decided over the raw bytes, before anything is parsed (docs/design/api.md#webhook-signature,
 * docs/design/whatsapp.md#handshake-and-signature).
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';

/** A secret that is not set (null or empty) verifies nothing. */
export interface WebhookSecrets {
  /** WHATSAPP_APP_SECRET: one for all numbers, pages and accounts of the Meta app. */
  readonly metaApp: string | null;
  /** EXTERNAL_BOT_SECRET: of the bots of every division that has no secret of its own. */
  readonly externalBot: string | null;
  /** EXTERNAL_BOT_SECRETS: of the bot of one division; several of one division while one is changed. */
  readonly bots: readonly { readonly secret: string; readonly division: Division }[];
  /** Self-chosen, for Meta's handshake only. */
  readonly metaVerifyToken: string | null;
  /** One per Telegram bot; the token says which bot, and so which division. */
  readonly telegram: readonly { readonly token: string; readonly division: Division }[];
}

/** What the secret that verified a body is for; with one secret for both, either form is accepted. */
export type WebhookSender =
  | {
      readonly kind: 'signed';
      readonly meta: boolean;
      /** The divisions that a bot with this secret speaks for. */
      readonly bot: readonly Division[];
    }
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

/** The divisions that EXTERNAL_BOT_SECRET is for: a division with a secret of its own listens to no other. */
export const sharedDivisions = (bots: WebhookSecrets['bots']): readonly Division[] =>
  DIVISIONS.filter((division) => !bots.some((bot) => bot.division === division));

/** Every secret is tried, so that the time does not show whose it was. */
function botDivisions(
  { externalBot, bots }: WebhookSecrets,
  bytes: Buffer,
  signature: Buffer,
): readonly Division[] {
  const shared = signedWith(externalBot, bytes, signature) ? sharedDivisions(bots) : [];
  const own = bots
    .filter(({ secret }) => signedWith(secret, bytes, signature))
    .map(({ division }) => division);
  return [...new Set([...own, ...shared])];
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
  const bot = botDivisions(secrets, bytes, signature);
  return meta || bot.length > 0 ? { kind: 'signed', meta, bot } : undefined;
}
