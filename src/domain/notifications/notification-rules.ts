/** Who is notified of which event, and with which text (docs/design/business-rules.md#notifications). */
import type { Recorded } from '../codec.ts';
import { isWritten } from '../conversation/conversation.ts';
import type { Notification, NotificationKind } from './notification-kinds.ts';
import { jobNotificationsOf } from './job-notifications.ts';
import type { Parked } from './parked-notice.ts';

export type Layer = 'L1' | 'L2' | null;

/** The layer that a kind speaks of; null: neither. */
export const LAYERS: Readonly<Record<NotificationKind, Layer>> = {
  ticket_assigned: null,
  waiting_ticket_assigned: null,
  ticket_reassigned_away: null,
  ticket_withdrawn: null,
  ticket_woke: null,
  tickets_returned: null,
  customer_message: 'L1',
  message_failed: 'L1',
  internal_note: 'L2',
  sa_replied: 'L1',
  l2_tagged: 'L2',
  queue_alert: null,
  idle_ticket: null,
  blast_waiting: null,
  blast_approved: null,
  blast_rejected: null,
  blast_stopped: null,
  job_assigned: null,
  job_moved: null,
  job_taken_back: null,
  job_returned: null,
  job_no_show: null,
  job_check_out_forgotten: null,
  telegram_lost: null,
  invoice_submitted: null,
  invoice_approved: null,
  invoice_rejected: null,
  invoice_overdue: null,
  projection_parked: null,
};

/** Prefixes of the streams with events that notify somebody: the list of notifications and the push read these. */
export const NOTIFYING_STREAMS: readonly string[] = [
  'ticket-',
  'conversation-',
  'internal-',
  'delivery-',
  'alerts-',
  'blast-',
  'job-',
  'user-',
  'invoice-',
];

/** What an event is about beside tickets: the list and a push lead there. */
export const subjectsOf = ({ data }: Pick<Recorded, 'data'>) => ({
  blastId: 'blastId' in data ? data.blastId : null,
  jobId: 'jobId' in data ? data.jobId : null,
  invoiceId: 'invoiceId' in data ? data.invoiceId : null,
});

/** @returns the notifications that follow from this event; nobody is notified of what they did themselves */
export function notificationsOf(event: Recorded): readonly Notification[] {
  const actorId = event.metadata.actor.kind === 'user' ? event.metadata.actor.id : null;
  return notificationsFor(event, actorId).filter(({ userId }) => userId !== actorId);
}

/**
 * Kinds of messages that say nothing themselves: they are about an earlier message, or nobody wrote them
 * (docs/design/business-rules.md#what-says-nothing).
 */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['reaction', 'edited']);
export const saysSomething = (kind: string): boolean => isWritten(kind) && !SAYS_NOTHING.has(kind);

/** These notifications follow from more than their event: the view of notifications knows them. */
export const NOTIFIES_BY_STATE: ReadonlySet<string> = new Set<Recorded['type']>([
  'MessageReceived',
  'InternalNotePosted',
  'DeliveryFailed',
  'DeliveryReported',
]);

export const aboutTicket = (
  userId: string,
  kind: NotificationKind,
  ticketId: string,
  actorId: string | null,
): Notification => ({ userId, kind, ticketId, actorId, count: 1, threshold: null, parked: null });

const withoutTicket = (
  userId: string,
  kind: NotificationKind,
  count: number,
  actorId: string | null = null,
): Notification => ({ userId, kind, ticketId: null, actorId, count, threshold: null, parked: null });

function notificationsFor(event: Recorded, actorId: string | null): readonly Notification[] {
  switch (event.type) {
    case 'TicketAssigned': {
      const { agentId, ticketId, reason } = event.data;
      // The router assigns a returning customer to the agent they waited for (docs/design/business-rules.md#routing).
      const wasWaitedFor = reason?.rule === 'returning_customer';
      return [
        aboutTicket(agentId, wasWaitedFor ? 'waiting_ticket_assigned' : 'ticket_assigned', ticketId, actorId),
      ];
    }
    case 'TicketReassigned': {
      const { fromAgent, toAgent, ticketId } = event.data;
      return [
        aboutTicket(fromAgent, 'ticket_reassigned_away', ticketId, actorId),
        aboutTicket(toAgent, 'ticket_assigned', ticketId, actorId),
      ];
    }
    case 'TicketReopened': {
      const { agentId, ticketId } = event.data;
      return agentId === null ? [] : [aboutTicket(agentId, 'ticket_assigned', ticketId, actorId)];
    }
    case 'TicketWithdrawn':
      // Who left, or lost the right to answer, knows.
      if (event.data.because !== undefined) return [];
      return [aboutTicket(event.data.agentId, 'ticket_withdrawn', event.data.ticketId, null)];
    case 'TicketWoken':
      return event.data.because === 'asked'
        ? []
        : [aboutTicket(event.data.agentId, 'ticket_woke', event.data.ticketId, null)];
    case 'TeamReplied': {
      const { notifiedAgentId, ticketId } = event.data;
      return notifiedAgentId === null ? [] : [aboutTicket(notifiedAgentId, 'sa_replied', ticketId, null)];
    }
    case 'InternalNotePosted': {
      const { taggedAgentId, ticketId } = event.data;
      // The text of the note stays out: only that they were tagged.
      return taggedAgentId === null ? [] : [aboutTicket(taggedAgentId, 'l2_tagged', ticketId, null)];
    }
    case 'QueueAlertRaised':
      return event.data.recipients.map((userId) =>
        aboutTickets(userId, 'queue_alert', event.data.tickets, event.data.minutes),
      );
    case 'IdleTicketsFound': {
      const { tickets, leads, hours } = event.data;
      const people = new Set([...leads, ...tickets.map(({ agentId }) => agentId)]);
      return [...people].map((userId) => {
        const ownTickets = leads.includes(userId) ? tickets : tickets.filter((t) => t.agentId === userId);
        return aboutTickets(userId, 'idle_ticket', ownTickets, hours);
      });
    }
    case 'TicketsReturned':
      return event.data.recipients.map((userId) => ({
        ...aboutTickets(userId, 'tickets_returned', event.data.tickets, null),
        actorId: event.data.agentId,
      }));
    case 'BlastCreated':
      return event.data.approvers.map((userId) =>
        withoutTicket(userId, 'blast_waiting', event.data.recipients.length),
      );
    case 'BlastApproved':
      return [withoutTicket(event.data.creatorId, 'blast_approved', 1, actorId)];
    case 'BlastRejected':
      return [withoutTicket(event.data.creatorId, 'blast_rejected', 1, actorId)];
    case 'BlastPaused':
      return event.data.recipients.map((userId) => withoutTicket(userId, 'blast_stopped', 1));
    case 'JobTaken':
    case 'JobRescheduled':
    case 'JobCancelled':
    case 'TechnicianReplaced':
    case 'JobGivenBack':
    case 'NoShowSuspected':
    case 'CheckOutForgotten':
      return jobNotificationsOf(event, actorId);
    case 'TelegramUnlinked':
      return (event.data.recipients ?? []).map((userId) => ({
        ...aboutTickets(userId, 'telegram_lost', [], null),
        actorId: event.data.userId,
        count: 1,
      }));
    case 'InvoiceSubmitted':
      return event.data.approvers.map((userId) => withoutTicket(userId, 'invoice_submitted', 1, actorId));
    case 'InvoiceApproved':
      return [withoutTicket(event.data.draftedBy, 'invoice_approved', 1, actorId)];
    case 'InvoiceRejected':
      return [withoutTicket(event.data.draftedBy, 'invoice_rejected', 1, actorId)];
    case 'InvoiceOverdueFound':
      return event.data.recipients.map((userId) => withoutTicket(userId, 'invoice_overdue', 1));
    case 'StreamParked':
      return event.data.recipients.map((userId) => aboutParked(userId, event.data));
    default:
      return [];
  }
}

const TICKET = /^ticket-([0-9a-f-]{36})$/;

const aboutParked = (userId: string, { view, subject }: Parked): Notification => ({
  userId,
  kind: 'projection_parked',
  ticketId: TICKET.exec(subject)?.[1] ?? null,
  actorId: null,
  count: 1,
  threshold: null,
  parked: { view, subject },
});

function aboutTickets(
  userId: string,
  kind: NotificationKind,
  tickets: readonly { readonly ticketId: string }[],
  threshold: number | null,
): Notification {
  const onlyTicketId = tickets.length === 1 ? (tickets[0]?.ticketId ?? null) : null;
  return {
    userId,
    kind,
    ticketId: onlyTicketId,
    actorId: null,
    count: tickets.length,
    threshold,
    parked: null,
  };
}

/** The text that a person reads, in Indonesian. It names no customer and quotes nobody. */
export function notificationText(
  { kind, count, threshold, parked }: Pick<Notification, 'kind' | 'count' | 'threshold' | 'parked'>,
  actorName: string | null,
): string {
  const by = actorName === null ? '' : ` oleh ${actorName}`;
  switch (kind) {
    case 'ticket_assigned':
      return `Tiket ditugaskan kepada Anda${by}`;
    case 'waiting_ticket_assigned':
      return 'Tiket yang menunggu Anda kini menjadi milik Anda';
    case 'ticket_reassigned_away':
      return `Tiket Anda dipindahkan${by}`;
    case 'ticket_woke':
      return 'Tiket yang Anda tunda kembali ke daftar kerja Anda.';
    case 'ticket_withdrawn':
      return 'Tiket Anda dialihkan karena belum dibalas';
    case 'tickets_returned':
      return `${String(count)} tiket milik ${actorName ?? 'agent yang tidak lagi membalas'} kembali ke antrian`;
    case 'customer_message':
      return count === 1 ? 'Pelanggan mengirim pesan' : `Pelanggan mengirim ${String(count)} pesan`;
    case 'message_failed':
      return 'Pesan Anda tidak terkirim. Buka tiket untuk melihat sebabnya.';
    case 'internal_note':
      return `Catatan internal baru${by}`;
    case 'sa_replied':
      return 'Super Admin ikut membalas';
    case 'l2_tagged':
      return 'Anda ditandai di catatan internal';
    case 'queue_alert':
      return `${String(count)} tiket menunggu lebih dari ${String(threshold ?? 0)} menit`;
    case 'idle_ticket':
      return `${String(count)} tiket tanpa aktivitas lebih dari ${String(threshold ?? 0)} jam`;
    case 'blast_waiting':
      return `Blast untuk ${String(count)} penerima menunggu persetujuan`;
    case 'blast_approved':
      return `Blast Anda disetujui${by}`;
    case 'blast_rejected':
      return `Blast Anda ditolak${by}`;
    case 'blast_stopped':
      return 'Blast dijeda karena kanal menolak pengiriman';
    case 'job_assigned':
      return `Pekerjaan ditugaskan kepada Anda${by}`;
    case 'job_moved':
      return `Jadwal pekerjaan Anda diubah${by}`;
    case 'job_taken_back':
      return 'Pekerjaan tidak lagi menjadi milik Anda';
    case 'job_returned':
      return `Pekerjaan ${actorName ?? 'seorang teknisi'} kembali ke daftar karena ia tidak bertugas`;
    case 'job_no_show':
      return `${actorName ?? 'Teknisi'} belum check-in di jadwal kunjungannya`;
    case 'job_check_out_forgotten':
      return `${actorName ?? 'Teknisi'} belum check-out dari kunjungannya`;
    case 'telegram_lost':
      return `${actorName ?? 'Seorang petugas'} tidak lagi terhubung ke bot Telegram petugas`;
    case 'invoice_submitted':
      return 'Tagihan menunggu persetujuan Anda';
    case 'invoice_approved':
      return `Tagihan Anda disetujui${by}`;
    case 'invoice_rejected':
      return `Tagihan Anda dikembalikan${by}`;
    case 'invoice_overdue':
      return 'Tagihan sudah melewati jatuh tempo';
    case 'projection_parked':
      return (
        `Data ${parked?.subject ?? '?'} tidak dapat dibaca dan ditahan di tampilan ${parked?.view ?? '?'}. ` +
        'Data lain tetap berjalan. Hubungi operator.'
      );
  }
}
