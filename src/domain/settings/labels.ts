/** The closed lists of the product as people read them (docs/design/api.md#meta). A word without a label does not compile. */
import type { LOST_REASONS } from '../crm/fields.ts';
import type { NotificationKind } from '../notifications/notification-kinds.ts';
import type {
  Channel,
  CRM_STAGES,
  DeliveryStatus,
  Division,
  PRESENCES,
  QueueLabel,
  QueueStatus,
  Role,
  TICKET_STATUSES,
} from '../vocabulary.ts';

type Labels<Word extends string> = Readonly<Record<Word, string>>;

export const LABELS = {
  division: { sari: 'Saga Kargo', savi: 'Saga Mobil', safia: 'Sagamovers' } satisfies Labels<Division>,
  role: {
    super_admin: 'Super Admin',
    team_lead: 'Team Lead',
    sales_agent: 'Sales Agent',
    dispatcher: 'Dispatcher',
    technician: 'Teknisi',
    viewer: 'Viewer',
  } satisfies Labels<Role>,
  channel: {
    whatsapp: 'WhatsApp',
    telegram: 'Telegram',
    instagram: 'Instagram',
    facebook: 'Messenger',
    web: 'Chat web',
  } satisfies Labels<Channel>,
  ticket_status: {
    new: 'Baru',
    in_progress: 'Sedang ditangani',
    awaiting_response: 'Menunggu pelanggan',
    closed: 'Selesai',
  } satisfies Labels<(typeof TICKET_STATUSES)[number]>,
  queue_status: {
    free: 'Ditangani bot',
    queued: 'Dalam antrian',
    assigned: 'Ditugaskan',
    off_hours: 'Di luar jam kerja',
  } satisfies Labels<QueueStatus>,
  queue_label: {
    returning_customer: 'Pelanggan lama',
    waiting_agent: 'Menunggu agent',
    off_hours: 'Di luar jam kerja',
  } satisfies Labels<QueueLabel>,
  crm_stage: {
    Lead: 'Lead',
    Qualified: 'Qualified',
    Proposal: 'Proposal',
    Won: 'Menang',
    Lost: 'Kalah',
  } satisfies Labels<(typeof CRM_STAGES)[number]>,
  lost_reason: {
    price: 'Harga',
    competitor: 'Pilih kompetitor',
    cancelled_plan: 'Batal kirim',
    no_response: 'Tidak ada respons',
    out_of_coverage: 'Di luar jangkauan',
    schedule: 'Jadwal tidak cocok',
    other: 'Lainnya',
  } satisfies Labels<(typeof LOST_REASONS)[number]>,
  customer_type: { individual: 'Perorangan', company: 'Perusahaan' } satisfies Labels<
    'individual' | 'company'
  >,
  presence: { online: 'Online', offline: 'Offline' } satisfies Labels<(typeof PRESENCES)[number]>,
  delivery_status: {
    queued: 'Menunggu dikirim',
    sent: 'Terkirim',
    delivered: 'Sampai',
    read: 'Dibaca',
    failed: 'Gagal',
    unknown: 'Belum pasti',
  } satisfies Labels<DeliveryStatus>,
  notification_kind: {
    ticket_assigned: 'Tiket ditugaskan',
    waiting_ticket_assigned: 'Tiket yang menunggu Anda',
    ticket_reassigned_away: 'Tiket dipindahkan',
    ticket_withdrawn: 'Tiket dialihkan',
    ticket_woke: 'Tiket yang ditunda kembali',
    tickets_returned: 'Tiket kembali ke antrian',
    telegram_lost: 'Petugas tidak terhubung ke Telegram',
    customer_message: 'Pesan pelanggan',
    message_failed: 'Pesan tidak terkirim',
    internal_note: 'Catatan internal',
    sa_replied: 'Super Admin membalas',
    l2_tagged: 'Ditandai di catatan internal',
    queue_alert: 'Antrian terlalu lama',
    idle_ticket: 'Tiket tanpa aktivitas',
    blast_waiting: 'Blast menunggu persetujuan',
    blast_approved: 'Blast disetujui',
    blast_rejected: 'Blast ditolak',
    blast_stopped: 'Blast berhenti',
    job_assigned: 'Pekerjaan ditugaskan kepada Anda',
    job_moved: 'Jadwal pekerjaan diubah',
    job_taken_back: 'Pekerjaan tidak lagi milik Anda',
    job_returned: 'Pekerjaan kembali ke daftar',
    job_no_show: 'Teknisi belum datang',
    job_check_out_forgotten: 'Teknisi belum check-out',
    invoice_submitted: 'Tagihan menunggu persetujuan',
    invoice_approved: 'Tagihan disetujui',
    invoice_rejected: 'Tagihan dikembalikan',
    invoice_overdue: 'Tagihan lewat jatuh tempo',
    projection_parked: 'Data ditahan',
  } satisfies Labels<NotificationKind>,
} as const;

export type LabelledList = keyof typeof LABELS;
