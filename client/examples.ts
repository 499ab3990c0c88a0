/** The examples of README.md: a test runs them against the whole program, and that the README shows the same lines. */
import { createClient, memoryStore, result, type SagaClient, type Ticket } from './index.ts';

/** What a screen would show. */
export type Show = (text: string) => void;

export async function signIn(baseUrl: string, email: string, password: string, show: Show) {
  // example: sign in
  const saga = createClient({ baseUrl, transport: 'body', store: memoryStore() });

  const answer = await saga.session.login(email, password);
  if (!answer.ok) show(answer.error.message);
  else if ('challenge' in answer.data) show('Masukkan kode, lalu: saga.session.loginCode(challenge, code)');
  else show(`Selamat datang, ${answer.data.name}`);
  // end
  return saga;
}

export async function readInbox({ api }: SagaClient, show: Show): Promise<readonly Ticket[]> {
  // example: read pages
  const tickets: Ticket[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? {} : { cursor };
    const page = await result(
      api.GET('/api/admin/inbox', { params: { query: { queue_status: 'free', ...query } } }),
    );
    if (!page.ok) {
      show(page.error.message);
      break;
    }
    tickets.push(...page.data.tickets);
    cursor = page.meta?.next_cursor;
  } while (cursor !== undefined);
  // end
  return tickets;
}

export async function takeOver({ api }: SagaClient, ticketId: string, show: Show): Promise<void> {
  // example: decide by the code
  const path = { id: ticketId };
  const taken = await result(
    api.POST('/api/admin/ticket/{id}/self-takeover', { params: { path }, body: {} }),
  );
  if (taken.ok) show(`Diambil oleh ${taken.data.assigned_to.name}`);
  else if (taken.error.kind === 'refused' && taken.error.code === 'TICKET_ALREADY_TAKEN')
    show('Sudah diambil rekan lain');
  else show(taken.error.message);
  // end
}

export async function changeSale({ api }: SagaClient, ticketId: string, show: Show): Promise<void> {
  // example: change what nobody else changed
  const path = { id: ticketId };
  const read = await result(api.GET('/api/admin/ticket/{id}', { params: { path } }));
  if (!read.ok || read.etag === null) return;
  const changed = await result(
    api.PATCH('/api/admin/ticket/{id}/crm', {
      params: { path, header: { 'If-Match': read.etag } },
      body: { crm_stage: 'Proposal', quote_value: 3_750_000 },
    }),
  );
  if (!changed.ok) show(changed.error.message);
  // end
}

export function follow(
  saga: SagaClient,
  { show, loadEverything }: { readonly show: Show; readonly loadEverything: () => void },
) {
  // example: follow what happens
  const stream = saga.stream({
    on: {
      ticket: (ticket) => show(`${ticket.customer_name}: ${ticket.status}`),
      message: ({ layer, message }) => show(`${layer} ${message.sender_name}`),
      notification: ({ text }) => show(text),
    },
    onReset: loadEverything,
    onState: (state) => {
      if (state.kind === 'open' && !state.resumed) loadEverything();
      if (state.kind === 'waiting') show('Sambungan terputus, mencoba lagi');
    },
  });
  // end
  return stream;
}

export async function resumeInBrowser(show: Show): Promise<SagaClient> {
  // example: a page is loaded
  const saga = createClient({ transport: 'cookie' });

  saga.session.onChange((state) => {
    if (state.kind === 'signed-out') show(state.error?.message ?? 'Anda sudah keluar');
  });
  const resumed = await saga.session.resume();
  if (!resumed.ok) show('Silakan masuk');
  // end
  return saga;
}
