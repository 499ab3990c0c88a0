/** The desk: the list on the left, what is open beside it; on a phone one of them at a time. */
import { getRouteApi, Link, Navigate, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { ListChecks, ListFilter, MessageSquareText, Search, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { t } from '../../lib/id.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/classes.ts';
import { without } from '../../lib/collections.ts';
import { type DeskSearch, filtersIn, tabsOf } from './desk-search.ts';
import { useStore } from '../../lib/store.ts';
import { InboxTabs } from './inbox-tabs.tsx';
import { selection } from './selection.ts';
import { TicketList } from './ticket-list.tsx';
import { NoPermission } from '../../ui/no-permission.tsx';

const InboxFilters = lazy(async () => ({ default: (await import('./inbox-filters.tsx')).InboxFilters }));
const desk = getRouteApi('/inside/desk');
const TYPED_MS = 250;

interface SearchBoxProps {
  readonly value: string;
  readonly onSearch: (q: string) => void;
  readonly onMessages: (q: string) => void;
}

function SearchBox({ value, onSearch, onMessages }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcuts({ '/': () => box.current?.focus() });
  return (
    <div className="relative min-w-0 flex-1">
      <Search
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
        aria-hidden="true"
      />
      <input
        ref={box}
        name="q"
        type="search"
        value={text}
        aria-label={t.inbox.search}
        placeholder={t.inbox.search}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          // The names are below already: Enter looks into what was said.
          else if (event.key === 'Enter' && text.trim() !== '') onMessages(text.trim());
        }}
        className="h-9 w-full rounded-lg bg-sunken pr-8 pl-9 max-md:h-11 max-md:text-base focus:bg-surface [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Hapus pencarian"
          onClick={() => setText('')}
          className="absolute top-1/2 right-1 flex size-7 -translate-y-1/2 items-center justify-center rounded-md text-faint hover:text-ink"
        >
          <X className="size-4" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

export function Desk() {
  const search = desk.useSearch();
  const navigate = useNavigate();
  const { ticketId } = useParams({ strict: false });
  const [filtering, setFiltering] = useState(filtersIn(search) > 0);
  const me = useMe();
  const mayRead = useMay('inbox_read');
  const ticked = useStore(selection);
  const mayMany = (['assign', 'tag', 'ticket_close', 'reply'] as const).some((one) =>
    me.privileges.includes(one),
  );
  const change = (next: DeskSearch): void => void navigate({ to: '.', search: next, replace: true });
  const set = (name: keyof DeskSearch, value: string): void => {
    const rest = without(search, name);
    change(value === '' ? rest : { ...rest, [name]: value });
  };
  // The app begins here: who has no inbox has another first place.
  if (!mayRead) return ticketId === undefined ? <Navigate to="/" replace /> : <NoPermission />;
  const filters = filtersIn(search);
  /** Without tabs below. */
  const alone = tabsOf(me).length < 2;
  return (
    <div className="flex min-h-0 flex-1">
      <section
        aria-label={t.inbox.title}
        className={cx(
          'flex min-h-0 w-full flex-col border-line bg-surface md:w-[340px] md:shrink-0 md:border-r xl:w-[376px]',
          ticketId !== undefined && 'max-md:hidden',
        )}
      >
        <div className={cx('flex items-center gap-2 px-4 pt-3 pb-2', alone && 'border-b border-line')}>
          {/* One h1 per screen: with an open ticket it is the customer's name. */}
          {ticketId === undefined ? (
            <h1 className="sr-only">{t.inbox.title}</h1>
          ) : (
            <h2 className="sr-only">{t.inbox.title}</h2>
          )}
          <SearchBox
            value={search.q ?? ''}
            onSearch={(q) => set('q', q)}
            onMessages={(q) => void navigate({ to: '/search', search: { q } })}
          />
          {mayMany && (
            <IconButton
              label="Pilih banyak tiket"
              active={ticked !== null}
              aria-pressed={ticked !== null}
              onClick={() => selection.set(ticked === null ? new Set() : null)}
            >
              <ListChecks className="size-[18px]" aria-hidden="true" />
            </IconButton>
          )}
          <IconButton
            label={filters > 0 ? `${t.inbox.filters} (${String(filters)})` : t.inbox.filters}
            aria-expanded={filtering}
            active={filters > 0}
            onClick={() => setFiltering(!filtering)}
          >
            <ListFilter className="size-[18px]" aria-hidden="true" />
          </IconButton>
        </div>
        {search.q !== undefined && (
          <Link
            to="/search"
            search={{ q: search.q }}
            className="focus-inside mx-3 mb-2 flex min-h-9 items-center gap-2 rounded-lg px-2 text-[13px] font-medium text-accent-ink hover:bg-hover max-md:min-h-11"
          >
            <MessageSquareText className="size-4 shrink-0" aria-hidden="true" />
            <span className="truncate">Cari “{search.q}” di isi pesan</span>
          </Link>
        )}
        <InboxTabs search={search} />
        {filtering && (
          <Suspense>
            <InboxFilters
              search={search}
              onChange={set}
              onClear={() =>
                change({
                  ...(search.tab === undefined ? {} : { tab: search.tab }),
                  ...(search.q === undefined ? {} : { q: search.q }),
                })
              }
            />
          </Suspense>
        )}
        <TicketList search={search} />
      </section>
      <div className={cx('min-h-0 min-w-0 flex-1', ticketId === undefined && 'max-md:hidden')}>
        <Outlet />
      </div>
    </div>
  );
}
