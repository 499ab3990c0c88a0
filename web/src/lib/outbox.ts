/**
 * What was said and is not there yet. Every reply and note goes through here: in order per ticket, with one key per intent, so
 * that it goes out once however often it is tried (docs/design/dashboard.md#drafts-and-the-outbox).
 */
import { api, ApiError, dataOf, isOffline, type Message } from './api.ts';
import { without } from './collections.ts';
import { drop, empty, keep, keptAll } from './kept.ts';
import { createStore } from './store.ts';

/** A file that is up already. */
export interface SentFile {
  readonly mediaId: string;
  readonly name: string;
  readonly kind: 'image' | 'audio' | 'video' | 'document';
  /** Bytes. */
  readonly size: number;
}
export interface Quoted {
  readonly id: string;
  readonly preview: string;
}

export type Work =
  | {
      readonly kind: 'reply';
      readonly text: string;
      readonly files?: readonly SentFile[];
      readonly quoted?: Quoted;
    }
  | { readonly kind: 'team-reply'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string; readonly taggedId: string | null }
  | { readonly kind: 'tag'; readonly action: 'add' | 'remove'; readonly tag: string }
  | { readonly kind: 'crm'; readonly body: object };
/** What is said, in either layer. */
export type Said = Extract<Work, { readonly text: string }>;

export interface Outgoing {
  /** The Idempotency-Key, too. */
  readonly id: string;
  readonly userId: string;
  readonly ticketId: string;
  readonly work: Work;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly state: 'waiting' | 'sending' | 'failed';
  /** Not before this time: so long it can be taken back. ISO 8601 */
  readonly holdUntil?: string;
  /** Why it failed, to be shown. */
  readonly problem: string | null;
}

/** What is older is not sent by itself any more: the talk has gone on. */
const EXPIRES_MS = 15 * 60_000;
const EXPIRED =
  'Terlalu lama menunggu koneksi, jadi tidak dikirim. Periksa percakapan, lalu kirim ulang bila masih perlu.';

export const outbox = createStore<readonly Outgoing[]>([]);

export interface Arrival {
  readonly id: string;
  readonly sentAt: string;
  /** As the API has them now; null where it does not say. */
  readonly messages: readonly Message[] | null;
}
/** Told when something arrived; null: it was no message. */
type Arrived = (item: Outgoing, arrival: Arrival | null) => void;
const arrivals = new Set<Arrived>();
export function onArrival(listener: Arrived): () => void {
  arrivals.add(listener);
  return () => arrivals.delete(listener);
}
type Refused = (item: Outgoing, error: ApiError) => void;
const refusals = new Set<Refused>();
export function onRefusal(listener: Refused): () => void {
  refusals.add(listener);
  return () => refusals.delete(listener);
}

const replace = (id: string, next: Outgoing | null): void => {
  outbox.set(outbox.get().flatMap((item) => (item.id === id ? (next === null ? [] : [next]) : [item])));
  // Where the device keeps nothing the page does.
  (next === null ? drop('outbox', id) : keep('outbox', id, next)).catch(() => undefined);
};

const keyed = (item: Outgoing): { path: { id: string }; header: { 'Idempotency-Key': string } } => ({
  path: { id: item.ticketId },
  header: { 'Idempotency-Key': item.id },
});

/** Each layer has a call of its own: nothing turns one into the other. */
async function deliver(item: Outgoing): Promise<Arrival | null> {
  const { work } = item;
  const params = keyed(item);
  switch (work.kind) {
    case 'reply': {
      const files = work.files ?? [];
      const body = {
        client_ref: item.id,
        ...(work.text === '' ? {} : { message: work.text }),
        ...(files.length === 0 ? {} : { media_ids: files.map(({ mediaId }) => mediaId) }),
        ...(work.quoted === undefined ? {} : { reply_to: work.quoted.id }),
      };
      const done = await dataOf(api.POST('/api/admin/ticket/{id}/reply', { params, body }));
      return { id: done.message_id, sentAt: done.sent_at, messages: done.messages };
    }
    case 'team-reply': {
      const done = await dataOf(
        api.POST('/api/admin/ticket/{id}/reply-as-sa', { params, body: { message: work.text } }),
      );
      return { id: done.message_id, sentAt: new Date().toISOString(), messages: null };
    }
    case 'note': {
      const tagged = work.taggedId === null ? {} : { tagged_agent_id: work.taggedId };
      const body = { content: work.text, ...tagged };
      const done = await dataOf(api.POST('/api/admin/ticket/{id}/internal-message', { params, body }));
      return { id: done.message_id, sentAt: done.sent_at, messages: null };
    }
    case 'tag': {
      const { action, tag } = work;
      await dataOf(api.POST('/api/admin/ticket/{id}/tag', { params, body: { action, tag } }));
      return null;
    }
    case 'crm':
      await dataOf(
        api.PATCH('/api/admin/ticket/{id}/crm', { params: { path: params.path }, body: work.body }),
      );
      return null;
  }
}

const running = new Map<string, Promise<void>>();
const holds = new Map<string, ReturnType<typeof setTimeout>>();
let retry: ReturnType<typeof setTimeout> | undefined;

/** Another try comes by itself; one that a person waits for is not refused for a busy server. */
const passes = (error: unknown): boolean =>
  isOffline(error) ||
  (error instanceof ApiError && (error.status === 503 || error.status === 429 || error.status >= 502));

async function drain(ticketId: string): Promise<void> {
  for (;;) {
    const next = outbox.get().find((item) => item.ticketId === ticketId && item.state !== 'failed');
    if (next === undefined) return;
    const held = next.holdUntil === undefined ? 0 : Date.parse(next.holdUntil) - Date.now();
    if (held > 0) {
      clearTimeout(holds.get(ticketId));
      holds.set(ticketId, setTimeout(sendWaiting, held));
      return;
    }
    if (Date.now() - Date.parse(next.createdAt) > EXPIRES_MS) {
      replace(next.id, { ...next, state: 'failed', problem: EXPIRED });
      continue;
    }
    const sending: Outgoing = { ...next, state: 'sending' };
    replace(next.id, sending);
    try {
      const arrival = await deliver(sending);
      for (const tell of arrivals) tell(sending, arrival);
      replace(next.id, null);
    } catch (error) {
      if (passes(error)) {
        replace(next.id, { ...next, state: 'waiting' });
        clearTimeout(retry);
        retry = setTimeout(
          sendWaiting,
          error instanceof ApiError && error.retryAfter !== null ? error.retryAfter : 4_000,
        );
        return;
      }
      const refused =
        error instanceof ApiError
          ? error
          : new ApiError({ code: 'UNKNOWN', status: 0, message: 'Pesan tidak dapat dikirim.' });
      replace(next.id, { ...next, state: 'failed', problem: refused.message });
      for (const tell of refusals) tell(next, refused);
    }
  }
}

/** Tries everything that waits. Tickets go side by side, what is said on one ticket in its order. */
export function sendWaiting(): void {
  for (const ticketId of new Set(outbox.get().map((item) => item.ticketId))) {
    if (running.has(ticketId)) continue;
    const draining = drain(ticketId).finally(() => running.delete(ticketId));
    running.set(ticketId, draining);
    void draining;
  }
}
addEventListener('online', sendWaiting);

/** What can still be taken back goes now. @returns when all of it was tried */
export async function sendHeld(): Promise<void> {
  for (const item of outbox.get())
    if (item.holdUntil !== undefined) replace(item.id, without(item, 'holdUntil'));
  sendWaiting();
  await Promise.allSettled(running.values());
  // One that had just come to what was held has gone by.
  sendWaiting();
  await Promise.allSettled(running.values());
}
// Who leaves the page has made up their mind; nothing waits in a tab that is not looked at.
const onLeave = ({ type }: Event): void => {
  if (type === 'pagehide' || document.visibilityState === 'hidden') void sendHeld();
};
addEventListener('visibilitychange', onLeave);
addEventListener('pagehide', onLeave);

/** @param holdMs so long it can be taken back */
export function say(userId: string, ticketId: string, work: Work, holdMs = 0): string {
  const item: Outgoing = {
    id: crypto.randomUUID(),
    userId,
    ticketId,
    work,
    createdAt: new Date().toISOString(),
    state: 'waiting',
    problem: null,
    ...(holdMs > 0 ? { holdUntil: new Date(Date.now() + holdMs).toISOString() } : {}),
  };
  outbox.set([...outbox.get(), item]);
  keep('outbox', item.id, item).catch(() => undefined); // as above
  sendWaiting();
  return item.id;
}

/** Once more, as a new intent of now: the old key may have been refused for good. */
export function sayAgain(item: Outgoing): void {
  replace(item.id, null);
  say(item.userId, item.ticketId, item.work);
}

export const takeBack = (item: Outgoing): void => replace(item.id, null);

/** At the start: what a page of before could not send. */
export async function loadOutbox(userId: string): Promise<void> {
  const stored = await keptAll<Outgoing>('outbox');
  const mine = stored
    .filter((item) => item.userId === userId)
    .map((item) => (item.state === 'sending' ? { ...item, state: 'waiting' as const } : item));
  const known = new Set(outbox.get().map((item) => item.id));
  outbox.set(
    [...mine.filter((item) => !known.has(item.id)), ...outbox.get()].sort((a, b) =>
      a.createdAt.localeCompare(b.createdAt),
    ),
  );
  sendWaiting();
}

export async function forgetOutbox(): Promise<void> {
  outbox.set([]);
  await empty('outbox');
}
