/** What is around every screen: the places, one's presence, notifications, the account. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Bell } from '../notifications/bell.tsx';
import { PresenceToggle } from '../staff/presence-toggle.tsx';
import { AccountButton } from '../staff/account-button.tsx';
import { cx } from '../ui/classes.ts';
import { goLive } from './go-live.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { type Place, placesOf } from './navigation.ts';
import { useShellKeys } from './shell-keys.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts-sheet.tsx')).ShortcutsSheet }));

/** A place, and the screens one reaches from it that have an address of their own. */
const WITHIN: Readonly<Record<string, string>> = {
  '/inbox': '/t/',
  '/follow-up': '/blasts',
  '/jobs': '/capacity',
};

const isHere = (place: Place, path: string): boolean =>
  path.startsWith(place.to) || path.startsWith(WITHIN[place.to] ?? place.to);

function NavLink({ place, here }: { readonly place: Place; readonly here: boolean }) {
  const Icon = place.icon;
  return (
    <Link
      to={place.to}
      aria-current={here ? 'page' : undefined}
      className={cx(
        'focus-inside flex flex-col items-center justify-center gap-1 rounded-xl text-[11px] font-medium transition-colors max-md:h-14 max-md:min-w-18 max-md:flex-1 md:h-14 md:w-16 md:shrink-0',
        // On a phone the bell is in the header.
        place.to === '/notifications' && 'max-md:hidden',
        here ? 'text-accent-ink md:bg-accent-soft' : 'text-soft hover:bg-hover hover:text-ink',
      )}
    >
      <Icon className="size-5" strokeWidth={here ? 2.25 : 1.75} aria-hidden="true" />
      {place.label}
    </Link>
  );
}

export function Shell() {
  const me = useMe();
  const client = useQueryClient();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [open, setOpen] = useState<'sheet' | 'palette' | null>(null);
  const shut = (): void => setOpen(null);
  const showPalette = useCallback(() => setOpen('palette'), []);
  useShellKeys(placesOf(me), () => setOpen('sheet'), showPalette);

  useEffect(() => goLive(client, me.id), [client, me.id]);

  const places = placesOf(me);
  // An open talk needs the whole height of a phone; back and one's presence are in its header.
  const inTalk = /^\/t\/[^/]+\/?$/.test(path);
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#isi"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t.skip}
      </a>
      <header
        className={cx(
          'flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface pr-2 pl-4 md:pr-4',
          inTalk && 'max-md:hidden',
        )}
      >
        <Link
          to="/"
          className="flex items-center gap-2.5 rounded-lg pr-2 font-semibold"
          aria-label={`${t.app}, ${places[0]?.label ?? ''}`}
        >
          <img src="/app/icon.svg" alt="" width="28" height="28" className="size-7" />
          <span className="text-[15px] tracking-tight max-sm:sr-only">{t.app}</span>
        </Link>
        <div className="flex-1" />
        <PresenceToggle />
        <Bell />
        <AccountButton onShortcuts={() => setOpen('sheet')} />
      </header>
      <ConnectionBanner userId={me.id} />
      <div className="flex min-h-0 flex-1 max-md:flex-col-reverse">
        <nav
          aria-label={t.nav.main}
          className={cx(
            'flex shrink-0 overflow-auto border-line bg-surface [scrollbar-width:none] max-md:border-t max-md:px-2 max-md:pb-[env(safe-area-inset-bottom)] md:w-20 md:flex-col md:items-center md:gap-1 md:border-r md:py-3',
            inTalk && 'max-md:hidden',
          )}
        >
          {places.map((place) => (
            <NavLink key={place.to} place={place} here={isHere(place, path)} />
          ))}
        </nav>
        <main id="isi" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          <Outlet />
        </main>
      </div>
      <Suspense>
        {open === 'sheet' && <Shortcuts places={places} onClose={shut} />}
        {open === 'palette' && <Palette places={places} onClose={shut} />}
      </Suspense>
    </div>
  );
}
