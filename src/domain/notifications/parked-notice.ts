/**
 * What super admins are told of streams that a view holds back (docs/design/reliability.md#parked-streams). A stream for each
 * notice: one that cannot be taken in holds back no other. No member is called `ticketId`: the notice of a parked ticket
 * would wait behind that ticket.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

const PREFIX = 'alerts-parked.';
/** `key`: see `noticeKey`. */
export const parkedNoticeStream = (key: string): string => `${PREFIX}${key}`;

export interface Parked {
  readonly view: string;
  /** What is held together: a ticket with all its streams, or a stream. */
  readonly subject: string;
}

export const noticeKey = ({ view, subject }: Parked): string => `${view}.${subject}`;

/** A notice that is parked itself is told of by `/readyz`, the metric and the log: a notice of it would be parked, too. */
export const isNotice = (subject: string): boolean => subject.startsWith(PREFIX);

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { view: z.string(), subject: z.string() };

export const StreamParked = defineEvent('StreamParked', {
  ...about,
  /** Active super admins at that moment. */
  recipients: z.array(z.uuid()).min(1),
});
/** Taken in at last, or skipped. `noticeId`: the event that told of it. */
export const ParkedStreamFreed = defineEvent('ParkedStreamFreed', {
  ...about,
  noticeId: z.uuid(),
  recipients: z.array(z.uuid()),
});

export const parkedNoticeEvents = [StreamParked, ParkedStreamFreed] as const;
export type ParkedNoticeEvent = EventOf<(typeof parkedNoticeEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export interface ParkedNotice {
  /** Told, and not freed since. */
  readonly open: boolean;
}

export const parkedNotice: Aggregate<ParkedNotice, ParkedNoticeEvent> = {
  category: 'alerts',
  stream: parkedNoticeStream,
  initial: { open: false },
  tail: 1,
  evolve: (_state, { type }) => ({ open: type === 'StreamParked' }),
};
