import { Link } from '@tanstack/react-router';
import { AlarmClock, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import type { Ticket } from '../../lib/api.ts';
import { agoOf, momentOf } from '../../lib/dates.ts';
import { DIVISION, t } from '../../lib/id.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge, Count, FlagBadges, StatusBadge } from '../../ui/badge.tsx';
import { cx } from '../../ui/classes.ts';
import { ChannelIcon } from '../channel-icon.tsx';
import { withoutLayer } from './desk-search.ts';
import { tick } from './selection.ts';

export const ROW_HEIGHT = 96;

const FROM: Partial<Record<NonNullable<Ticket['last_message_from']>, string>> = {
  bot: t.inbox.bot,
  agent: '',
  sa: '',
};

const handlerOf = (ticket: Ticket): string =>
  ticket.waiting_for_agent !== null
    ? t.inbox.waitingFor(ticket.waiting_for_agent.name)
    : (ticket.assigned_to?.name ?? (ticket.queue_status === 'free' ? 'Bot' : t.inbox.nobody));

interface RowProps {
  readonly ticket: Ticket;
  readonly open: boolean;
  /** The reader answers this customer: what is unread is theirs to read. */
  readonly mine: boolean;
  readonly showDivision: boolean;
  readonly now: number;
  readonly index: number;
  readonly total: number;
  /** null: nobody is choosing. */
  readonly ticked: boolean | null;
}

/** One ticket of a list: who, where, what is new, and who has it. The whole row is the link. */
export const TicketRow = memo(function TicketRow({
  ticket,
  open,
  mine,
  showDivision,
  now,
  index,
  total,
  ticked,
}: RowProps) {
  const name = ticket.customer_name ?? ticket.customer_phone ?? t.unknownCustomer;
  const unread = ticket.status === 'closed' || open ? 0 : (ticket.unread_count ?? 0);
  const calls = mine && unread > 0;
  const at = ticket.last_message_at ?? ticket.created_at;
  return (
    <li
      aria-setsize={total}
      aria-posinset={index + 1}
      className="absolute inset-x-0 top-0"
      style={{ height: ROW_HEIGHT, transform: `translateY(${String(index * ROW_HEIGHT)}px)` }}
    >
      {ticked !== null && (
        <label className="absolute top-0 left-0 z-10 flex h-full w-16 cursor-pointer items-start justify-center pt-5">
          <span className="sr-only">Pilih {name}</span>
          <input
            type="checkbox"
            checked={ticked}
            onChange={() => tick(ticket.id)}
            className="size-[18px] accent-(--accent)"
          />
        </label>
      )}
      <Link
        to="/t/$ticketId"
        params={{ ticketId: ticket.id }}
        search={withoutLayer}
        data-ticket={ticket.id}
        data-free={ticket.queue_status === 'free' ? '' : undefined}
        aria-current={open ? 'true' : undefined}
        className={cx(
          'focus-inside flex h-full items-start gap-3 border-b border-line px-4 py-2.5 transition-colors',
          open || ticked === true ? 'bg-accent-soft' : 'hover:bg-hover',
          ticket.status === 'closed' && 'text-soft',
        )}
      >
        <span className={ticked === null ? undefined : 'invisible'}>
          <Avatar name={name} mark={<ChannelIcon channel={ticket.channel} />} />
        </span>
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <div className="flex items-baseline gap-2">
            <span className={cx('min-w-0 flex-1 truncate', calls ? 'font-semibold' : 'font-medium')}>
              {name}
            </span>
            <time
              dateTime={at}
              title={`Masuk ${momentOf(ticket.created_at)}`}
              className={cx(
                'shrink-0 text-[12px] tabular-nums',
                calls ? 'font-semibold text-accent-ink' : 'text-faint',
              )}
            >
              {agoOf(at, now)}
            </time>
          </div>
          <div className="flex items-center gap-2">
            <span className={cx('min-w-0 flex-1 truncate text-[13px]', calls ? 'text-ink' : 'text-soft')}>
              {ticket.last_message_from !== null && FROM[ticket.last_message_from]}
              {ticket.last_message_preview ?? '…'}
            </span>
            {ticket.last_delivery_status === 'failed' && (
              <TriangleAlert
                className="size-4 shrink-0 text-danger"
                role="img"
                aria-label="Pesan terakhir gagal terkirim"
              />
            )}
            {ticket.snoozed_until !== null && (
              <AlarmClock
                className="size-4 shrink-0 text-faint"
                role="img"
                aria-label={`Ditunda sampai ${momentOf(ticket.snoozed_until)}`}
              />
            )}
            <Count n={unread} alarm={calls} label={`${String(unread)} pesan belum dibaca`} />
          </div>
          <div className="mt-1 flex h-5 items-center gap-1 overflow-hidden">
            <StatusBadge status={ticket.status} />
            <FlagBadges ticket={ticket} />
            {showDivision && <Badge tone="grey">{DIVISION[ticket.division]}</Badge>}
            {ticket.tags[0] !== undefined && (
              <Badge tone="grey">
                {ticket.tags.length > 1
                  ? `${ticket.tags[0]} +${String(ticket.tags.length - 1)}`
                  : ticket.tags[0]}
              </Badge>
            )}
            <span className="min-w-0 flex-1 truncate text-right text-[12px] text-faint">
              {handlerOf(ticket)}
              {ticket.wa_display_name !== null && <span className="sr-only">, {ticket.wa_display_name}</span>}
            </span>
          </div>
        </div>
      </Link>
    </li>
  );
});
