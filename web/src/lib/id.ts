/** Every word of the dashboard that is not the API's (docs/design/dashboard.md#words-and-numbers). */
import type { Channel, Division, Ticket } from './api.ts';

export const DIVISION: Record<Division | 'all', string> = {
  sari: 'SARI',
  savi: 'SAVI',
  safia: 'SAFIA',
  all: 'Semua divisi',
};
export const CHANNEL: Record<Channel, string> = {
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  instagram: 'Instagram',
  facebook: 'Messenger',
  web: 'Web chat',
};
export const STATUS: Record<Ticket['status'], string> = {
  new: 'NEW',
  in_progress: 'IN PROGRESS',
  awaiting_response: 'AWAITING RESPONSE',
  closed: 'CLOSED',
};
export const ROLE = {
  super_admin: 'Super Admin',
  team_lead: 'Team Lead',
  sales_agent: 'Sales Agent',
  dispatcher: 'Dispatcher',
  technician: 'Teknisi',
  viewer: 'Viewer',
} as const;
export const STAGES = ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'] as const;

export const t = {
  app: 'Saga',
  skip: 'Lompat ke isi',
  close: 'Tutup',
  cancel: 'Batal',
  save: 'Simpan',
  retry: 'Coba lagi',
  loading: 'Memuat…',
  more: 'Muat lebih banyak',
  unknownCustomer: 'Tanpa nama',
  presence: {
    online: 'Online',
    offline: 'Offline',
    label: 'Status Anda',
    nowOnline: 'Anda Online dan siap menerima tiket.',
    nowOffline: 'Anda Offline.',
  },
  nav: {
    inbox: 'Inbox',
    customers: 'Pelanggan',
    followUp: 'Follow-Up',
    supervisor: 'Supervisor',
    analytics: 'Analitik',
    notifications: 'Notifikasi',
    main: 'Menu utama',
  },
  inbox: {
    title: 'Inbox',
    search: 'Cari nama atau nomor',
    tabs: {
      mine: 'Milik saya',
      waiting: 'Menunggu saya',
      free: 'FREE',
      queue: 'Antrian',
      all: 'Semua',
      snoozed: 'Ditunda',
    },
    filters: 'Filter',
    updates: (n: number) => `${String(n)} pembaruan`,
    choose: 'Pilih percakapan',
    chooseHint:
      'Pilih tiket di daftar untuk membaca dan membalas. Tekan j atau k untuk berpindah, ? untuk semua pintasan.',
    waitingFor: (name: string) => `Menunggu Agent ${name}`,
    nobody: 'Belum ada agent',
    bot: 'Bot: ',
  },
  errors: { title: 'Belum bisa dimuat', home: 'Ke halaman utama' },
};
