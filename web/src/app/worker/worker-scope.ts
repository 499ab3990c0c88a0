/** What a service worker has, as far as ours uses it: the types of the page and of a worker do not go together. */
export interface Waits {
  waitUntil(work: Promise<unknown>): void;
}
export interface FetchEvent extends Event, Waits {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
export interface PushEvent extends Event, Waits {
  readonly data: { json(): unknown } | null;
}
export interface NotificationClick extends Event, Waits {
  readonly notification: Notification;
}
export interface SubscriptionChange extends Event, Waits {
  readonly oldSubscription?: PushSubscription | null;
}
export interface WindowClient {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<WindowClient>;
  postMessage(message: unknown): void;
}
interface Events {
  readonly install: Event & Waits;
  readonly activate: Event & Waits;
  readonly fetch: FetchEvent;
  readonly push: PushEvent;
  readonly notificationclick: NotificationClick;
  readonly pushsubscriptionchange: SubscriptionChange;
  readonly message: MessageEvent;
}
export interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: {
      readonly type: 'window';
      readonly includeUncontrolled: boolean;
    }): Promise<readonly WindowClient[]>;
    openWindow(url: string): Promise<WindowClient | null>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<N extends keyof Events>(name: N, listener: (event: Events[N]) => void): void;
}
