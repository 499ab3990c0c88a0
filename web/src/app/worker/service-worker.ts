/**
 * The offline shell and the pushes (docs/design/dashboard-app.md#the-app-on-a-phone). It keeps the app's own files and nothing
 * else: an answer of the API is never kept, so nothing of a customer stays on a device that many share.
 */
import { pushOf, shownAs } from '../../notifications/push-message.ts';
import type { WorkerScope } from './worker-scope.ts';

declare const self: WorkerScope;

/** Both are written in by the build (service-worker.plugin.ts). */
const FILES = '__SHELL_FILES__'.split('\n');
const CACHE = `saga-shell-__SHELL_VERSION__`;
const PAGE = '/app/index.html';
const SCOPE = '/app/';
const SHARE = '/app/share';
const SHARED = 'saga-shared';

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // All or none: half a version would break in the middle of the work.
      await cache.addAll(FILES.map((url) => new Request(url, { cache: 'no-cache' })));
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith('saga-shell-') && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

/** The page says so after a person asked for the new version. */
self.addEventListener('message', ({ data }) => {
  if (data === 'skip-waiting') void self.skipWaiting();
});

/** What the browser threw away is got again, and kept. */
async function fromShell(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  if (kept !== undefined) return kept;
  await cache.add(url);
  return (await cache.match(url)) ?? Response.error();
}

/**
 * What another app shares is put aside, and the page that was opened takes it (`media/shared.ts`, which has the same names): only
 * files, only until they are taken or the next share.
 */
async function takeShare(request: Request): Promise<Response> {
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  const form = await request.formData();
  let n = 0;
  for (const file of form.getAll('file'))
    if (file instanceof File && file.size > 0) {
      const headers = { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) };
      await cache.put(`${SHARE}/${String((n += 1))}`, new Response(file, { headers }));
    }
  return Response.redirect(SHARE, 303);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.origin === location.origin && url.pathname === SHARE) {
    event.respondWith(takeShare(request));
    return;
  }
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith(SCOPE)) return;
  if (request.mode === 'navigate') event.respondWith(fromShell(PAGE));
  else if (FILES.includes(url.pathname)) event.respondWith(fromShell(url.pathname));
});

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

async function mark(count: number | null): Promise<void> {
  if (count === null || !('setAppBadge' in navigator)) return;
  // Not installed, or not allowed: then there is no icon to mark.
  await (count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count)).catch(() => undefined);
}

self.addEventListener('push', (event) => {
  event.waitUntil(
    (async () => {
      let data: unknown = null;
      try {
        data = event.data?.json();
      } catch {
        // Not ours in form; something is shown all the same.
      }
      const push = pushOf(data);
      const looking = (await windows()).some(
        ({ focused, visibilityState }) => focused && visibilityState === 'visible',
      );
      const { title, options } = shownAs(push, looking);
      await Promise.all([self.registration.showNotification(title, options), mark(push.badge)]);
    })(),
  );
});

self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  const data: unknown = notification.data;
  const url =
    typeof data === 'object' && data !== null && 'url' in data && typeof data.url === 'string'
      ? data.url
      : SCOPE;
  event.waitUntil(
    (async () => {
      const [open] = (await windows()).filter((one) => new URL(one.url).pathname.startsWith('/app'));
      if (open === undefined) {
        await self.clients.openWindow(url);
        return;
      }
      await open.focus();
      open.postMessage({ open: url });
    })(),
  );
});

/** The push service took the old one away. The page tells the API at its next start: here nobody is signed in. */
self.addEventListener('pushsubscriptionchange', (event) => {
  const options = event.oldSubscription?.options;
  if (options === undefined) return;
  event.waitUntil(
    self.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: options.applicationServerKey,
    }),
  );
});
