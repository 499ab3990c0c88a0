/** What happened to a ticket, in words. */
import type { Schemas } from '../lib/api.ts';
import { ROLE } from '../lib/id.ts';

export type HistoryEvent = Schemas['HistoryEvent'];

const EVENTS: Readonly<Record<string, string>> = {
  TicketOpened: 'Tiket dibuka',
  TicketContactChanged: 'Kontak pelanggan berubah',
  TicketOffersChanged: 'Izin promosi berubah',
  TicketAssigned: 'Di-assign',
  TicketReassigned: 'Dipindahkan ke agent lain',
  TicketTakenOver: 'Diambil alih',
  TicketQueued: 'Masuk antrian',
  TicketReleased: 'Dilepas',
  TicketWithdrawn: 'Ditarik karena belum dibalas',
  TicketSnoozed: 'Ditunda',
  TicketWoken: 'Muncul lagi',
  TicketTagged: 'Tag ditambah',
  TicketUntagged: 'Tag dihapus',
  TicketRead: 'Dibaca agent',
  TicketClosed: 'Ditutup',
  TicketReopened: 'Dibuka lagi',
  HandoffRequested: 'Pelanggan diserahkan bot',
  LeadDetected: 'Data terdeteksi oleh bot',
  QueueNoticePosted: 'Pemberitahuan antrian dikirim',
  RegistrationReplyPosted: 'Jawaban pendaftaran dikirim',
  TranscriptLinkPosted: 'Tautan transkrip dikirim',
  MessageReceived: 'Pesan pelanggan',
  BotReplied: 'Jawaban bot',
  AgentReplied: 'Balasan agent',
  TeamReplied: 'Balasan Saga Team',
  RepliedElsewhere: 'Dibalas dari aplikasi lain',
  BlastMessagePosted: 'Pesan blast',
  FollowUpSent: 'Follow-up dikirim',
  InternalNotePosted: 'Catatan internal',
  CrmUpdated: 'CRM diubah',
  DeliveryAttempted: 'Pengiriman dicoba',
  DeliveryAccepted: 'Pengiriman diterima channel',
  DeliveryDeferred: 'Pengiriman ditunda',
  DeliveryFailed: 'Pengiriman gagal',
  DeliveryLeftUnknown: 'Pengiriman belum pasti',
  DeliveryReported: 'Laporan pengiriman',
  AttachmentStored: 'Lampiran disimpan',
  AttachmentRefused: 'Lampiran ditolak',
  AttachmentDeferred: 'Lampiran ditunda',
};

/** `TicketMerged` reads `Ticket merged`, until it has words. */
const plain = (type: string): string => {
  const words = type.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words;
};

export const eventWord = ({ type }: HistoryEvent): string => EVENTS[type] ?? plain(type);

const KINDS = {
  user: 'Pengguna',
  customer: 'Pelanggan',
  bot: 'Bot',
  system: 'Sistem',
  unknown: 'Tidak diketahui',
} as const;

/** Who did it, with the role they had then. */
export function whoOf({ actor, actor_kind: kind, actor_role: role }: HistoryEvent): string {
  const word = role === null ? undefined : (ROLE as Readonly<Record<string, string>>)[role];
  const name = actor?.name ?? KINDS[kind];
  return word === undefined || actor === null ? name : `${name} (${word})`;
}

/** The steps of a delivery change nothing that the slider stops at. */
export const isStep = ({ type }: HistoryEvent): boolean =>
  type.startsWith('Delivery') || type === 'TicketRead';

/** The words of a message or a note, where the reader may have them. */
export function saidIn({ data }: HistoryEvent): string | null {
  for (const name of ['text', 'content', 'body', 'message']) {
    const value = data[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
