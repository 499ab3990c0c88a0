/** Words of the filters, which the first load does without. */
import type { Ticket } from '../../lib/api.ts';
import type { FilterName } from './desk-search.ts';

export const FILTER_NAME: Record<FilterName, string> = {
  division: 'Divisi',
  status: 'Status',
  queue_status: 'Antrian',
  channel: 'Channel',
  crm_stage: 'Tahap CRM',
  assigned_to: 'Ditangani oleh',
  tag: 'Tag',
};

export const QUEUE: Record<NonNullable<Ticket['queue_status']>, string> = {
  free: 'Bot aktif (FREE)',
  queued: 'Antrian',
  assigned: 'Ditangani',
  off_hours: 'Di luar jam kerja',
};

/** What a list of tickets says that has none. */
export const EMPTY = {
  mine: ['Tidak ada tiket Anda', 'Tiket yang Anda ambil atau terima muncul di sini.'],
  waiting: ['Tidak ada yang menunggu', 'Pelanggan lama yang kembali kepada Anda muncul di sini.'],
  free: ['Tidak ada percakapan bot', 'Percakapan yang masih ditangani bot muncul di sini.'],
  queue: ['Antrian kosong', 'Semua pelanggan yang meminta agent sudah ditangani.'],
  all: ['Belum ada tiket', 'Percakapan baru dari semua channel muncul di sini.'],
  snoozed: ['Tidak ada yang ditunda', 'Tiket yang Anda tunda muncul di sini sampai waktunya.'],
  filtered: ['Tidak ada yang cocok', 'Ubah atau hapus filter untuk melihat lebih banyak.'],
} as const;
