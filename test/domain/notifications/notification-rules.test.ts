import { expect } from 'chai';
import type { DomainEvent, Recorded } from '../../../src/domain/codec.ts';
import type { EventOf } from '../../../src/domain/event.ts';
import type { InvoiceApproved } from '../../../src/domain/invoices/invoice.ts';
import {
  NOTIFICATION_KINDS,
  type NotificationKind,
} from '../../../src/domain/notifications/notification-kinds.ts';
import {
  LAYERS,
  notificationsOf,
  notificationText,
  NOTIFYING_STREAMS,
} from '../../../src/domain/notifications/notification-rules.ts';
import { approved, created, paused, rejected } from '../../support/scenarios/blast-events.ts';
import { wrote } from '../../support/scenarios/conversation-events.ts';
import {
  approved as approvedInvoice,
  REF,
  submitted,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { ani, budi, dian, rina, tono, uuidOf } from '../../support/scenarios/people.ts';
import { assigned, opened, reassigned, reopened, TICKET } from '../../support/scenarios/ticket-events.ts';

const about = { ticketId: TICKET, division: 'sari' } as const;
/** As `id ticket kind actor count threshold`, what is null left out. */
const notified = (event: DomainEvent, by: typeof ani | null = rina): string[] => {
  const actor =
    by === null
      ? { kind: 'system', process: 'routing' }
      : { kind: 'user', id: by.id, role: by.role, division: by.division };
  return notificationsOf({ ...event, metadata: { actor } } as Recorded).map(
    ({ userId, kind, ticketId, actorId, count, threshold }) =>
      [
        nameOf(userId),
        kind,
        ticketId && nameOf(ticketId),
        actorId && `by ${nameOf(actorId)}`,
        count,
        threshold,
      ]
        .filter((one) => one !== null)
        .join(' '),
  );
};
const NAMES = new Map([
  [ani.id, 'ani'],
  [budi.id, 'budi'],
  [tono.id, 'tono'],
  [rina.id, 'rina'],
  [TICKET, 'ticket'],
]);
const nameOf = (id: string): string => NAMES.get(id) ?? id;

describe('who is notified of what', () => {
  it('the agent who is given a ticket', () => {
    expect(notified(assigned(ani, 'bot'))).to.deep.equal(['ani ticket_assigned ticket by rina 1']);
    expect(notified(assigned(ani, 'queue'), null)).to.deep.equal(['ani ticket_assigned ticket 1']);
    expect(notified(reopened(ani.id))).to.deep.equal(['ani ticket_assigned ticket by rina 1']);
    expect(notified(reopened())).to.deep.equal([]);
  });
  it('the agent that a returning customer waited for, in other words', () => {
    const routed = (rule: 'returning_customer' | 'fewest_tickets'): DomainEvent => {
      const event = assigned(ani, 'queue');
      return { ...event, data: { ...event.data, reason: { rule, load: 0, online: 1 } } } as DomainEvent;
    };
    expect(notified(routed('returning_customer'), null)).to.deep.equal([
      'ani waiting_ticket_assigned ticket 1',
    ]);
    expect(notified(routed('fewest_tickets'), null)).to.deep.equal(['ani ticket_assigned ticket 1']);
  });
  it('both agents when a ticket moves between them', () =>
    expect(notified(reassigned(ani, budi))).to.deep.equal([
      'ani ticket_reassigned_away ticket by rina 1',
      'budi ticket_assigned ticket by rina 1',
    ]));
  it('the agent whose ticket was withdrawn', () =>
    expect(notified({ type: 'TicketWithdrawn', data: { ...about, agentId: ani.id } }, null)).to.deep.equal([
      'ani ticket_withdrawn ticket 1',
    ]));
  it('the agent in whose ticket a super admin answered', () => {
    const replied = (notifiedAgentId: string | null): DomainEvent => ({
      type: 'TeamReplied',
      data: {
        ...about,
        messageId: uuidOf(7),
        content: 'Halo',
        sentAt: '2026-07-03T10:30:00.000Z',
        senderId: rina.id,
        displayName: 'Saga Team',
        notifiedAgentId,
      },
    });
    expect(notified(replied(ani.id))).to.deep.equal(['ani sa_replied ticket 1']);
    expect(notified(replied(null))).to.deep.equal([]);
  });
  it('the person that an internal note tags, without a word of the note', () => {
    const note = (taggedAgentId: string | null): DomainEvent => ({
      type: 'InternalNotePosted',
      data: { ...about, noteId: uuidOf(7), senderId: rina.id, content: 'rahasia', taggedAgentId },
    });
    expect(notified(note(ani.id))).to.deep.equal(['ani l2_tagged ticket 1']);
    expect(notified(note(null))).to.deep.equal([]);
  });
  it('the leads of tickets that wait: of one by its id, of several by their number', () => {
    const alert = (count: number): DomainEvent => ({
      type: 'QueueAlertRaised',
      data: {
        minutes: 5,
        tickets: Array.from({ length: count }, () => ({ ...about, episode: 'e' })),
        recipients: [tono.id, rina.id],
      },
    });
    expect(notified(alert(1), null)).to.deep.equal([
      'tono queue_alert ticket 1 5',
      'rina queue_alert ticket 1 5',
    ]);
    expect(notified(alert(2), null)).to.deep.equal(['tono queue_alert 2 5', 'rina queue_alert 2 5']);
  });
  it('leads of all idle tickets, agents of their own, each person once', () => {
    const found = (...agents: (typeof ani)[]): DomainEvent => ({
      type: 'IdleTicketsFound',
      data: {
        hours: 4,
        tickets: agents.map((agent) => ({ ...about, agentId: agent.id, episode: 'e' })),
        leads: [tono.id],
      },
    });
    expect(notified(found(ani, budi, ani), null)).to.deep.equal([
      'tono idle_ticket 3 4',
      'ani idle_ticket 2 4',
      'budi idle_ticket ticket 1 4',
    ]);
    expect(notified(found(tono, ani), null)).to.deep.equal([
      'tono idle_ticket 2 4',
      'ani idle_ticket ticket 1 4',
    ]);
  });
  it('super admins of what a view holds back: with the ticket, where it is one', () => {
    const parked = (subject: string): DomainEvent => ({
      type: 'StreamParked',
      data: { view: 'inbox', subject, recipients: [rina.id] },
    });
    expect(notified(parked(`ticket-${about.ticketId}`), null)).to.deep.equal([
      'rina projection_parked ticket 1',
    ]);
    expect(notified(parked('customer-7'), null)).to.deep.equal(['rina projection_parked 1']);
    const freed = { view: 'inbox', subject: 'customer-7', noticeId: uuidOf(7), recipients: [rina.id] };
    expect(notified({ type: 'ParkedStreamFreed', data: freed }, null)).to.deep.equal([]);
  });
  it('the approvers of a new blast, and its creator of what became of it', () => {
    expect(notified(created(), ani)).to.deep.equal(['tono blast_waiting 2', 'rina blast_waiting 2']);
    expect(notified(approved())).to.deep.equal(['ani blast_approved by rina 1']);
    expect(notified(rejected())).to.deep.equal(['ani blast_rejected by rina 1']);
    expect(notified(paused(null, '131042'), null)).to.deep.equal([
      'ani blast_stopped 1',
      'tono blast_stopped 1',
      'rina blast_stopped 1',
    ]);
    expect(notified(paused(tono), tono)).to.deep.equal([]);
  });
  it('who may approve an invoice, who drafted it, and who settles it when it is overdue', () => {
    expect(notified(submitted([tono.id]), dian)).to.deep.equal([`tono invoice_submitted by ${dian.id} 1`]);
    expect(notified(approvedInvoice(rina.id))).to.deep.equal([`${dian.id} invoice_approved by rina 1`]);
    const { data } = approvedInvoice(rina.id) as EventOf<typeof InvoiceApproved>;
    const sentBack = {
      type: 'InvoiceRejected',
      data: { ...data, reason: 'Terlalu murah', proposal: null },
    } as const;
    expect(notified(sentBack)).to.deep.equal([`${dian.id} invoice_rejected by rina 1`]);
    const overdue = { ...REF, dueOn: '2026-07-17', recipients: [tono.id] };
    expect(notified({ type: 'InvoiceOverdueFound', data: overdue }, null)).to.deep.equal([
      'tono invoice_overdue 1',
    ]);
  });
  it('nobody of what they did themselves, and nobody of anything else', () => {
    expect(notified(assigned(ani, 'bot'), ani)).to.deep.equal([]);
    expect(notified(reassigned(ani, budi), ani)).to.deep.equal(['budi ticket_assigned ticket by ani 1']);
    expect(notified(wrote(), null)).to.deep.equal([]);
    expect(notified(opened(), null)).to.deep.equal([]);
  });
});

describe('the words of a notification', () => {
  const text = (kind: NotificationKind, actor: string | null = null, threshold: number | null = 5) =>
    notificationText({ kind, count: 3, threshold, parked: { view: 'inbox', subject: 'ticket-7' } }, actor);
  const TEXTS: Readonly<Record<NotificationKind, readonly [alone: string, byRina: string]>> = {
    ticket_assigned: ['Tiket ditugaskan kepada Anda', 'Tiket ditugaskan kepada Anda oleh Rina'],
    waiting_ticket_assigned: [
      'Tiket yang menunggu Anda kini menjadi milik Anda',
      'Tiket yang menunggu Anda kini menjadi milik Anda',
    ],
    ticket_reassigned_away: ['Tiket Anda dipindahkan', 'Tiket Anda dipindahkan oleh Rina'],
    invoice_submitted: ['Tagihan menunggu persetujuan Anda', 'Tagihan menunggu persetujuan Anda'],
    invoice_approved: ['Tagihan Anda disetujui', 'Tagihan Anda disetujui oleh Rina'],
    invoice_rejected: ['Tagihan Anda dikembalikan', 'Tagihan Anda dikembalikan oleh Rina'],
    invoice_overdue: ['Tagihan sudah melewati jatuh tempo', 'Tagihan sudah melewati jatuh tempo'],
    projection_parked: [
      'Data ticket-7 tidak dapat dibaca dan ditahan di tampilan inbox. Data lain tetap berjalan. Hubungi operator.',
      'Data ticket-7 tidak dapat dibaca dan ditahan di tampilan inbox. Data lain tetap berjalan. Hubungi operator.',
    ],
    telegram_lost: [
      'Seorang petugas tidak lagi terhubung ke bot Telegram petugas',
      'Rina tidak lagi terhubung ke bot Telegram petugas',
    ],
    ticket_woke: [
      'Tiket yang Anda tunda kembali ke daftar kerja Anda.',
      'Tiket yang Anda tunda kembali ke daftar kerja Anda.',
    ],
    ticket_withdrawn: [
      'Tiket Anda dialihkan karena belum dibalas',
      'Tiket Anda dialihkan karena belum dibalas',
    ],
    tickets_returned: [
      '3 tiket milik agent yang tidak lagi membalas kembali ke antrian',
      '3 tiket milik Rina kembali ke antrian',
    ],
    job_assigned: ['Pekerjaan ditugaskan kepada Anda', 'Pekerjaan ditugaskan kepada Anda oleh Rina'],
    job_moved: ['Jadwal pekerjaan Anda diubah', 'Jadwal pekerjaan Anda diubah oleh Rina'],
    job_taken_back: ['Pekerjaan tidak lagi menjadi milik Anda', 'Pekerjaan tidak lagi menjadi milik Anda'],
    job_returned: [
      'Pekerjaan seorang teknisi kembali ke daftar karena ia tidak bertugas',
      'Pekerjaan Rina kembali ke daftar karena ia tidak bertugas',
    ],
    job_no_show: [
      'Teknisi belum check-in di jadwal kunjungannya',
      'Rina belum check-in di jadwal kunjungannya',
    ],
    job_check_out_forgotten: [
      'Teknisi belum check-out dari kunjungannya',
      'Rina belum check-out dari kunjungannya',
    ],
    customer_message: ['Pelanggan mengirim 3 pesan', 'Pelanggan mengirim 3 pesan'],
    message_failed: [
      'Pesan Anda tidak terkirim. Buka tiket untuk melihat sebabnya.',
      'Pesan Anda tidak terkirim. Buka tiket untuk melihat sebabnya.',
    ],
    internal_note: ['Catatan internal baru', 'Catatan internal baru oleh Rina'],
    sa_replied: ['Super Admin ikut membalas', 'Super Admin ikut membalas'],
    l2_tagged: ['Anda ditandai di catatan internal', 'Anda ditandai di catatan internal'],
    queue_alert: ['3 tiket menunggu lebih dari 5 menit', '3 tiket menunggu lebih dari 5 menit'],
    idle_ticket: ['3 tiket tanpa aktivitas lebih dari 5 jam', '3 tiket tanpa aktivitas lebih dari 5 jam'],
    blast_waiting: [
      'Blast untuk 3 penerima menunggu persetujuan',
      'Blast untuk 3 penerima menunggu persetujuan',
    ],
    blast_approved: ['Blast Anda disetujui', 'Blast Anda disetujui oleh Rina'],
    blast_rejected: ['Blast Anda ditolak', 'Blast Anda ditolak oleh Rina'],
    blast_stopped: [
      'Blast dijeda karena kanal menolak pengiriman',
      'Blast dijeda karena kanal menolak pengiriman',
    ],
  };
  it('are Indonesian, and name the person who did it where that matters', () => {
    for (const kind of NOTIFICATION_KINDS)
      expect([text(kind), text(kind, 'Rina')], kind).to.deep.equal(TEXTS[kind]);
  });
  it('have a number where the threshold is not known', () => {
    expect(text('queue_alert', null, null)).to.equal('3 tiket menunggu lebih dari 0 menit');
    expect(text('idle_ticket', null, null)).to.equal('3 tiket tanpa aktivitas lebih dari 0 jam');
  });
  it('speak of L1, of L2, or of neither', () => {
    expect(NOTIFICATION_KINDS.filter((kind) => LAYERS[kind] === 'L1')).to.deep.equal([
      'customer_message',
      'message_failed',
      'sa_replied',
    ]);
    expect(NOTIFICATION_KINDS.filter((kind) => LAYERS[kind] === 'L2')).to.deep.equal([
      'internal_note',
      'l2_tagged',
    ]);
    expect(Object.keys(LAYERS)).to.deep.equal([...NOTIFICATION_KINDS]);
  });
  it('come of these kinds of streams', () =>
    expect(NOTIFYING_STREAMS).to.deep.equal([
      'ticket-',
      'conversation-',
      'internal-',
      'delivery-',
      'alerts-',
      'blast-',
      'job-',
      'user-',
      'invoice-',
    ]));
});
