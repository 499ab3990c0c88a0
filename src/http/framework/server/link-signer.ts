/** Addresses that are credentials in themselves: the signature says that we made them. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface LinkSigner {
  /** Hex. @param parts the texts of the address that it holds for */
  sign(...parts: readonly string[]): string;
  /** Of the texts as they are in the address: another spelling of the same is another link. In constant time. */
  isGenuine(signature: string, ...parts: readonly string[]): boolean;
}

/**
 * @param secret of the access tokens; the key is derived from it, so that a link can never pass as a token
 * @param use one kind of link is none of another
 */
export function createLinkSigner(secret: Uint8Array, use: string): LinkSigner {
  const key = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), use, 32));
  const sign = (...parts: readonly string[]): string =>
    createHmac('sha256', key).update(parts.join('\n')).digest('hex');
  return {
    sign,
    isGenuine: (signature, ...parts) => {
      const wanted = Buffer.from(sign(...parts));
      const sent = Buffer.from(signature);
      return sent.length === wanted.length && timingSafeEqual(sent, wanted);
    },
  };
}
