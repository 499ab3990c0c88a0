/**
 * One event's personal fields under its customer's key: AES-256-GCM with a nonce made of the key, the event's id and
 * the text itself, so that an append that is tried again writes the same bytes, and no nonce ever serves two texts.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface DataKey {
  readonly customerId: string;
  readonly encryption: KeyObject;
  readonly nonces: KeyObject;
}

/** What the text is bound to: moved to another event it does not open. */
export interface EncryptionContext {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
}

const NONCE = 12;
const TAG = 16;
const VERSION = 'v1';

/** @param key 32 random bytes */
export function dataKey(customerId: string, key: Buffer): DataKey {
  const derived = (purpose: string): KeyObject =>
    createSecretKey(createHmac('sha256', key).update(purpose).digest());
  return { customerId, encryption: derived('encryption'), nonces: derived('nonces') };
}

const boundTo = ({ stream, id, type }: EncryptionContext): Buffer => Buffer.from(`${stream}\0${id}\0${type}`);

/** @returns `v1.<customer id>.<base64 of nonce, ciphertext, tag>` */
export function seal(key: DataKey, place: EncryptionContext, text: string): string {
  const nonce = createHmac('sha256', key.nonces).update(`${place.id}\0${text}`).digest().subarray(0, NONCE);
  const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce).setAAD(boundTo(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${key.customerId}.${sealed.toString('base64')}`;
}

const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEAD = VERSION.length + 1 + UUID_LENGTH + 1;

/** Whose key opens it; undefined: in a form that this program does not know. */
export function customerOf(sealed: string): string | undefined {
  if (!sealed.startsWith(`${VERSION}.`) || sealed[HEAD - 1] !== '.') return undefined;
  const id = sealed.slice(VERSION.length + 1, HEAD - 1);
  return UUID.test(id) ? id : undefined;
}

/** @returns the text; null when it was changed, or is another event's */
export function unseal(key: DataKey, place: EncryptionContext, sealed: string): string | null {
  const bytes = Buffer.from(sealed.slice(HEAD), 'base64');
  if (bytes.length < NONCE + TAG) return null;
  const decipher = createDecipheriv('aes-256-gcm', key.encryption, bytes.subarray(0, NONCE))
    .setAAD(boundTo(place))
    .setAuthTag(bytes.subarray(-TAG));
  try {
    const text = decipher.update(bytes.subarray(NONCE, -TAG), undefined, 'utf8');
    return text + decipher.final('utf8');
  } catch {
    return null;
  }
}
