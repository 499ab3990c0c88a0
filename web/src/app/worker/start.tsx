/** Starts what makes an app of the dashboard: the worker, its updates, pushes, the badge. */
import { hashKey } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { queryClient } from '../query-client.ts';
import { router } from '../routes/router.tsx';
import { keys } from '../../lib/keys.ts';
import { session } from '../../lib/session.ts';
import { keepInstallPrompt } from '../../lib/install.ts';
import { renewPush } from '../../notifications/push.ts';
import { UpdatePrompt, waitingWorker } from './update-prompt.tsx';

/** A tab that stays open for days hears of a new version all the same. */
const LOOK_EVERY_MS = 30 * 60_000;

function watchUpdates(registration: ServiceWorkerRegistration): void {
  const offer = (worker: ServiceWorker | null): void => {
    // Without a controller this is the first one: there is nothing older to replace.
    if (worker !== null && navigator.serviceWorker.controller !== null) waitingWorker.set(worker);
  };
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') offer(installing);
    });
  });
  // Away from the net there is no newer one to find.
  const look = (): void => void registration.update().catch(() => undefined);
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
}

/** A tap on a push opens its ticket in the window that is there. */
function followPushes(): void {
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'object' || data === null || !('open' in data) || typeof data.open !== 'string')
      return;
    const url = new URL(data.open, location.origin);
    if (url.origin === location.origin && url.pathname.startsWith('/app/'))
      void router.navigate({ href: url.href });
  });
}

/** The number on the icon is the number at the bell. */
function followUnread(): void {
  if (!('setAppBadge' in navigator)) return;
  const unread = hashKey(keys.unread);
  let shown = -1;
  queryClient.getQueryCache().subscribe(({ query }) => {
    if (query.queryHash !== unread) return;
    const data: unknown = query.state.data;
    const count = typeof data === 'number' ? data : null;
    if (count === null || count === shown) return;
    shown = count;
    // Not installed: there is no icon to mark.
    void (count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count)).catch(() => undefined);
  });
}

function followSession(): void {
  let user: string | undefined;
  const look = (): void => {
    const id = session.get().user?.id;
    if (id === user) return;
    user = id;
    // Without the net the next start asks again.
    if (id !== undefined) void renewPush().catch(() => undefined);
  };
  session.subscribe(look);
  look();
}

export async function startPwa(): Promise<void> {
  keepInstallPrompt();
  followUnread();
  const place = document.createElement('div');
  document.body.append(place);
  createRoot(place).render(<UpdatePrompt />);
  // A browser that keeps nothing (a private window) takes no worker: the dashboard works there as a page.
  const registration = await navigator.serviceWorker
    .register('/app/sw.js', { scope: '/app/' })
    .catch(() => undefined);
  if (registration === undefined) return;
  followPushes();
  watchUpdates(registration);
  followSession();
}
