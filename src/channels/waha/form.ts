/** WAHA's webhooks: JSON, signed with HMAC-SHA512 over the raw bytes (docs/design/channels.md#waha). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '../lenient.ts';
import type { WebhookForm } from '../provider.ts';
import { wahaItems } from './normalize.ts';

/** Its algorithm stands beside it: another one than ours is no signature of ours. */
function signatureOf(headers: IncomingHttpHeaders): Buffer | undefined {
  const { 'x-webhook-hmac': hmac, 'x-webhook-hmac-algorithm': algorithm } = headers;
  if (algorithm !== 'sha512' || typeof hmac !== 'string' || !/^[0-9a-f]{128}$/.test(hmac)) return undefined;
  return Buffer.from(hmac, 'hex');
}

/** Hex, as WAHA signs. */
export const wahaSignature = (key: string, bytes: Buffer | string): string =>
  createHmac('sha512', key).update(bytes).digest('hex');

export const wahaForm: WebhookForm = {
  name: 'waha',
  path: '/waha',
  maySign: (headers) => signatureOf(headers) !== undefined,
  verify: (headers, bytes, { waha }) => {
    const signature = signatureOf(headers);
    if (!waha || !signature) return null;
    const good = timingSafeEqual(Buffer.from(wahaSignature(waha, bytes), 'hex'), signature);
    return good ? { divisions: null, line: null } : null;
  },
  parse: parseJson,
  owns: () => true,
  read: (body, _claim, context) => wahaItems(body, context),
};
