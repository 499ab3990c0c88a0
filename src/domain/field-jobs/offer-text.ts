/** What a technician reads of a job in the staff bot (docs/design/field-service.md#job-offers), in Indonesian. */

/** What may be said of a job before somebody has it: no name, no number, no address, no price. */
export interface OfferedJob {
  /** Of its service. */
  readonly label: string;
  readonly district: string;
  readonly city: string;
  /** ISO 8601. */
  readonly windowFrom: string;
  readonly windowTo: string;
}

/** @param timezone BUSINESS_TIMEZONE @returns '6 Jul 2026, 09.00-12.00' */
export function windowText(
  { windowFrom, windowTo }: Pick<OfferedJob, 'windowFrom' | 'windowTo'>,
  timezone: string,
): string {
  const day = new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeZone: timezone });
  const hour = new Intl.DateTimeFormat('id-ID', { timeStyle: 'short', timeZone: timezone });
  const [from, to] = [new Date(windowFrom), new Date(windowTo)];
  const end = day.format(from) === day.format(to) ? '' : `${day.format(to)} `;
  return `${day.format(from)}, ${hour.format(from)}–${end}${hour.format(to)}`;
}

export const offerText = (job: OfferedJob, timezone: string): string =>
  `Pekerjaan baru: ${job.label}\n${job.district}, ${job.city}\n${windowText(job, timezone)}`;

export const TAKE_BUTTON = 'Ambil';
/** In place of an offer, when it is none any more. */
export const OFFER_OVER = {
  yours: 'Pekerjaan ini milik Anda. Alamat dan pelanggan ada di dashboard.',
  taken: 'Pekerjaan ini sudah diambil teknisi lain.',
  cancelled: 'Pekerjaan ini dibatalkan.',
  moved: 'Jadwal pekerjaan ini berubah.',
} as const;
export type OfferOver = keyof typeof OFFER_OVER;
