import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { DeskCounts } from '../../lib/api.ts';
import { t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Count } from '../../ui/badge.tsx';
import { cx } from '../../ui/classes.ts';
import { type DeskSearch, firstTab, type Tab, tabsOf } from './desk-search.ts';
import { useCounts } from './inbox-queries.ts';

const countOf = (tab: Tab, counts: DeskCounts): number =>
  ({
    mine: counts.mine,
    waiting: counts.waiting_for_me,
    free: counts.free,
    queue: counts.queued + counts.off_hours,
    all: 0,
    snoozed: counts.snoozed,
  })[tab];

/** What asks for a look now. */
const isAlarm = (tab: Tab, counts: DeskCounts): boolean =>
  (tab === 'mine' && counts.mine_unread > 0) ||
  (tab === 'waiting' && counts.waiting_for_me > 0) ||
  (tab === 'queue' && counts.queued_over_5 > 0);

export function InboxTabs({ search }: { readonly search: DeskSearch }) {
  const me = useMe();
  const { data: counts } = useCounts();
  const tabs = tabsOf(me);
  const now = search.tab ?? firstTab(me);
  const chosen = useRef<HTMLAnchorElement>(null);
  const isCounted = counts !== undefined;
  // Where they do not all fit, the chosen one is in sight; with their counts they are wider.
  useEffect(() => {
    // A browser may answer with a promise, which is no way to end an effect.
    chosen.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [now, isCounted]);
  if (tabs.length < 2) return null;
  return (
    <nav
      aria-label="Tab inbox"
      className="flex gap-x-0.5 gap-y-0.5 border-b max-md:overflow-x-auto md:flex-wrap border-line px-3 pb-2 [scrollbar-width:none]"
    >
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="."
          search={(old: DeskSearch) => ({ ...old, tab })}
          ref={tab === now ? chosen : undefined}
          aria-current={tab === now ? 'page' : undefined}
          className={cx(
            'focus-inside flex h-8 shrink-0 items-center gap-1.5 rounded-lg px-2 text-[13px] font-medium transition-colors max-md:h-11 max-md:px-2.5',
            tab === now ? 'bg-accent-soft text-accent-ink' : 'text-soft hover:bg-hover hover:text-ink',
          )}
        >
          {t.inbox.tabs[tab]}
          {counts !== undefined && <Count n={countOf(tab, counts)} alarm={isAlarm(tab, counts)} />}
        </Link>
      ))}
    </nav>
  );
}
