/** Links to files that are credentials in themselves: who has one gets that one file, until it expires. */
import { createLinkSigner } from '../framework/server/link-signer.ts';

export interface ExportLinks {
  /** `/api/export/<id>?expires=<seconds since 1970>&signature=<hex>` */
  pathOf(exportId: string, expiresAt: string): string;
  /** Of the texts as they are in the address: another spelling of the same is another link. */
  isGenuine(exportId: string, expires: string, signature: string): boolean;
}

/** @param secret of the access tokens */
export function createExportLinks(secret: Uint8Array): ExportLinks {
  const { sign, isGenuine } = createLinkSigner(secret, 'saga export links');
  return {
    pathOf: (exportId, expiresAt) => {
      const expires = String(Math.floor(Date.parse(expiresAt) / 1000));
      return `/api/export/${exportId}?expires=${expires}&signature=${sign(exportId, expires)}`;
    },
    isGenuine: (exportId, expires, signature) => isGenuine(signature, exportId, expires),
  };
}
