/** Addresses of files in messages: who has one gets that one file, for a short time (docs/design/api.md#attachments). */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../ports.ts';

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

/** @param secret of the access tokens; the key is derived from it, so that a link can never pass as a token */
export function createFileLinks(secret: Uint8Array, clock: Clock): FileLinks {
  const key = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'saga file links', 32));
  const sign = ({ ticketId, attachmentId, expires }: Omit<FileLink, 'signature'>): string =>
    createHmac('sha256', key).update(`${ticketId}\n${attachmentId}\n${expires}`).digest('hex');
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
  return {
    pathOf: (ticketId, attachmentId) => {
      const expires = String((Math.floor(seconds() / WINDOW_SECONDS) + 2) * WINDOW_SECONDS);
      const signature = sign({ ticketId, attachmentId, expires });
      return `/api/files/${attachmentId}?ticket=${ticketId}&expires=${expires}&signature=${signature}`;
    },
    isGood: (link) => {
      const wanted = Buffer.from(sign(link));
      const sent = Buffer.from(link.signature);
      const isGenuine = sent.length === wanted.length && timingSafeEqual(sent, wanted);
      return isGenuine && /^\d{1,12}$/.test(link.expires) && Number(link.expires) > seconds();
    },
  };
}
