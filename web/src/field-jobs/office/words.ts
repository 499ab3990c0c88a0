/** Words and days of visits. Days are those of Jakarta, `YYYY-MM-DD`. */
import type { Division } from '../../lib/api.ts';
import { clockOf, dayKey } from '../../lib/dates.ts';
import type { Tone } from '../../ui/badge.tsx';
import type { Job, JobStatus } from './queries.ts';

export const DIVISIONS = ['sari', 'savi', 'safia'] as const satisfies readonly Division[];

export const JOB_STATUS: Record<JobStatus, { readonly word: string; readonly tone: Tone }> = {
  open: { word: 'Terbuka', tone: 'blue' },
  assigned: { word: 'Ditugaskan', tone: 'yellow' },
  in_progress: { word: 'Berjalan', tone: 'teal' },
  done: { word: 'Menunggu diperiksa', tone: 'orange' },
  completed: { word: 'Selesai', tone: 'green' },
  cancelled: { word: 'Dibatalkan', tone: 'grey' },
};

export const DOCUMENT = {
  surat_tugas: 'Surat tugas',
  surat_jalan: 'Surat jalan',
  bast: 'BAST',
  bukti: 'Bukti',
  foto: 'Foto',
} as const satisfies Record<Job['documents'][number]['kind'], string>;
export type DocumentKind = keyof typeof DOCUMENT;
export const DOCUMENT_KINDS = Object.keys(DOCUMENT) as readonly DocumentKind[];

export const VERDICT = {
  in: { word: 'Di lokasi', tone: 'green' },
  out: { word: 'Di luar lokasi', tone: 'red' },
  unsure: { word: 'Lokasi belum pasti', tone: 'orange' },
} as const satisfies Record<NonNullable<Job['arrival']>['verdict'], { word: string; tone: Tone }>;

const LONG = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'UTC',
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
} as const);
const SHORT = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'UTC',
  ...{ weekday: 'short', day: 'numeric', month: 'short' },
} as const);
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** `Jumat, 3 Juli 2026` */
export const longDay = (day: string): string => LONG.format(at(day));
/** `Jum, 3 Jul` */
export const shortDay = (day: string): string => SHORT.format(at(day));
export const dayAfter = (day: string, by: number): string =>
  new Date(at(day) + by * 86_400_000).toISOString().slice(0, 10);
/** Whether a text of an address is a day of a calendar. */
export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(at(text));

/** Jakarta is seven hours ahead all year. */
export const momentAt = (day: string, clock: string): string => `${day}T${clock}:00+07:00`;

/** `09.00–12.00`; with the day where the end is on another. */
export function windowOf({ from, to }: Job['window']): string {
  const end = dayKey(from) === dayKey(to) ? clockOf(to) : `${shortDay(dayKey(to))} ${clockOf(to)}`;
  return `${clockOf(from)}–${end}`;
}

/** As an input of hours and minutes wants it: `09:05`. */
export const inputClock = (moment: string): string => clockOf(moment).replace('.', ':');

/** Metres as one says them: `22 m`, `1,3 km`. */
export const metres = (count: number): string =>
  count < 1_000 ? `${String(count)} m` : `${(count / 1_000).toFixed(1).replace('.', ',')} km`;
