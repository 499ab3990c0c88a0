/** The list of the inbox: ten thousand rows cost as much as twenty. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Inbox, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNow } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { type DeskSearch, filtersIn, firstTab, queryOf } from './desk-search.ts';
import { useTickets } from './inbox-queries.ts';
import { ROW_HEIGHT, TicketRow } from './ticket-row.tsx';
import { useCalmOrder } from './calm-order.ts';

function Bars() {
  return (
    <Loading>
      {Array.from({ length: 8 }, (_, n) => (
        <div key={n} className="flex gap-3 border-b border-line px-4 py-3.5">
          <Skeleton className="size-10 shrink-0 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 py-0.5">
            <Skeleton className="h-3.5 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
            <Skeleton className="h-3.5 w-1/4" />
          </div>
        </div>
      ))}
    </Loading>
  );
}

export function TicketList({ search }: { readonly search: DeskSearch }) {
  const me = useMe();
  const now = useNow();
  const navigate = useNavigate();
  const { ticketId } = useParams({ strict: false });
  const query = useMemo(() => queryOf(search, me), [search, me]);
  const list = useTickets(query);
  const scroller = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(false);

  const loaded = useMemo(() => {
    const seen = new Map((list.data?.pages ?? []).flatMap((page) => page.tickets).map((ticket) => [ticket.id, ticket]));
    return [...seen.values()];
  }, [list.data]);
  const { tickets, updates, release } = useCalmOrder(loaded, pointed, JSON.stringify(query));
  const total = list.data?.pages[0]?.total ?? 0;

  const rows = useVirtualizer({
    count: tickets.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    getItemKey: (index) => tickets[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= tickets.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, lastShown, tickets.length, fetchNextPage]);

  const step = (by: 1 | -1): unknown => {
    const at = tickets.findIndex(({ id }) => id === ticketId);
    const next = tickets[at < 0 ? 0 : at + by];
    if (next === undefined) return false;
    rows.scrollToIndex(tickets.indexOf(next), { align: 'auto' });
    return navigate({ to: '/t/$ticketId', params: { ticketId: next.id }, search: ({ layer: _layer, ...rest }) => rest });
  };
  useShortcuts({ j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1) });

  if (list.isPending) return <Bars />;
  if (list.isError && loaded.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (tickets.length === 0) {
    const filtered = filtersIn(search) > 0 || search.q !== undefined;
    const [title, hint] = t.inbox.empty[filtered ? 'filtered' : (search.tab ?? firstTab(me))];
    return <Empty icon={<Inbox className="size-6" />} title={title} hint={hint} />;
  }
  return (
    <div className="relative min-h-0 flex-1">
      {updates > 0 && (
        <button
          type="button"
          onClick={() => {
            release();
            scroller.current?.scrollTo({ top: 0 });
          }}
          className="rise absolute inset-x-0 top-2 z-10 mx-auto flex w-fit items-center gap-2 rounded-full border border-line bg-raised px-3 py-1.5 text-[13px] font-medium shadow-pop"
        >
          <RefreshCw className="size-3.5" aria-hidden="true" />
          {t.inbox.updates(updates)}
        </button>
      )}
      <div
        ref={scroller}
        className="h-full overflow-y-auto overscroll-contain"
        onPointerMove={(event) => event.pointerType === 'mouse' && !pointed && setPointed(true)}
        onPointerLeave={() => setPointed(false)}
      >
        <ul aria-label={t.inbox.title} className="relative" style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const ticket = tickets[index];
            return (
              ticket !== undefined && (
                <div key={key} role="presentation" className="absolute inset-x-0 top-0" style={{ height: ROW_HEIGHT, transform: `translateY(${String(start)}px)` }}>
                  <TicketRow ticket={ticket} open={ticket.id === ticketId} showDivision={me.division === 'all' || me.role === 'team_lead'} now={now} position={index + 1} total={total} />
                </div>
              )
            );
          })}
        </ul>
      </div>
    </div>
  );
}
