import { Check, CheckCheck, Clock, CircleHelp, TriangleAlert } from 'lucide-react';
import type { Message } from '../lib/api.ts';

const WORDS: Record<NonNullable<Message['delivery_status']>, string> = {
  queued: 'Menunggu dikirim',
  sent: 'Terkirim',
  delivered: 'Sampai',
  read: 'Dibaca',
  failed: 'Gagal terkirim',
  unknown: 'Belum pasti terkirim',
};

/** How far a message came: a shape and a word, not a colour alone. */
export function Delivery({ status }: { readonly status: NonNullable<Message['delivery_status']> }) {
  const label = WORDS[status];
  const Icon = {
    queued: Clock,
    sent: Check,
    delivered: CheckCheck,
    read: CheckCheck,
    failed: TriangleAlert,
    unknown: CircleHelp,
  }[status];
  const tone =
    status === 'failed'
      ? 'text-danger'
      : status === 'read'
        ? 'text-accent-ink'
        : status === 'unknown'
          ? 'text-warn'
          : '';
  return (
    <span className={`inline-flex items-center gap-1 ${tone}`} title={label}>
      <Icon className="size-3.5" role="img" aria-label={label} />
      {(status === 'failed' || status === 'unknown') && <span className="font-semibold">{label}</span>}
    </span>
  );
}
