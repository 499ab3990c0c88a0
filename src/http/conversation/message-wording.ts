import { deliveryErrorOf } from '../../channels/errors.ts';
import type { MessageWording } from '../../ports.ts';
import type { FileLinks } from '../media/file-links.ts';

/** @param publicUrl PUBLIC_URL; null: addresses are paths */
export const messageWordingOf = (
  links: Pick<FileLinks, 'pathOf'>,
  publicUrl: string | null,
): MessageWording => ({
  explain: deliveryErrorOf,
  fileUrl: (ticketId, attachmentId) => `${publicUrl ?? ''}${links.pathOf(ticketId, attachmentId)}`,
});
