/**
 * Meta's webhooks: one secret of the app for all numbers, pages and accounts, and one form of envelope
 * (docs/design/whatsapp.md#handshake-and-signature).
 */
import { hubSignatureOf, signedWith } from '../hmac.ts';
import { instagramEvents } from '../instagram/normalize.ts';
import { parseJson } from '../lenient.ts';
import { messengerEvents } from '../messenger/normalize.ts';
import type { Normalizer, WebhookForm } from '../provider.ts';
import { deadItem } from '../reading.ts';
import { whatsapp } from '../whatsapp/normalize.ts';

/** By the member `object` that every body of Meta's carries. */
const BY_OBJECT: ReadonlyMap<unknown, Normalizer> = new Map([
  ['whatsapp_business_account', whatsapp],
  ['instagram', instagramEvents],
  ['page', messengerEvents],
]);

export const metaForm: WebhookForm = {
  name: 'meta',
  path: '',
  parse: parseJson,
  maySign: (headers) => hubSignatureOf(headers) !== undefined,
  verify: (headers, bytes, { metaApp }) => {
    const signature = hubSignatureOf(headers);
    return signature && signedWith(metaApp, bytes, signature) ? { divisions: null, line: null } : null;
  },
  // Every body of Meta's says what it is about in `object`, and no normalized one does.
  owns: (body) => typeof body === 'object' && body !== null && 'object' in body,
  read: (body, _claim, context) => {
    const normalize = BY_OBJECT.get((body as { object?: unknown }).object);
    return normalize ? normalize(body, context) : [deadItem('unknown_object', body)];
  },
};
