import { Check, CheckCheck, Clock, CircleHelp, TriangleAlert } from 'lucide-react';
import type { Message } from '../lib/api.ts';
import { useNow } from '../lib/dates.ts';

const WORDS: Record<NonNullable<Message['delivery_status']>, string> = {
  queued: 'Menunggu dikirim',
  sent: 'Terkirim',
  delivered: 'Sampai',
  read: 'Dibaca',
  failed: 'Gagal terkirim',
  unknown: 'Belum pasti terkirim',
};

/** A channel confirms within seconds. After that nobody knows whether it arrived, and it is not sent again by itself. */
const CONFIRMED_WITHIN_MS = 60_000;

/** How far a message came: a shape and a word, not a colour alone. @param sentAt ISO 8601 */
export function Delivery({
  status,
  sentAt,
  confirms,
}: {
  readonly status: NonNullable<Message['delivery_status']>;
  readonly sentAt: string;
  /** Whether its channel says what arrived. */
  readonly confirms: boolean;
}) {
  const now = useNow();
  const isOpen = confirms && status === 'sent' && now - Date.parse(sentAt) > CONFIRMED_WITHIN_MS;
  const label = isOpen ? 'Terkirim, belum terkonfirmasi' : WORDS[status];
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
