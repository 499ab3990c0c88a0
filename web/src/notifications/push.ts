/** Web Push of this device: on, off, and renewed at each start (docs/design/dashboard-app.md#pushes-on-the-device). */
import { api, dataOf, once } from '../lib/api.ts';
import { readLocal, writeLocal } from '../lib/local.ts';
import { session } from '../lib/session.ts';
import { createStore } from '../lib/store.ts';

export type PushState = 'unknown' | 'unsupported' | 'not-set-up' | 'denied' | 'off' | 'on';
export const pushState = createStore<PushState>('unknown');

const SUPPORTED = 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
/** Whose device this is for pushes: another person who signs in here is not rung for the one before. */
const WANTED = 'push-for';

const keyBytes = (base64url: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
};

const sameKey = (held: ArrayBuffer | null | undefined, wanted: Uint8Array): boolean =>
  held !== null && held !== undefined && new Uint8Array(held).join() === wanted.join();

/** A subscription with the server's key; one with an old key is of no use. */
async function subscription(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = keyBytes(publicKey);
  const held = await pushManager.getSubscription();
  if (held !== null && sameKey(held.options.applicationServerKey, key)) return held;
  await held?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

const serverKey = async (): Promise<string | null> =>
  (await dataOf(api.GET('/api/notifications/push-subscriptions'))).public_key;

async function tell(publicKey: string): Promise<void> {
  const { endpoint, keys } = (await subscription(publicKey)).toJSON();
  const { p256dh, auth } = keys ?? {};
  if (endpoint === undefined || p256dh === undefined || auth === undefined)
    throw new Error('the browser gave no keys');
  await dataOf(
    api.POST('/api/notifications/push-subscriptions', {
      params: once(),
      body: { endpoint, keys: { p256dh, auth } },
    }),
  );
}

/** At each start and each sign-in: a subscription holds as long as the sign-in it was made in, and may stop by itself. */
export async function renewPush(): Promise<void> {
  const { user } = session.get();
  if (user === null) return;
  if (!SUPPORTED) {
    pushState.set('unsupported');
    return;
  }
  if (Notification.permission === 'denied') {
    pushState.set('denied');
    return;
  }
  const key = await serverKey();
  if (key === null) {
    pushState.set('not-set-up');
    return;
  }
  if (Notification.permission !== 'granted' || readLocal(WANTED) !== user.id) {
    pushState.set('off');
    return;
  }
  await tell(key);
  pushState.set('on');
}

/** After a tap: browsers ask for the permission only then. @throws ApiError */
export async function switchPushOn(): Promise<void> {
  const { user } = session.get();
  if (user === null || !SUPPORTED) return;
  const answer = await Notification.requestPermission();
  if (answer !== 'granted') {
    pushState.set(answer === 'denied' ? 'denied' : 'off');
    return;
  }
  writeLocal(WANTED, user.id);
  await renewPush();
}

export async function switchPushOff(): Promise<void> {
  writeLocal(WANTED, null);
  const { pushManager } = await navigator.serviceWorker.ready;
  // The push service answers 410 from now on, and the server forgets the device.
  await (await pushManager.getSubscription())?.unsubscribe();
  pushState.set('off');
}
