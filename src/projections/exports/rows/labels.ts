/** The labels of codes in exports, in Indonesian. */
export const DIVISION_NAMES = { sari: 'Sari', savi: 'Savi', safia: 'Safia', all: 'Semua divisi' } as const;

export const CHANNEL_NAMES = {
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  instagram: 'Instagram',
  facebook: 'Facebook',
  web: 'Web',
} as const;

export const STATUS_NAMES = {
  new: 'Baru',
  in_progress: 'Sedang ditangani',
  awaiting_response: 'Menunggu balasan',
  closed: 'Ditutup',
} as const;

export const REASON_NAMES = {
  price: 'Harga',
  competitor: 'Kompetitor',
  cancelled_plan: 'Batal rencana',
  no_response: 'Tidak merespons',
  out_of_coverage: 'Di luar jangkauan',
  schedule: 'Jadwal',
  other: 'Lainnya',
} as const;

export const CUSTOMER_TYPE_NAMES = { individual: 'Perorangan', company: 'Perusahaan' } as const;
