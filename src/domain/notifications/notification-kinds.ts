/** What there is to be told of (docs/design/business-rules.md#notifications). */
import type { Parked } from './parked-notice.ts';

/** More kinds may come; what is stored under one keeps its meaning for ever. */
export const NOTIFICATION_KINDS = [
  'ticket_assigned',
  'waiting_ticket_assigned',
  'ticket_reassigned_away',
  'ticket_withdrawn',
  'ticket_woke',
  'tickets_returned',
  'customer_message',
  'message_failed',
  'internal_note',
  'sa_replied',
  'l2_tagged',
  'queue_alert',
  'idle_ticket',
  'blast_waiting',
  'blast_approved',
  'blast_rejected',
  'blast_stopped',
  'job_assigned',
  'job_moved',
  'job_taken_back',
  'job_returned',
  'job_no_show',
  'job_check_out_forgotten',
  'telegram_lost',
  'invoice_submitted',
  'invoice_approved',
  'invoice_rejected',
  'invoice_overdue',
  'projection_parked',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** One notification of one person. Its id is the event's: an event notifies nobody twice. */
export interface Notification {
  readonly userId: string;
  readonly kind: NotificationKind;
  /** null when it is about several. */
  readonly ticketId: string | null;
  /** Who did it, where the text names them. */
  readonly actorId: string | null;
  /** How many tickets it is about. */
  readonly count: number;
  /** Minutes of a queue alert, hours of an idle ticket; else null. */
  readonly threshold: number | null;
  /** What a view holds back; else null. */
  readonly parked: Parked | null;
}
