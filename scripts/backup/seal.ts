/** What a backup is made with: BACKUP_KEY signs its manifests and encrypts its files (docs/design/reliability.md#backups). */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type DecipherGCM,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

const SALT = 16;
const NONCE = 12;
const HEAD = SALT + NONCE;
const TAG = 16;

export interface BackupKey {
  /** HMAC-SHA256 of a manifest, hex. */
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
  /**
   * Encrypts a stream: AES-256-GCM under a key of its own per file.
   * @param place what the file is bound to; renamed, or moved to another backup, it does not open
   */
  seal(place: string): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;
  /** What `seal` wrote: its encrypted bytes, and the transform that opens them. The transform fails when they were changed. */
  unseal(file: string, place: string): Promise<[Readable, DecipherGCM]>;
}

/** @param secret BACKUP_KEY */
export function createBackupKey(secret: string): BackupKey {
  const derived = (salt: Buffer | string, purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32));
  const signing = derived('', 'saga backup manifest');
  const sign = (text: string): string => createHmac('sha256', signing).update(text).digest('hex');
  const fileKey = (salt: Buffer): Buffer => derived(salt, 'saga backup file');
  return {
    sign,
    verify(text, signature) {
      const [wanted, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      return wanted.length === given.length && timingSafeEqual(wanted, given);
    },
    seal: (place) =>
      async function* sealed(source) {
        const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
        const cipher = createCipheriv('aes-256-gcm', fileKey(salt), nonce).setAAD(Buffer.from(place));
        yield Buffer.concat([salt, nonce]);
        for await (const chunk of source) yield cipher.update(chunk);
        yield Buffer.concat([cipher.final(), cipher.getAuthTag()]);
      },
    async unseal(file, place) {
      const handle = await open(file);
      try {
        const { size } = await handle.stat();
        const [head, tag] = [Buffer.alloc(HEAD), Buffer.alloc(TAG)];
        await handle.read(head, 0, HEAD, 0);
        await handle.read(tag, 0, TAG, size - TAG);
        const decipher = createDecipheriv('aes-256-gcm', fileKey(head.subarray(0, SALT)), head.subarray(SALT))
          .setAAD(Buffer.from(place))
          .setAuthTag(tag);
        // An empty text has no byte between head and tag; `end` is inclusive.
        const bytes =
          size === HEAD + TAG
            ? Readable.from([])
            : createReadStream(file, { start: HEAD, end: size - TAG - 1 });
        return [bytes, decipher];
      } finally {
        await handle.close();
      }
    },
  };
}
