/** Privileges and what the audit says, in words. */
import type { Me, Privilege } from '../../lib/api.ts';

export const PRIVILEGE_GROUPS: readonly {
  readonly title: string;
  readonly privileges: Readonly<Partial<Record<Privilege, string>>>;
}[] = [
  {
    title: 'Inbox dan percakapan',
    privileges: {
      inbox_read: 'Melihat inbox',
      messages_read: 'Membaca percakapan',
      reply: 'Membalas pelanggan',
      reply_as_sa: 'Membalas sebagai Saga Team',
      internal_read: 'Membaca catatan internal',
      internal_write: 'Menulis catatan internal',
    },
  },
  {
    title: 'Tiket',
    privileges: {
      self_takeover: 'Mengambil alih tiket FREE',
      assign: 'Assign dan memindahkan tiket',
      tag: 'Memberi tag',
      crm_update: 'Mengisi CRM',
      ticket_close: 'Menutup tiket',
    },
  },
  {
    title: 'Follow-up dan blast',
    privileges: {
      followup_send: 'Mengirim follow-up',
      blast_create: 'Mengajukan blast',
      blast_approve: 'Menyetujui atau menolak blast',
    },
  },
  {
    title: 'Analitik',
    privileges: {
      analytics_division: 'Melihat analitik divisi',
      analytics_agent: 'Melihat analitik agent',
      export: 'Mengekspor laporan',
    },
  },
  {
    title: 'Tim',
    privileges: {
      presence_self: 'Mengubah status sendiri',
      presence_others: 'Mengubah status agent lain',
      presence_read: 'Melihat status semua agent',
    },
  },
  {
    title: 'Pekerjaan lapangan',
    privileges: {
      job_read: 'Melihat pekerjaan',
      job_create: 'Membuat pekerjaan',
      job_dispatch: 'Menugaskan dan mengganti teknisi',
      job_document: 'Mengunggah surat dan menerima laporan',
      job_pool: 'Melihat pekerjaan yang bisa diambil',
      job_own: 'Mengambil dan melihat pekerjaan sendiri',
      job_report: 'Check-in, check-out, dan melapor',
      capacity_manage: 'Mengatur kuota, keahlian, dan cuti',
      rating_read: 'Melihat penilaian pelanggan',
      invoice_draft: 'Menyusun tagihan',
      invoice_approve: 'Menyetujui atau menolak tagihan',
      invoice_settle: 'Menerbitkan tagihan dan mencatat pembayaran',
    },
  },
  {
    title: 'Administrasi',
    privileges: {
      audit_read: 'Membaca jejak audit dan riwayat tiket',
      manage_users: 'Mengelola pengguna',
      manage_privileges: 'Mengatur hak per peran',
      manage_office_hours: 'Mengatur jam operasional',
      manage_tags: 'Mengelola tag',
      manage_templates: 'Mengelola template',
      manage_faq: 'Mengelola FAQ chatbot',
      dead_letters_read: 'Melihat pesan tak terbaca',
      dead_letters_replay: 'Memproses ulang pesan tak terbaca',
      customers_manage: 'Menambah dan mengubah pelanggan',
      customer_erase: 'Menghapus data pelanggan',
      manage_channels: 'Mengelola kanal dan nomor',
    },
  },
];

const LABELS: Readonly<Partial<Record<Privilege, string>>> = Object.assign(
  {},
  ...PRIVILEGE_GROUPS.map(({ privileges }) => privileges),
) as Partial<Record<Privilege, string>>;

export const privilegeLabel = (privilege: Privilege): string => LABELS[privilege] ?? plain(privilege);

/** A viewer never reads the notes, and a technician sees nothing but jobs (docs/design/api.md#roles-and-privileges). */
export function mayHave(role: Me['role'], privilege: Privilege): boolean {
  if (role === 'viewer') return privilege !== 'internal_read' && privilege !== 'internal_write';
  return role !== 'technician' || ['job_pool', 'job_own', 'job_report'].includes(privilege);
}

/** A name of the API as words: `followup_sent` reads `Followup sent`. */
export const plain = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const NAMED = PRIVILEGE_GROUPS.flatMap(({ privileges }) => Object.keys(privileges) as Privilege[]);

/** In the order of the screens; one that has no words yet is among them, or saving would take it away. */
export const privilegesWith = (...held: readonly (readonly Privilege[])[]): readonly Privilege[] => [
  ...new Set([...NAMED, ...held.flat()]),
];

const FACTS: Readonly<Record<string, string>> = {
  name: 'Nama',
  language: 'Bahasa',
  state: 'Status',
  role: 'Peran',
  division: 'Divisi',
  privileges: 'Hak',
  granted: 'Ditambah',
  revoked: 'Dicabut',
  hours: 'Jam',
  reason: 'Alasan',
  kind: 'Jenis data',
  filters: 'Filter',
  action: 'Tindakan',
  code: 'Jawaban',
  unrecorded: 'Tidak tercatat satu per satu',
  recipients: 'Penerima',
  template_id: 'Template',
  type: 'Jenis',
  report_type: 'Laporan',
  start: 'Dari',
  end: 'Sampai',
  size: 'Ukuran',
  max_active_tickets: 'Tiket aktif paling banyak',
  event_id: 'Event',
  by: 'Oleh',
  service: 'Layanan',
  day: 'Tanggal',
  slots: 'Kuota',
  minutes: 'Menit',
  technician_id: 'Teknisi',
  from: 'Dari',
  to: 'Kepada',
  because: 'Sebab',
  channel: 'Lewat',
  verdict: 'Lokasi',
  late_report: 'Laporan terlambat',
  document: 'Dokumen',
  document_id: 'Dokumen',
  job_id: 'Pekerjaan',
  skills: 'Keahlian',
  max_jobs_per_day: 'Kunjungan paling banyak per hari',
  revision: 'Revisi',
  total: 'Total',
  amount: 'Jumlah',
  withheld: 'Dipotong',
  proposal: 'Usulan harga',
  number: 'Nomor',
  n: 'Urutan',
  year: 'Tahun',
  issued_on: 'Tanggal terbit',
  due_on: 'Jatuh tempo',
  paid_on: 'Dibayar pada',
  nsfp: 'NSFP',
  reminder: 'Pengingat',
  technician: 'Nilai teknisi',
  by_technician: 'Dari perangkat teknisi',
};
export const factWord = (name: string): string => FACTS[name] ?? plain(name);
