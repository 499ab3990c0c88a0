/** One ticket: the talk, the notes, the customer and the CRM data. */
import { getRouteApi, useNavigate, useParams } from '@tanstack/react-router';
import { Lock, MessageSquare, UserRound } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { CustomerTalk } from '../conversation/customer-talk.tsx';
import { InternalNotes } from '../conversation/internal-notes.tsx';
import { unsayLast } from '../conversation/pending.tsx';
import { ReplyArea } from '../conversation/writing/reply-area.tsx';
import { sayViewing, useArrivals } from '../conversation/talk-queries.ts';
import { t } from '../lib/id.ts';
import { useMay, useMe } from '../lib/me.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { useWide } from '../lib/width.ts';
import { cx } from '../ui/classes.ts';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { type DeskSearch, withoutLayer } from './inbox/desk-search.ts';
import { undoClose } from './closing.ts';
import { TicketHeader } from './ticket-header.tsx';
import { useTicket } from './ticket-queries.ts';

const TicketSide = lazy(async () => ({ default: (await import('./ticket-side.tsx')).TicketSide }));
const desk = getRouteApi('/inside/desk');

type View = 'L1' | 'L2' | 'side';
const VIEWING_MS = 30_000;

/** Tells the others that one looks, for as long as one does. */
function useViewing(ticketId: string): void {
  const may = useMay('messages_read');
  useEffect(() => {
    if (!may) return;
    const say = (): void => {
      // Nobody misses it when it does not arrive.
      if (document.visibilityState === 'visible') sayViewing(ticketId).catch(() => undefined);
    };
    say();
    const timer = setInterval(say, VIEWING_MS);
    return () => clearInterval(timer);
  }, [may, ticketId]);
}

function SideBars() {
  return (
    <Loading>
      <div className="flex flex-col gap-4 p-5">
        <Skeleton className="h-5 w-1/2" />
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
      </div>
    </Loading>
  );
}

export function TicketPage() {
  const { ticketId } = useParams({ from: '/inside/desk/t/$ticketId' });
  const { layer, message } = desk.useSearch();
  const navigate = useNavigate();
  const me = useMe();
  const wide = useWide(1180);
  const one = useTicket(ticketId);
  const [side, setSide] = useState(false);
  useArrivals(me);
  useViewing(ticketId);
  const name = one.data?.ticket.customer_name ?? t.unknownCustomer;
  useEffect(() => {
    document.title = one.data === undefined ? t.app : `${name} · ${t.app}`;
  }, [one.data, name]);
  useEffect(() => setSide(false), [ticketId]);
  const back = (): void => void navigate({ to: '/inbox', search: withoutLayer });
  useShortcuts({ u: back, Escape: back, z: () => unsayLast(ticketId) || undoClose() });

  if (one.isPending)
    return (
      <Loading>
        <div className="flex flex-col gap-3 p-5">
          <Skeleton className="h-10 w-1/2" />
          <Skeleton className="h-6 w-1/3" />
        </div>
      </Loading>
    );
  if (one.data === undefined) return <Failed error={one.error} retry={() => void one.refetch()} />;
  const { ticket, crm, viewers } = one.data;
  const mayNotes = ticket.can?.internal ?? false;
  const view: View = side && !wide ? 'side' : layer === 'L2' && mayNotes ? 'L2' : 'L1';
  const show = (next: View): void => {
    setSide(next === 'side');
    if (next !== 'side')
      void navigate({
        to: '.',
        search: (old: DeskSearch) => (next === 'L2' ? { ...old, layer: next } : withoutLayer(old)),
        replace: true,
      });
  };
  const tabs: readonly { readonly view: View; readonly label: string; readonly icon: typeof Lock }[] = [
    { view: 'L1', label: 'Percakapan', icon: MessageSquare },
    ...(mayNotes ? [{ view: 'L2' as const, label: 'Catatan internal', icon: Lock }] : []),
    ...(wide ? [] : [{ view: 'side' as const, label: 'Pelanggan & CRM', icon: UserRound }]),
  ];
  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TicketHeader
          ticket={ticket}
          viewers={viewers}
          onBack={back}
          onNote={mayNotes ? () => show('L2') : null}
          onReply={() => show('L1')}
        />
        <div
          role="tablist"
          aria-label="Bagian tiket"
          className="flex shrink-0 border-b border-line bg-surface px-2 md:px-4"
        >
          {tabs.map(({ view: one_, label, icon: Icon }) => (
            <button
              key={one_}
              type="button"
              role="tab"
              id={`tab-${one_}`}
              aria-selected={one_ === view}
              aria-controls="bagian"
              onClick={() => show(one_)}
              className={cx(
                'focus-inside -mb-px flex h-10 min-w-0 items-center justify-center gap-1.5 border-b-2 px-3 text-[13px] font-medium transition-colors max-md:h-12 max-md:flex-1 max-md:px-1',
                one_ !== view
                  ? 'border-transparent text-soft hover:text-ink'
                  : one_ === 'L2'
                    ? 'border-note text-note-ink'
                    : 'border-accent text-accent-ink',
              )}
            >
              <Icon className="size-4 shrink-0 max-sm:hidden" aria-hidden="true" />
              <span className="truncate">{label}</span>
            </button>
          ))}
        </div>
        <div
          id="bagian"
          role="tabpanel"
          aria-labelledby={`tab-${view}`}
          className="flex min-h-0 flex-1 flex-col"
        >
          {view === 'L1' && (
            <>
              <CustomerTalk key={ticketId} ticket={ticket} wanted={message} />
              <ReplyArea key={`reply-${ticketId}`} ticket={ticket} crm={crm} />
            </>
          )}
          {view === 'L2' && (
            <InternalNotes key={ticketId} ticket={ticket} mayWrite={mayNotes} wanted={message} />
          )}
          {view === 'side' && (
            <Suspense fallback={<SideBars />}>
              <TicketSide ticket={ticket} crm={crm} />
            </Suspense>
          )}
        </div>
      </div>
      {wide && (
        <aside
          aria-label="Pelanggan dan CRM"
          className="w-[340px] shrink-0 border-l border-line bg-surface 2xl:w-[380px]"
        >
          <Suspense fallback={<SideBars />}>
            <TicketSide ticket={ticket} crm={crm} />
          </Suspense>
        </aside>
      )}
    </div>
  );
}
