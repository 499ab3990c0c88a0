/** Tickets that somebody should look at, with a handle to give them to an agent. */
import { Link } from '@tanstack/react-router';
import { CircleCheck, UserPlus } from 'lucide-react';
import type { Ticket } from '../lib/api.ts';
import { momentOf, spanOf, useNow } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import type { useTickets } from '../tickets/inbox/inbox-queries.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { EMPTY } from '../tickets/inbox/words.ts';

type Kind = 'queue' | 'idle';

interface WatchProps {
  readonly title: string;
  readonly hint: string;
  readonly kind: Kind;
  readonly id?: string;
  readonly list: ReturnType<typeof useTickets>;
  /** Undefined: one may not give tickets away. */
  readonly onAssign: ((ticket: Ticket) => void) | undefined;
}

const MINUTE = 60_000;

export function TicketWatch({ title, hint, kind, id, list, onAssign }: WatchProps) {
  const now = useNow();
  const tickets = list.data?.pages.flatMap((page) => page.tickets) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <section
      id={id}
      aria-label={title}
      tabIndex={-1}
      className="min-w-0 outline-none rounded-2xl border border-line bg-surface shadow-card"
    >
      <div className="border-b border-line px-4 py-3 md:px-5">
        <h2 className="font-semibold">
          {title}{' '}
          <span className="font-normal text-soft tabular-nums">
            {list.data !== undefined && `(${String(total)})`}
          </span>
        </h2>
        <p className="text-[13px] text-soft">{hint}</p>
      </div>
      {list.isPending ? (
        <Loading>
          <div className="p-4">
            <Skeleton className="h-24" />
          </div>
        </Loading>
      ) : list.isError && tickets.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : tickets.length === 0 ? (
        <p className="flex items-center gap-2 px-4 py-5 text-soft md:px-5">
          <CircleCheck className="size-4 text-good" aria-hidden="true" />
          {kind === 'queue' ? EMPTY.queue[0] : 'Tidak ada tiket yang diam.'}
        </p>
      ) : (
        <ul className="max-h-[420px] divide-y divide-line overflow-y-auto">
          {tickets.map((ticket) => (
            <Item key={ticket.id} ticket={ticket} kind={kind} now={now} onAssign={onAssign} />
          ))}
          {list.hasNextPage && (
            <li className="flex justify-center p-2">
              <Button
                small
                look="quiet"
                busy={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {t.more}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

interface ItemProps {
  readonly ticket: Ticket;
  readonly kind: Kind;
  readonly now: number;
  readonly onAssign: ((ticket: Ticket) => void) | undefined;
}

function Item({ ticket, kind, now, onAssign }: ItemProps) {
  const name = ticket.customer_name ?? ticket.customer_phone ?? t.unknownCustomer;
  const since = (kind === 'queue' ? ticket.queued_at : ticket.last_message_at) ?? ticket.created_at;
  const waited = Math.max(0, now - Date.parse(since));
  const isOff = ticket.queue_status === 'off_hours';
  const isAlarm = kind === 'idle' || (!isOff && waited > 15 * MINUTE);
  const isLong = !isOff && waited > 5 * MINUTE;
  const who =
    ticket.waiting_for_agent === null
      ? (ticket.assigned_to?.name ?? t.inbox.nobody)
      : t.inbox.waitingFor(ticket.waiting_for_agent.name);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5 md:px-5">
      <Avatar name={name} mark={<ChannelIcon channel={ticket.channel} />} />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <Link
            to="/t/$ticketId"
            params={{ ticketId: ticket.id }}
            className="min-w-0 truncate font-medium hover:underline"
          >
            {name}
          </Link>
          <Badge tone="grey">{DIVISION[ticket.division]}</Badge>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-[12px] text-soft">
          <time
            dateTime={since}
            title={momentOf(since)}
            className={cx(
              'tabular-nums',
              isAlarm ? 'font-semibold text-danger' : isLong && 'font-semibold text-warn',
            )}
          >
            {kind === 'queue' ? 'Menunggu' : 'Diam'} {spanOf(waited)}
          </time>
          {isOff && <Badge tone="grey">OFF HOURS</Badge>}
          <span className="min-w-0 truncate">{who}</span>
        </p>
      </div>
      {onAssign !== undefined && ticket.can?.assign !== false && (
        <Button
          small
          icon={<UserPlus className="size-3.5" aria-hidden="true" />}
          aria-label={`${ticket.assigned_to === null ? 'Assign' : 'Pindahkan'}: ${name}`}
          onClick={() => onAssign(ticket)}
        >
          {ticket.assigned_to === null ? 'Assign' : 'Pindahkan'}
        </Button>
      )}
    </li>
  );
}
