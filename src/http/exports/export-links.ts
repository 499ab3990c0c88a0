/** Links to files that are credentials in themselves: who has one gets that one file, until it expires. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface ExportLinks {
  /** `/api/export/<id>?expires=<seconds since 1970>&signature=<hex>` */
  pathOf(exportId: string, expiresAt: string): string;
  /** Of the texts as they are in the address: another spelling of the same is another link. */
  isGenuine(exportId: string, expires: string, signature: string): boolean;
}

/** @param secret of the access tokens; the key is derived from it, so that a link can never pass as a token */
export function createExportLinks(secret: Uint8Array): ExportLinks {
  const key = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'saga export links', 32));
  const sign = (exportId: string, expires: string): string =>
    createHmac('sha256', key).update(`${exportId}\n${expires}`).digest('hex');
  return {
    pathOf: (exportId, expiresAt) => {
      const expires = String(Math.floor(Date.parse(expiresAt) / 1000));
      return `/api/export/${exportId}?expires=${expires}&signature=${sign(exportId, expires)}`;
    },
    isGenuine: (exportId, expires, signature) => {
      const wanted = Buffer.from(sign(exportId, expires));
      const sent = Buffer.from(signature);
      return sent.length === wanted.length && timingSafeEqual(sent, wanted);
    },
  };
}
