/** The list of the inbox: ten thousand rows cost as much as twenty. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useNow } from '../../lib/dates.ts';
import { t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { showRow, useRows } from '../../lib/rows.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { useStore } from '../../lib/store.ts';
import { Failed, Loading, Skeleton } from '../../ui/states.tsx';
import { type DeskSearch, filtersIn, firstTab, queryOf, withoutLayer } from './desk-search.ts';
import { useTickets } from './inbox-queries.ts';
import { ROW_HEIGHT, TicketRow } from './ticket-row.tsx';
import { useCalmOrder } from './calm-order.ts';
import { selection, tick } from './selection.ts';

const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar }));

const NoTickets = lazy(async () => ({ default: (await import('./no-tickets.tsx')).NoTickets }));

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
    const seen = new Map(
      (list.data?.pages ?? []).flatMap((page) => page.tickets).map((ticket) => [ticket.id, ticket]),
    );
    return [...seen.values()];
  }, [list.data]);
  const { tickets, updates, release } = useCalmOrder(
    loaded,
    pointed || selection.get() !== null,
    JSON.stringify(query),
  );
  const total = list.data?.pages[0]?.total ?? 0;

  const rows = useRows(scroller, tickets.length, ROW_HEIGHT);
  const [focused, setFocused] = useState<string | null>(null);
  const inSight = tickets
    .slice(rows.first, rows.end)
    .map((ticket, at) => ({ ticket, index: rows.first + at }));
  // The row that has the focus stays, however far one scrolls.
  const held = tickets.findIndex(({ id }) => id === focused);
  const heldTicket = tickets[held];
  const shown =
    heldTicket !== undefined && (held < rows.first || held >= rows.end)
      ? [...inSight, { ticket: heldTicket, index: held }]
      : inSight;
  const lastShown = rows.end;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= tickets.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, lastShown, tickets.length, fetchNextPage]);

  const step = (by: 1 | -1): unknown => {
    const at = tickets.findIndex(({ id }) => id === ticketId);
    const next = tickets[at < 0 ? 0 : at + by];
    if (next === undefined) return false;
    showRow(scroller.current, tickets.indexOf(next), ROW_HEIGHT);
    return navigate({
      to: '/t/$ticketId',
      params: { ticketId: next.id },
      search: withoutLayer,
    });
  };
  const ticked = useStore(selection);
  // Another list: what was ticked is not in sight any more.
  const listKey = JSON.stringify(query);
  useEffect(() => () => selection.set(null), [listKey]);
  const mark = (): boolean => {
    const id = focused ?? ticketId;
    if (id === undefined || !tickets.some((ticket) => ticket.id === id)) return false;
    tick(id);
    return true;
  };
  useShortcuts({
    x: mark,
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
  });

  if (list.isPending) return <Bars />;
  if (list.isError && loaded.length === 0)
    return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (tickets.length === 0) {
    const filtered = filtersIn(search) > 0 || search.q !== undefined;
    return (
      <Suspense fallback={<Bars />}>
        <NoTickets why={filtered ? 'filtered' : (search.tab ?? firstTab(me))} />
      </Suspense>
    );
  }
  return (
    <>
      {ticked !== null && (
        <Suspense>
          <BulkBar ticked={ticked} query={query} shown={tickets.map(({ id }) => id)} total={total} />
        </Suspense>
      )}
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
          <ul
            aria-label={t.inbox.title}
            className="relative"
            style={{ height: tickets.length * ROW_HEIGHT }}
            onFocus={(event) => setFocused(event.target.dataset['ticket'] ?? null)}
            onBlur={() => setFocused(null)}
          >
            {shown.map(({ ticket, index }) => (
              <TicketRow
                key={ticket.id}
                ticket={ticket}
                open={ticket.id === ticketId}
                mine={ticket.assigned_to?.id === me.id || ticket.waiting_for_agent?.id === me.id}
                showDivision={me.division === 'all' || me.role === 'team_lead'}
                now={now}
                index={index}
                total={total}
                ticked={ticked === null ? null : ticked.has(ticket.id)}
              />
            ))}
          </ul>
        </div>
      </div>
    </>
  );
}
