/** The desk: the list on the left, what is open beside it; on a phone one of them at a time. */
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { ListFilter, Search, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { t } from '../../lib/id.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/classes.ts';
import { without } from '../../lib/collections.ts';
import { type DeskSearch, filtersIn, tabsOf } from './desk-search.ts';
import { InboxTabs } from './inbox-tabs.tsx';
import { TicketList } from './ticket-list.tsx';
import { NoPermission } from '../../ui/no-permission.tsx';

const InboxFilters = lazy(async () => ({ default: (await import('./inbox-filters.tsx')).InboxFilters }));
const desk = getRouteApi('/inside/desk');
const TYPED_MS = 250;

function SearchBox({ value, onSearch }: { readonly value: string; readonly onSearch: (q: string) => void }) {
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
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
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
  const change = (next: DeskSearch): void => void navigate({ to: '.', search: next, replace: true });
  const set = (name: keyof DeskSearch, value: string): void => {
    const rest = without(search, name);
    change(value === '' ? rest : { ...rest, [name]: value });
  };
  if (!mayRead) return <NoPermission />;
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
          <SearchBox value={search.q ?? ''} onSearch={(q) => set('q', q)} />
          <IconButton
            label={filters > 0 ? `${t.inbox.filters} (${String(filters)})` : t.inbox.filters}
            aria-expanded={filtering}
            active={filters > 0}
            onClick={() => setFiltering(!filtering)}
          >
            <ListFilter className="size-[18px]" aria-hidden="true" />
          </IconButton>
        </div>
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
