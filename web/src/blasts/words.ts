/** The words of blasts (docs/design/dashboard.md#words-and-numbers). */
import { countBy } from '../lib/collections.ts';
import type { Tone } from '../ui/badge.tsx';
import type { Blast, BlastPreview, Recipient } from './queries.ts';

export const BLAST_STATUS: Record<Blast['status'], { readonly name: string; readonly tone: Tone }> = {
  pending: { name: 'Menunggu Persetujuan', tone: 'orange' },
  approved: { name: 'Disetujui', tone: 'teal' },
  sending: { name: 'Sedang Dikirim', tone: 'blue' },
  paused: { name: 'Dijeda', tone: 'yellow' },
  rejected: { name: 'Ditolak', tone: 'red' },
  cancelled: { name: 'Dibatalkan', tone: 'grey' },
  done: { name: 'Selesai', tone: 'green' },
};

export const RECIPIENT_STATUS: Record<Recipient['status'], { readonly name: string; readonly tone: Tone }> = {
  planned: { name: 'Menunggu', tone: 'grey' },
  attempted: { name: 'Sedang dikirim', tone: 'blue' },
  deferred: { name: 'Ditunda', tone: 'yellow' },
  accepted: { name: 'Terkirim', tone: 'teal' },
  delivered: { name: 'Sampai', tone: 'teal' },
  read: { name: 'Dibaca', tone: 'teal' },
  responded: { name: 'Merespons', tone: 'green' },
  failed: { name: 'Gagal', tone: 'red' },
  unknown: { name: 'Belum pasti', tone: 'orange' },
  skipped: { name: 'Dilewati', tone: 'grey' },
};

/** Why somebody was left out. A reason that the channel gave stays in its own words. */
const SKIPPED: Readonly<Record<string, string>> = {
  opted_out: 'Tidak mau dihubungi',
  window_closed: 'Jendela 24 jam tertutup dan template tidak dikenal WhatsApp',
  no_recipient: 'Tidak ada alamat untuk dikirimi',
};
export const reasonOf = (reason: string): string => SKIPPED[reason] ?? reason;

/** Why the API would leave somebody out. */
export const SKIPPED_NOW = {
  never_wrote: 'belum pernah menulis',
  same_customer: 'pelanggan yang sama',
  opted_out: 'tidak mau dihubungi',
  window_closed: 'di luar 24 jam, template tanpa nama WhatsApp',
} as const;

/** Whatever is written in the end, these get none. */
const NEVER = ['never_wrote', 'same_customer', 'opted_out'] as const;

/** How many a filter reaches, before there is a message. @returns `left`: who is left out in any case, and why */
export function reachedOf({ total, skipped }: Pick<BlastPreview, 'total' | 'skipped'>) {
  const reasons = countBy(skipped, ({ reason }) => reason);
  const left = NEVER.flatMap((reason) => {
    const count = reasons.get(reason) ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  });
  return { reached: total - left.reduce((sum, { count }) => sum + count, 0), left };
}
