/** Addresses of files in messages: who has one gets that one file, for a short time (docs/design/api.md#attachments). */
import type { Clock } from '../../ports.ts';
import { createLinkSigner } from '../framework/server/link-signer.ts';

/** An address is good for one to two of these. */
const WINDOW_SECONDS = 900;

export interface FileLinks {
  /**
   * `/api/files/<attachment>?ticket=<id>&expires=<seconds since 1970>&signature=<hex>`, the same for everybody who reads the
   * message in these 15 minutes: a browser knows it again.
   */
  pathOf(ticketId: string, attachmentId: string): string;
  /** Signed by us, and not run out. Of the texts as they are in the address. */
  isGood(of: FileLink): boolean;
}

export interface FileLink {
  readonly ticketId: string;
  readonly attachmentId: string;
  readonly expires: string;
  readonly signature: string;
}

/** @param secret of the access tokens */
export function createFileLinks(secret: Uint8Array, clock: Clock): FileLinks {
  const { sign, isGenuine } = createLinkSigner(secret, 'saga file links');
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
  return {
    pathOf: (ticketId, attachmentId) => {
      const expires = String((Math.floor(seconds() / WINDOW_SECONDS) + 2) * WINDOW_SECONDS);
      const signature = sign(ticketId, attachmentId, expires);
      return `/api/files/${attachmentId}?ticket=${ticketId}&expires=${expires}&signature=${signature}`;
    },
    isGood: ({ ticketId, attachmentId, expires, signature }) =>
      isGenuine(signature, ticketId, attachmentId, expires) &&
      /^\d{1,12}$/.test(expires) &&
      Number(expires) > seconds(),
  };
}
