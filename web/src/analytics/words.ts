/** The words of the figures; they are loaded with these screens and not before (docs/design/dashboard.md#words-and-numbers). */
import type { Schemas } from '../lib/api.ts';
import type { Span } from './periods.ts';

export const SPAN: Record<Span, string> = {
  day: 'Harian',
  week: 'Mingguan',
  month: 'Bulanan',
  custom: 'Custom',
};

export type LostReason = NonNullable<Schemas['Crm']['lost_reason']>;
export const LOST_REASON: Record<LostReason, string> = {
  price: 'Harga',
  competitor: 'Pilih kompetitor',
  cancelled_plan: 'Batal kirim',
  no_response: 'Tidak ada respons',
  out_of_coverage: 'Di luar jangkauan',
  schedule: 'Jadwal tidak cocok',
  other: 'Lainnya',
};

export const CATEGORIES = ['PANAS', 'HANGAT', 'DINGIN'] as const;

/** The share of the service level under which an agent is marked (dashboard-prd 3.7). */
export const SLA_WANTED_PCT = 80;
