/** Wraps the keys of customers with MASTER_KEY: AES-256-GCM, a fresh random nonce each. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** The keys in the database were wrapped by another master, or are damaged. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
  constructor() {
    super(
      'MASTER_KEY does not open the keys of customers in ops.personal_keys: put back the one they were made with (several, the newest first, separated by commas, while it is changed).',
    );
  }
}

export interface Master {
  wrap(customerId: string, key: Buffer): Buffer;
  /** @throws WrongMasterKey */
  unwrap(customerId: string, wrapped: Buffer): Buffer;
  /** Was it wrapped with the newest master? */
  isNewest(wrapped: Buffer): boolean;
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = 5;

/** @param secrets MASTER_KEY: the newest first, then older ones that still open what they wrapped, by commas */
export function createMaster(secrets: string): Master {
  const masters = secrets
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((secret) => ({
      id: createHash('sha256').update('saga master id\0').update(secret).digest().subarray(0, 4),
      key: Buffer.from(hkdfSync('sha256', secret, '', 'saga personal keys', 32)),
    }));
  const [newest] = masters;
  if (!newest) throw new WrongMasterKey();

  return {
    wrap(customerId, key) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce).setAAD(Buffer.from(customerId));
      const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), newest.id, nonce, wrapped, cipher.getAuthTag()]);
    },
    unwrap(customerId, wrapped) {
      const id = wrapped.subarray(1, HEAD);
      const master = masters.find((one) => one.id.equals(id));
      if (wrapped[0] !== VERSION || !master) throw new WrongMasterKey();
      const nonce = wrapped.subarray(HEAD, HEAD + NONCE);
      const decipher = createDecipheriv('aes-256-gcm', master.key, nonce)
        .setAAD(Buffer.from(customerId))
        .setAuthTag(wrapped.subarray(-TAG));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(HEAD + NONCE, -TAG)), decipher.final()]);
      } catch {
        throw new WrongMasterKey();
      }
    },
    isNewest: (wrapped) => wrapped.subarray(1, HEAD).equals(newest.id),
  };
}
