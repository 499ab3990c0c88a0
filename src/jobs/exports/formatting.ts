/** Numbers, days and definitions as an Indonesian reader expects them. */
const NUMBER = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 2 });
const DAY = new Intl.DateTimeFormat('id-ID', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const MONTH = new Intl.DateTimeFormat('id-ID', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Shown where there is nothing to divide by. */
const NONE = '–';

export const count = (value: number | null): string => (value === null ? NONE : NUMBER.format(value));
export const formatPercent = (value: number | null): string =>
  value === null ? NONE : `${NUMBER.format(value)}%`;
export const formatRupiah = (value: number | null): string =>
  value === null ? NONE : `Rp ${NUMBER.format(Math.round(value))}`;
export const days = (value: number | null): string =>
  value === null ? NONE : `${NUMBER.format(value)} hari`;
export const minutes = (value: number | null): string =>
  value === null ? NONE : `${NUMBER.format(value)} menit`;

/** '2026-07-01' as '1 Juli 2026'. */
const dayText = (day: string): string => DAY.format(new Date(`${day}T00:00:00Z`));
/** '2026-07' as 'Jul 2026'. */
export const monthText = (month: string): string => MONTH.format(new Date(`${month}-01T00:00:00Z`));

export const periodText = ({ start, end }: { readonly start: string; readonly end: string }): string =>
  start === end ? dayText(start) : `${dayText(start)} – ${dayText(end)}`;

/** '20 November 2026 pukul 14.05 WIB' */
export const localTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('id-ID', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(at);

/** docs/design/api.md#analytics, for the readers of a report. */
export const DEFINITIONS = {
  leads: ['Lead', 'Tiket yang dibuka dalam periode.'],
  valid: ['Lead valid', 'Lead yang pernah mencapai tahap Qualified atau lebih lanjut.'],
  won: ['Won / Lost', 'Tiket yang masuk tahap itu dalam periode; masuk yang terakhir yang dihitung.'],
  closing: ['Closing rate', 'Won dibagi jumlah Won dan Lost.'],
  revenue: ['Pendapatan', 'Jumlah nilai transaksi tiket Won dalam periode.'],
  bot: ['Selesai oleh bot', 'Bagian lead yang diselesaikan bot tanpa pernah ditugaskan kepada agen.'],
  cycle: ['Waktu siklus', 'Rata-rata hari sejak tiket dibuka sampai Won.'],
  pickup: ['Waktu respons', 'Rata-rata menit sejak tiket ditugaskan sampai balasan pertama agen itu.'],
  availability: ['Ketersediaan', 'Menit online dalam jam kerja divisi dibagi menit jam kerja periode.'],
  discount: ['Diskon', 'Jumlah diskon dibagi jumlah penawaran pada tiket Won.'],
  agent: [
    'Angka agen',
    'Semua tiket yang dipegang agen, dari divisi mana pun; jumlahnya dapat berbeda dari angka divisi.',
  ],
  blast: ['Efektivitas blast', 'Penerima yang membalas dalam 72 jam setelah pesan blast.'],
} as const satisfies Record<string, readonly [string, string]>;

export const slaDefinition = (slaMinutes: number): readonly [string, string] => [
  'Kepatuhan SLA',
  `Bagian penugasan yang dibalas dalam ${NUMBER.format(slaMinutes)} menit; yang terlambat dan belum dibalas dihitung gagal.`,
];
export const NONE_MEANS = [NONE, 'Tidak ada data untuk dihitung.'] as const;
/** In a file that was built while the read tables were behind. */
export const BEHIND = 'Perubahan beberapa saat terakhir mungkin belum termasuk.';
