/** Puts what the live stream says into the cache (docs/design/dashboard.md#live). */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { AppNotification, DeskCounts, Message, Note, Person, Schemas, Ticket } from '../lib/api.ts';
import { api, dataOf } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { session, updateMe } from '../lib/session.ts';
import type { LiveEvent, LiveEvents } from '../lib/stream.ts';

interface TicketPage {
  readonly tickets: readonly Ticket[];
}
interface OneTicket {
  readonly ticket: Ticket;
  readonly crm: Schemas['Crm'];
  readonly viewers: readonly Person[];
}
interface Talk<M> {
  readonly messages: readonly M[];
}

/** What decides who may do what: when it changes, the API is asked what one may do now. */
const RIGHTS = ['status', 'queue_status', 'window_expires_at', 'snoozed_until', 'opted_out'] as const;

/** The stream sends one text to many and leaves out what is about the reader (docs/design/api.md#what-one-may-do). */
const merged = (old: Ticket, next: Ticket): Ticket => ({ ...old, ...next });

export function upsert<M extends { readonly id: string }>(
  talk: InfiniteData<Talk<M>> | undefined,
  message: M,
): InfiniteData<Talk<M>> | undefined {
  const [newest] = talk?.pages ?? [];
  if (talk === undefined || newest === undefined) return talk;
  const known = talk.pages.some((page) => page.messages.some(({ id }) => id === message.id));
  const pages = known
    ? talk.pages.map((page) => ({
        ...page,
        messages: page.messages.map((one) => (one.id === message.id ? message : one)),
      }))
    : [{ ...newest, messages: [...newest.messages, message] }, ...talk.pages.slice(1)];
  return { ...talk, pages };
}

function patchLists(client: QueryClient, change: (ticket: Ticket) => Ticket): void {
  client.setQueriesData<InfiniteData<TicketPage>>({ queryKey: keys.inbox }, (list) => {
    if (list === undefined) return list;
    let touched = false;
    const pages = list.pages.map((page) => {
      const tickets = page.tickets.map((ticket) => {
        const next = change(ticket);
        touched ||= next !== ticket;
        return next;
      });
      return { ...page, tickets };
    });
    return touched ? { ...list, pages } : list;
  });
}

function onTicket(client: QueryClient, ticket: Ticket): void {
  patchLists(client, (one) => (one.id === ticket.id ? merged(one, ticket) : one));
  const open = client.getQueryData<OneTicket>(keys.ticket(ticket.id));
  if (open === undefined) return;
  client.setQueryData<OneTicket>(keys.ticket(ticket.id), { ...open, ticket: merged(open.ticket, ticket) });
  const old = open.ticket;
  const rightsMoved =
    RIGHTS.some((name) => old[name] !== ticket[name]) || old.assigned_to?.id !== ticket.assigned_to?.id;
  if (rightsMoved || old.version !== ticket.version)
    void client.invalidateQueries({ queryKey: keys.ticket(ticket.id) });
}

function onMessage(client: QueryClient, event: LiveEvents['message']): void {
  if (event.layer === 'L2') {
    const { message } = event;
    client.setQueryData<InfiniteData<Talk<Note>>>(keys.notes(event.ticket_id), (talk) =>
      upsert(talk, message),
    );
    return;
  }
  const { message } = event;
  client.setQueryData<InfiniteData<Talk<Message>>>(keys.messages(event.ticket_id), (talk) =>
    upsert(talk, message),
  );
}

function onPresence(client: QueryClient, presence: LiveEvents['presence']): void {
  const { user } = session.get();
  if (user?.id === presence.id) updateMe({ ...user, status: presence.status });
  void client.invalidateQueries({ queryKey: keys.presences });
  void client.invalidateQueries({ queryKey: ['agents'] });
}

function onNotification(client: QueryClient, notification: AppNotification): void {
  void client.invalidateQueries({ queryKey: ['notifications'] });
  if (notification.kind.startsWith('invoice')) void client.invalidateQueries({ queryKey: keys.invoices });
  if (notification.read_at !== null || notification.resolved_at !== null) return;
  // A sound that does not load is not heard.
  import('../notifications/announce.ts')
    .then(({ announce }) => announce(notification))
    .catch(() => undefined);
}

async function onReset(client: QueryClient): Promise<void> {
  const { user } = await dataOf(api.GET('/api/auth/me'));
  updateMe(user);
  await client.invalidateQueries();
}

/** @param refreshLists has the lists of tickets asked for again, soon */
export function apply(client: QueryClient, event: LiveEvent, refreshLists: () => void): void {
  switch (event.name) {
    case 'ticket':
      onTicket(client, event.data);
      refreshLists();
      break;
    case 'message':
      onMessage(client, event.data);
      break;
    case 'crm':
      void client.invalidateQueries({ queryKey: keys.ticket(event.data.ticket_id) });
      break;
    case 'presence':
      onPresence(client, event.data);
      break;
    case 'notification':
      onNotification(client, event.data);
      break;
    case 'counts':
      client.setQueryData<DeskCounts>(keys.counts, event.data);
      break;
    case 'unread': {
      const { ticket_id: id, unread_count: unread } = event.data;
      patchLists(client, (one) =>
        one.id === id && one.unread_count !== unread ? { ...one, unread_count: unread } : one,
      );
      break;
    }
    case 'typing':
      // Who looks at no talk has not loaded it, and does not miss it.
      import('../conversation/typing.ts')
        .then(({ heardTyping }) => {
          heardTyping(event.data);
        })
        .catch(() => undefined);
      break;
    case 'viewers': {
      const { ticket_id: id, viewers } = event.data;
      client.setQueryData<OneTicket>(keys.ticket(id), (open) => open && { ...open, viewers });
      break;
    }
    case 'blast':
      void client.invalidateQueries({ queryKey: keys.blasts });
      break;
    case 'job':
      void client.invalidateQueries({ queryKey: keys.jobs });
      void client.invalidateQueries({ queryKey: keys.capacity });
      break;
    case 'invoice':
      void client.invalidateQueries({ queryKey: keys.invoices });
      break;
    case 'export':
      void client.invalidateQueries({ queryKey: keys.exports });
      break;
    case 'reset':
      // What fails here is asked for again with the next reset or by the screens themselves.
      onReset(client).catch(() => undefined);
      break;
  }
}
