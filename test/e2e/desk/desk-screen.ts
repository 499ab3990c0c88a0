/** A person at the dashboard, through `client/` only: lists that are loaded once and then kept from the stream. */
import {
  createClient,
  memoryStore,
  type SagaClient,
  type Schemas,
  type StreamEvents,
  type Ticket,
} from '../../../client/index.ts';
import { eventually } from '../../support/eventually.ts';

/** What the server answered, by every person together. */
export interface Answers {
  readonly broken: string[];
  count: number;
}

/** @throws with the answer's error, so that a test tells more than `undefined` */
export function dataOf<D>(answer: {
  readonly data?: { readonly data: D } | undefined;
  readonly error?: unknown;
}): D {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data.data;
}

/** Of one reader alone, so no text for many has it (docs/design/api.md#what-one-may-do). */
const OWN = ['can', 'unread_count', 'previous_ticket_count', 'last_delivery_status'] as const;
function shared(ticket: Ticket): object {
  const rest: Record<string, unknown> = { ...ticket };
  for (const name of OWN) Reflect.deleteProperty(rest, name);
  return rest;
}
const byId = <T extends { readonly id: string }>(list: readonly T[]): Readonly<Record<string, T>> =>
  Object.fromEntries(list.map((one) => [one.id, one]));

type Lists = Readonly<Record<'tickets' | 'messages' | 'crm' | 'notifications' | 'counts', unknown>>;

export interface Screen {
  readonly saga: SagaClient;
  readonly id: string;
  readonly api: SagaClient['api'];
  /** Its messages and CRM are kept from now on. */
  open(ticketId: string): Promise<void>;
  /** What it shows. */
  shown(): Lists;
  /** What somebody who loads everything now would see. */
  fresh(): Promise<Lists>;
  close(): void;
}

async function pages<T>(
  next: (cursor: string | undefined) => Promise<{ items: readonly T[]; cursor: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await next(cursor);
    all.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return all;
}

export async function openScreen(
  url: string,
  email: string,
  password: string,
  answers: Answers,
): Promise<Screen> {
  const saga = createClient({
    baseUrl: url,
    transport: 'body',
    store: memoryStore(),
    fetch: async (request, init) => {
      const answer = await globalThis.fetch(request, init);
      answers.count += 1;
      if (answer.status >= 500) answers.broken.push(`${String(answer.status)} ${answer.url}`);
      return answer;
    },
  });
  const { api, session } = saga;
  const signedIn = await session.login(email, password);
  if (!signedIn.ok || 'challenge' in signedIn.data) throw new Error(`${email}: ${JSON.stringify(signedIn)}`);

  const tickets = new Map<string, Ticket>();
  const messages = new Map<string, Map<string, Schemas['Message']>>();
  const crm = new Map<string, unknown>();
  const notifications = new Map<string, Schemas['AppNotification']>();
  let counts: StreamEvents['counts'] | null = null;

  const loadTickets = (): Promise<Ticket[]> =>
    pages(async (cursor) => {
      const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
      const answer = await api.GET('/api/admin/inbox', { params: { query } });
      return { items: dataOf(answer).tickets, cursor: answer.data?.meta?.next_cursor };
    });
  const loadMessages = async (id: string) =>
    dataOf(await api.GET('/api/admin/ticket/{id}/messages', { params: { path: { id } } })).messages;
  const loadCrm = async (id: string) =>
    dataOf(await api.GET('/api/admin/ticket/{id}', { params: { path: { id } } })).crm;
  const loadNotifications = () =>
    pages(async (cursor) => {
      const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
      const answer = await api.GET('/api/notifications', { params: { query } });
      return { items: dataOf(answer).notifications, cursor: answer.data?.meta?.next_cursor };
    });
  const loadCounts = async () => dataOf(await api.GET('/api/admin/inbox/counts'));

  // The stream first, then the lists: nothing falls in between. What comes while they load is handled after it.
  let loaded: Promise<void> | null = null;
  let isLoaded = false;
  const after = (change: () => void): void => {
    void loaded?.then(change);
  };
  const stream = saga.stream({
    on: {
      ticket: (ticket) => {
        after(() => tickets.set(ticket.id, ticket));
      },
      message: (one) => {
        if (one.layer === 'L1') after(() => messages.get(one.ticket_id)?.set(one.message.id, one.message));
      },
      crm: (one) => {
        after(() => crm.has(one.ticket_id) && crm.set(one.ticket_id, one.crm));
      },
      notification: (one) => {
        after(() => notifications.set(one.id, one));
      },
      counts: (now) => {
        after(() => (counts = now));
      },
    },
    onReset: (reason) => answers.broken.push(`reset ${reason}`),
    onState: (state) => {
      if (state.kind !== 'open' || state.resumed) return;
      loaded = Promise.all([loadTickets(), loadNotifications(), loadCounts()]).then(([all, notes, now]) => {
        for (const one of all) tickets.set(one.id, one);
        for (const one of notes) notifications.set(one.id, one);
        counts ??= now;
        isLoaded = true;
      });
    },
  });
  await eventually(`${email} has loaded`, () => isLoaded);

  const listsOf = (
    all: readonly Ticket[],
    talks: ReadonlyMap<string, readonly Schemas['Message'][]>,
    sales: ReadonlyMap<string, unknown>,
    notes: readonly Schemas['AppNotification'][],
    now: unknown,
  ): Lists => ({
    tickets: Object.fromEntries(all.map((one) => [one.id, shared(one)])),
    messages: Object.fromEntries([...talks].map(([id, list]) => [id, byId(list.map(withoutLinks))])),
    crm: Object.fromEntries(sales),
    notifications: byId(notes),
    counts: now,
  });

  return {
    saga,
    api,
    id: signedIn.data.id,
    async open(ticketId) {
      messages.set(ticketId, new Map());
      crm.set(ticketId, null);
      for (const one of await loadMessages(ticketId)) messages.get(ticketId)?.set(one.id, one);
      crm.set(ticketId, await loadCrm(ticketId));
    },
    shown: () =>
      listsOf(
        [...tickets.values()],
        new Map([...messages].map(([id, list]) => [id, [...list.values()]])),
        crm,
        [...notifications.values()],
        counts,
      ),
    async fresh() {
      const ids = [...messages.keys()];
      const [all, talks, sales, notes, now] = await Promise.all([
        loadTickets(),
        Promise.all(ids.map(async (id) => [id, await loadMessages(id)] as const)),
        Promise.all(ids.map(async (id) => [id, await loadCrm(id)] as const)),
        loadNotifications(),
        loadCounts(),
      ]);
      return listsOf(all, new Map(talks), new Map(sales), notes, now);
    },
    close() {
      stream.close();
      saga.close();
    },
  };
}

/** A link to a file is signed anew for each reader and moment. */
const withoutLinks = (message: Schemas['Message']): Schemas['Message'] => ({
  ...message,
  attachments: message.attachments.map((one) => ({ ...one, url: null })),
});
