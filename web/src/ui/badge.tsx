import type { ReactNode } from 'react';
import type { Ticket } from '../lib/api.ts';
import { STATUS } from '../lib/id.ts';
import { cx } from './classes.ts';

export type Tone = 'blue' | 'yellow' | 'orange' | 'grey' | 'green' | 'red' | 'violet' | 'teal';

const TONES: Record<Tone, string> = {
  blue: 'bg-blue-soft text-blue',
  yellow: 'bg-yellow-soft text-yellow',
  orange: 'bg-orange-soft text-orange',
  grey: 'bg-grey-soft text-soft',
  green: 'bg-good-soft text-good',
  red: 'bg-danger-soft text-danger',
  violet: 'bg-note-soft text-note-ink',
  teal: 'bg-accent-soft text-accent-ink',
};

export function Badge({
  tone,
  children,
  title,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1 truncate rounded-md px-1.5 text-[11px] leading-5 font-semibold tracking-wide',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

const STATUS_TONE: Record<Ticket['status'], Tone> = {
  new: 'blue',
  in_progress: 'yellow',
  awaiting_response: 'orange',
  closed: 'grey',
};

/** The seed's words and colours (docs/design/dashboard.md#badges). */
export function StatusBadge({ status }: { readonly status: Ticket['status'] }) {
  return <Badge tone={STATUS_TONE[status]}>{STATUS[status]}</Badge>;
}

type Flags = Pick<
  Ticket,
  'queue_status' | 'is_returning_customer' | 'is_off_hours' | 'is_idle' | 'opted_out'
>;

export function FlagBadges({ ticket }: { readonly ticket: Flags }) {
  return (
    <>
      {ticket.queue_status === 'free' && (
        <Badge tone="teal" title="Bot aktif, belum ada agent">
          FREE
        </Badge>
      )}
      {ticket.is_returning_customer && (
        <Badge tone="violet" title="Pelanggan kembali">
          RETURNING
        </Badge>
      )}
      {ticket.is_off_hours && (
        <Badge tone="grey" title="Masuk di luar jam operasional">
          OFF HOURS
        </Badge>
      )}
      {ticket.is_idle && (
        <Badge tone="red" title="Tidak ada aktivitas lebih dari 4 jam">
          DIAM
        </Badge>
      )}
    </>
  );
}

/** How many, where it says something; `alarm` asks for a look. */
export function Count({
  n,
  alarm = false,
  label,
}: {
  readonly n: number;
  readonly alarm?: boolean;
  readonly label?: string;
}) {
  if (n === 0) return null;
  return (
    <span
      aria-label={label}
      role={label === undefined ? undefined : 'img'}
      className={cx(
        'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-full px-1 text-[11px] leading-none font-semibold tabular-nums',
        alarm ? 'bg-accent text-on-accent' : 'bg-grey-soft text-soft',
      )}
    >
      {n > 99 ? '99+' : n}
    </span>
  );
}
