/** Around every page of the administration: the list of pages beside it, or a way back to that list on a phone. */
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMe } from '../../lib/me.ts';
import { useWide } from '../../lib/width.ts';
import { cx } from '../../ui/classes.ts';
import { NoPermission } from '../../ui/no-permission.tsx';
import { Page } from '../../ui/page.tsx';
import { adminPlacesOf } from './places.ts';

/** Beside the list there is room for a page from here on. */
const WIDE = 1024;

export function AdminLayout() {
  const me = useMe();
  const wide = useWide(WIDE);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const places = adminPlacesOf(me);
  const atList = path === '/admin' || path === '/admin/';
  if (!wide)
    return (
      <div className="flex min-h-0 flex-1 flex-col">
        {!atList && places.length > 0 && (
          <Link
            to="/admin"
            className="focus-inside flex h-11 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 font-medium text-soft hover:text-ink"
          >
            <ChevronLeft className="size-5" aria-hidden="true" />
            Administrasi
          </Link>
        )}
        <Outlet />
      </div>
    );
  return (
    <div className="flex min-h-0 flex-1">
      {places.length > 0 && (
        <nav
          aria-label="Administrasi"
          className="w-60 shrink-0 overflow-y-auto border-r border-line bg-surface px-3 py-5"
        >
          <p className="px-3 pb-2 text-[12px] font-semibold text-faint">Administrasi</p>
          <ul className="flex flex-col gap-0.5">
            {places.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  aria-current={path.startsWith(to) ? 'page' : undefined}
                  className={cx(
                    'flex h-9 items-center gap-3 rounded-lg px-3 font-medium transition-colors',
                    path.startsWith(to)
                      ? 'bg-accent-soft text-accent-ink'
                      : 'text-soft hover:bg-hover hover:text-ink',
                  )}
                >
                  <Icon className="size-[18px] shrink-0" strokeWidth={1.75} aria-hidden="true" />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Outlet />
    </div>
  );
}

/** `/admin`: the list itself on a phone; on a desktop the first page that one may open. */
export function AdminHome() {
  const me = useMe();
  const wide = useWide(WIDE);
  const places = adminPlacesOf(me);
  const [first] = places;
  if (first === undefined)
    return (
      <Page title="Administrasi">
        <NoPermission />
      </Page>
    );
  if (wide) return <Navigate to={first.to} replace />;
  return (
    <Page title="Administrasi">
      <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface">
        {places.map(({ to, label, hint, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className="focus-inside flex items-center gap-3 px-4 py-3.5 hover:bg-hover">
              <span
                className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-ink"
                aria-hidden="true"
              >
                <Icon className="size-[18px]" />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-semibold">{label}</span>
                <span className="block truncate text-[13px] text-faint">{hint}</span>
              </span>
              <ChevronRight className="size-5 shrink-0 text-faint" aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
