/** Where a batch of the blasts view is cut into parts. */
import type { Recorded } from '../../domain/codec.ts';
import { changesStatus } from './recipient-updates.ts';

const ID_FIELDS: ReadonlySet<string> = new Set(['ticketId', 'answersTo', 'messageId', 'channelMessageId']);
const idsOf = (data: Recorded['data']): readonly string[] =>
  Object.entries(data).flatMap(([name, id]) => (ID_FIELDS.has(name) && typeof id === 'string' ? [id] : []));

/**
 * Each part writes what the sender did before what was reported and answered. Events mostly come in that order. But a
 * webhook may be quicker than the sender's own events: then a new part begins, and the row decides.
 * @returns for `partsOf`: whether a part begins with this event
 */
export function beginsPart(): (event: Recorded) => boolean {
  /** Ids of the tickets and messages in the reports, answers and openings of this part. */
  let touched = new Set<string | null | undefined>();
  let hasFailure = false;
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  /** On any ticket. The answer may be to the message that goes out now, or to one that went out before. */
  const mayBeAnswered = ({
    data,
    metadata,
  }: Extract<Recorded, { type: 'BlastRecipientAttempted' }>): boolean =>
    lastAnswerAt > (data.attempt > 1 ? Number.NEGATIVE_INFINITY : Date.parse(metadata.at) - 1000);
  return (event) => {
    const { type, data } = event;
    const isCut =
      type === 'BlastCreated'
        ? touched.size > 0
        : changesStatus(type) &&
          // A skip names no message; it can only remove the reason of a failure.
          ((type === 'BlastRecipientSkipped' && hasFailure) ||
            (type === 'BlastRecipientAttempted' && mayBeAnswered(event)) ||
            idsOf(data).some((id) => touched.has(id)));
    if (isCut) {
      touched = new Set();
      hasFailure = false;
      lastAnswerAt = Number.NEGATIVE_INFINITY;
    }
    if (type === 'TicketOpened') touched.add(data.ticketId);
    else if (type === 'MessageReceived') {
      touched.add(data.ticketId).add(data.replyTo);
      lastAnswerAt = Math.max(lastAnswerAt, Date.parse(data.sentAt));
    } else if (type === 'DeliveryReported') {
      touched.add(data.ticketId).add(data.messageId).add(data.channelMessageId);
      hasFailure ||= data.status === 'failed';
    }
    return isCut;
  };
}
