/** Sentences that depend on what the desk says. All else stands where it is shown. */
import type { DeskStatus } from './wire.ts';

const time = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta',
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
});
const clock = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta',
  hour: '2-digit',
  minute: '2-digit',
});

/** @param at ISO 8601 @returns `09.41` */
export const clockOf = (at: string): string => clock.format(new Date(at));

type Minutes = readonly [number, number] | null;

export const minutes = (eta: Minutes): string =>
  eta === null ? '' : `${String(eta[0])}–${String(eta[1])} menit`;

/** Beside the dot in the header. */
export function statusLine({ state, eta_minutes: eta }: DeskStatus): string {
  if (state === 'off_hours') return 'Di luar jam layanan';
  if (state === 'online') return 'Admin online';
  return eta === null ? 'Admin sedang sibuk' : `Estimasi ${minutes(eta)}`;
}

/** Before one asks for a person. */
export function promise({ state, eta_minutes: eta, next_open_at: next }: DeskStatus): string {
  if (state === 'off_hours')
    return `Tim kami offline. Tinggalkan kontak, kami hubungi ${next === null ? 'pada hari kerja berikutnya' : `saat buka lagi, ${time.format(new Date(next))} WIB`}.`;
  return eta === null
    ? 'Admin membalas di sini sesuai urutan. Ingin lanjut di sini atau via WhatsApp?'
    : `Admin rata-rata membalas dalam ${minutes(eta)}. Ingin lanjut di sini atau via WhatsApp?`;
}

export const waiting = (position: number | null, eta: Minutes): string =>
  [
    'Menunggu Admin',
    position === null ? '' : `antrean ke-${String(position)}`,
    eta === null ? '' : `sekitar ${minutes(eta)}`,
  ]
    .filter(Boolean)
    .join(' · ');
