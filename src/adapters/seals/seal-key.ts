/**
 * Signs seals with Ed25519, so that an auditor needs the public key only
 * (docs/decisions/0011-seals.md).
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto';

/** PKCS #8 and SPKI of Ed25519 (RFC 8410) up to the 32 bytes of the key. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** What seals are verified with, by key id. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

export interface SealKey {
  /** Names the key in each seal: the beginning of the SHA-256 of the public key. */
  readonly id: string;
  /** 32 bytes, base64url: for SEAL_PUBLIC_KEYS. No secret. */
  readonly publicKey: string;
  /** @returns the signature, base64url */
  sign(bytes: Buffer): string;
}

const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);
const idOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex').slice(0, 16);

/** @param secret SEAL_KEY: any random text; the key pair is derived from it */
export function createSealKey(secret: string): SealKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'saga seal', 32));
  const key = createPrivateKey({
    key: Buffer.concat([PRIVATE_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = rawOf(createPublicKey(key));
  return {
    id: idOf(raw),
    publicKey: raw.toString('base64url'),
    sign: (bytes) => signWith(null, bytes, key).toString('base64url'),
  };
}

/** @param keys each 32 bytes, base64url, as `SealKey.publicKey` */
export function publicKeysOf(keys: readonly string[]): PublicKeys {
  return new Map(
    keys.map((text) => {
      const raw = Buffer.from(text, 'base64url');
      const key = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
      return [idOf(raw), key];
    }),
  );
}

/** @returns whether `bytes` were signed with the key of this id; null when there is no such key */
export function verifySignature(
  keys: PublicKeys,
  { id, signature }: { readonly id: string; readonly signature: string },
  bytes: Buffer,
): boolean | null {
  const key = keys.get(id);
  if (key === undefined) return null;
  return verifyWith(null, bytes, key, Buffer.from(signature, 'base64url'));
}
