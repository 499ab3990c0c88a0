/** What nobody asked for, over HTTP: previews, opting out and in; and what did not arrive, sent again. */
import { expect } from 'chai';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import {
  customer as oneCustomer,
  customerMessages,
  customers as listOfCustomers,
  editCustomer,
  mergeCustomers,
} from '../../../src/http/customers/customer-pages.ts';
import { optIn, optOut } from '../../../src/http/customers/offers.ts';
import { resend } from '../../../src/http/conversation/resend.ts';
import { previewFollowUp, sendFollowUp } from '../../../src/http/follow-ups/follow-ups.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { listen } from '../../support/http/event-stream.ts';
import { eventually } from '../../support/eventually.ts';
import type { Reply } from '../../support/http/http.ts';

interface Ticket {
  readonly customer_id: string;
  readonly customer_phone: string;
  readonly opted_out: boolean;
}
interface Message {
  readonly id: string;
  readonly content: string;
  readonly delivery_status?: string;
  readonly delivery_error?: { readonly code: string; readonly text: string; readonly retryable: boolean };
}

describe('offers over HTTP', function () {
  this.timeout(120_000);
  let app: TestProgram;
  let template = '';
  before(async () => {
    app = await startTestProgram();
    const words = { name: 'tanya kabar', body: 'Halo {{name}}', whatsapp_template_name: 'tanya_kabar' };
    template = (await app.post('/api/admin/templates', words, 'sa')).json.data['id'] as string;
  });
  after(() => app.close());

  const on = (id: string, what: string): string => `/api/admin/ticket/${id}/${what}`;
  const codeOf = ({ status, json }: Reply): string => (status < 300 ? 'ok' : json.error.code);
  const ticketOf = async (id: string): Promise<Ticket> =>
    (await app.get(`/api/admin/ticket/${id}`, 'sa')).json.data['ticket'] as Ticket;
  const messagesOf = async (id: string): Promise<readonly Message[]> =>
    (await app.get(on(id, 'messages'), 'tl')).json.data['messages'] as Message[];
  const longAgo = () => ({ timestamp: new Date(Date.now() - 25 * 3_600_000).toISOString() });

  async function follow(id: string, body: object, as = 'tl'): Promise<Reply> {
    const reply = await app.post(on(id, 'followup'), body, as);
    expectDocumented(sendFollowUp, reply);
    return reply;
  }
  async function preview(id: string, body: object, as = 'tl'): Promise<Record<string, unknown>> {
    const reply = await app.post(on(id, 'followup/preview'), body, as);
    expectDocumented(previewFollowUp, reply);
    expect(reply.status, reply.text).to.equal(200);
    return reply.json.data;
  }

  it('a follow-up is what its preview said, and the talk holds what the customer got', async () => {
    const [fresh = ''] = await app.openTickets('sari', 1);
    const [old = ''] = await app.openTickets('sari', 1, longAgo());
    const own = { message: 'Kak {{name}}, kirim ke {{destination_city}} jadi?' };
    const shown = await preview(fresh, own);
    expect(shown).to.deep.include({
      form: 'text',
      missing: ['destination_city'],
      sendable: true,
      refusal: null,
    });
    expect(codeOf(await follow(fresh, own))).to.equal('ok');
    expect((await messagesOf(fresh)).at(-1)?.content).to.equal(shown['text']);
    expect(shown['text']).to.match(/^Kak Pelanggan\d+x, kirim ke kota tujuan jadi\?$/);

    const late = await preview(old, { template_id: template });
    expect(late).to.include({ form: 'template', window_open: false, sendable: true });
    const typed = await preview(old, { template_id: template, message: 'Ada diskon' });
    expect(typed['refusal']).to.include({ code: 'MESSAGE_NOT_SENT_AS_TEMPLATE' });
    expect(codeOf(await follow(old, { template_id: template, message: 'Ada diskon' }))).to.equal(
      'MESSAGE_NOT_SENT_AS_TEMPLATE',
    );
    expect(codeOf(await follow(old, { template_id: template }))).to.equal('ok');
    expect((await messagesOf(old)).at(-1)?.content).to.equal(late['text']);
    expect((await preview(old, own))['refusal']).to.include({ code: 'SERVICE_WINDOW_CLOSED' });
  });

  it('opting out by an agent is shown and binds follow-ups, until the customer writes MULAI', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    const { customer_id, customer_phone } = await ticketOf(id);
    const at = `/api/admin/customer/${customer_id}`;
    const reason = { reason: 'minta lewat telepon' };
    const out = await app.post(`${at}/opt-out`, reason, 'agent.sari');
    expectDocumented(optOut, out);
    const { customer } = out.json.data as { customer: Record<string, unknown> };
    expect(customer).to.include({ id: customer_id, division: 'sari', ticket_count: 1, won_count: 0 });
    expect(customer['opted_out']).to.deep.include({
      how: 'agent',
      by: { id: app.person('agent.sari').id, name: 'agent.sari' },
    });
    expect((await ticketOf(id)).opted_out).to.equal(true);
    expect(await preview(id, { message: 'Halo' })).to.deep.include({ opted_out: true, sendable: false });
    expect(codeOf(await follow(id, { message: 'Halo' }))).to.equal('CUSTOMER_OPTED_OUT');
    const user_id = `wa_${customer_phone.replace(/\D/g, '')}`;
    const said = { event: 'message', sender: 'customer', user_id, channel: 'whatsapp', division: 'sari' };
    await app.webhook({
      ...said,
      message: 'Mulai 🙏',
      message_id: `mulai-${id}`,
      timestamp: new Date().toISOString(),
    });
    await eventually('they want offers again', async () => !(await ticketOf(id)).opted_out);
    expect(codeOf(await follow(id, { message: 'Halo' }))).to.equal('ok');

    await app.post(`${at}/opt-out`, reason, 'tl');
    const back = await app.post(`${at}/opt-in`, reason, 'tl');
    expectDocumented(optIn, back);
    expect((back.json.data as { customer: { opted_out: unknown } }).customer.opted_out).to.equal(null);
    expect(codeOf(await app.post(`${at}/opt-out`, {}, 'tl'))).to.equal('VALIDATION_FAILED');
    expect(codeOf(await app.post(`${at}/opt-out`, reason, 'agent.savi'))).to.equal('CUSTOMER_NOT_FOUND');
  });

  it('what failed says why and what to do, and is sent again once', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    await app.post(on(id, 'self-takeover'), {}, 'agent.sari');
    const first = await app.post(on(id, 'reply'), { message: 'Selamat siang' }, 'agent.sari');
    const messageId = first.json.data['message_id'] as string;
    const again = (body: object = {}, as = 'agent.sari') =>
      app.post(on(id, `messages/${messageId}/resend`), body, as);
    expect(codeOf(await again())).to.equal('NOT_FAILED');
    const about = { ticketId: id, division: 'sari', messageId, channelMessageId: 'w' } as const;
    const context = { actor: { kind: 'system', process: 'test' }, correlationId: messageId } as const;
    const { handler } = app.program.commands;
    await handler.executeCommand(
      conversation,
      id,
      { ...context, causationId: messageId, requestId: messageId, at: new Date().toISOString() },
      () => [
        {
          type: 'DeliveryReported',
          data: {
            ...about,
            status: 'failed',
            error: '131026 Undeliverable',
            reportedAt: new Date().toISOString(),
          },
        },
      ],
    );
    const failed = await eventually('it is shown as failed', async () =>
      (await messagesOf(id)).find((one) => one.id === messageId && one.delivery_status === 'failed'),
    );
    expect(failed.delivery_error).to.deep.equal({
      code: '131026',
      text: 'Nomor ini tidak dapat menerima pesan WhatsApp. Periksa nomornya, atau hubungi pelanggan lewat kanal lain.',
      retryable: false,
    });
    expect(codeOf(await again({}, 'other.sari'))).to.equal('NOT_ASSIGNEE');
    const sent = await again();
    expectDocumented(resend, sent);
    expect(sent.status, sent.text).to.equal(201);
    const { message } = sent.json.data as { message: Message };
    expect(message).to.include({ content: 'Selamat siang', delivery_status: 'queued' });
    expect(message.id).not.to.equal(messageId);
    expect(codeOf(await again())).to.equal('NOT_FAILED');
  });

  it('a change of a message shows once on the stream, whoever reports it', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    await app.post(on(id, 'self-takeover'), {}, 'agent.sari');
    const first = await app.post(on(id, 'reply'), { message: 'Selamat siang' }, 'agent.sari');
    const messageId = first.json.data['message_id'] as string;
    const stream = await listen(app.url, app.person('tl').token);
    const report = (status: 'sent' | 'delivered', channelMessageId: string) =>
      app.program.commands.handler.executeCommand(
        conversation,
        id,
        {
          actor: { kind: 'system', process: 'test' },
          correlationId: messageId,
          causationId: messageId,
          requestId: messageId,
          at: new Date().toISOString(),
        },
        () => [
          {
            type: 'DeliveryReported',
            data: {
              ...{
                ticketId: id,
                division: 'sari' as const,
                messageId,
                channelMessageId,
                status,
                error: null,
              },
              reportedAt: new Date().toISOString(),
            },
          },
        ],
      );
    const statuses = () =>
      stream.told
        .filter(({ event }) => event === 'message')
        .map(({ data }) => data['message'] as Message)
        .filter((one) => one.id === messageId)
        .map((one) => one.delivery_status)
        .filter((status) => status !== 'queued');
    await report('sent', 'w1');
    await eventually('it was sent', () => statuses().includes('sent'));
    await report('sent', 'w1');
    await report('delivered', 'w1');
    await eventually('it arrived', () => statuses().includes('delivered'));
    expect(statuses()).to.deep.equal(['sent', 'delivered']);
    stream.stop();
  });

  it('customers are listed, found, written down and merged: one person, one ticket, one thread', async () => {
    const [first = '', second = ''] = await app.openTickets('sari', 2);
    const [a, b] = [await ticketOf(first), await ticketOf(second)];
    const of = (id: string, what = ''): string => `/api/admin/customer/${id}${what}`;
    const read = async (route: Parameters<typeof expectDocumented>[0], path: string, as = 'tl') => {
      const reply = await app.get(path, as);
      expectDocumented(route, reply);
      expect(reply.status, reply.text).to.equal(200);
      return reply.json;
    };
    const list = async (query: string) => read(listOfCustomers, `/api/admin/customers?division=sari${query}`);
    const ids = (json: Awaited<ReturnType<typeof list>>) =>
      (json.data['customers'] as { id: string }[]).map(({ id }) => id);
    const before = (await list('')).meta?.['total'] as number;
    expect(ids(await list('&limit=2'))).to.deep.equal([a.customer_id, b.customer_id].sort().reverse());
    const page = await list('&limit=1');
    const next = String(page.meta?.['next_cursor']);
    expect(ids(await list(`&limit=1&cursor=${next}`))).not.to.deep.equal(ids(page));
    expect(ids(await list(`&q=${encodeURIComponent(b.customer_phone)}`))).to.deep.equal([b.customer_id]);

    const edited = await app.patch(of(b.customer_id), { name: 'Ratna Wijaya', notes: 'sore' }, 'agent.sari');
    expectDocumented(editCustomer, edited);
    expect(edited.json.data['customer']).to.deep.include({ name: 'Ratna Wijaya', notes: 'sore' });
    expect(ids(await list('&q=ratna wij'))).to.deep.equal([b.customer_id]);

    const merge = (as: string) => app.post(of(b.customer_id, '/merge'), { customer_id: a.customer_id }, as);
    expect(codeOf(await merge('agent.sari'))).to.equal('FORBIDDEN');
    for (const as of ['tl', 'sa']) {
      const merged = await merge(as);
      expectDocumented(mergeCustomers, merged);
      expect(merged.status, merged.text).to.equal(200);
      expect(merged.json.data['customer']).to.deep.include({ name: 'Ratna Wijaya', ticket_count: 2 });
    }
    const kept = [a.customer_id, b.customer_id].sort()[0] ?? '';
    const keptTicket = [first, second].sort()[0] ?? '';
    expect((await list('')).meta?.['total']).to.equal(before - 1);
    await eventually('both ids lead to one customer with one open ticket', async () => {
      const { data } = await read(oneCustomer, of(b.customer_id), 'agent.sari');
      const tickets = data['tickets'] as { id: string; status: string; customer_id: string }[];
      return (
        (data['customer'] as { id: string }).id === kept &&
        tickets.every((one) => one.customer_id === kept) &&
        tickets.filter((one) => one.status !== 'closed').every((one) => one.id === keptTicket)
      );
    });
    const thread = await read(customerMessages, of(a.customer_id, '/messages'));
    expect(thread.data['messages']).to.have.length(2);
    expect(await messagesOf(keptTicket)).to.have.length(2);
    const [, last] = thread.data['messages'] as Message[];
    const older = await read(customerMessages, of(a.customer_id, `/messages?before=${last?.id ?? ''}`));
    expect(older.data['messages']).to.have.length(1);
    expect((await app.get(of(a.customer_id), 'agent.savi')).status).to.equal(404);
    const across = await app.openTickets('savi', 1);
    const other = (await ticketOf(across[0] ?? '')).customer_id;
    const refused = await app.post(of(other, '/merge'), { customer_id: a.customer_id }, 'tl');
    expect(codeOf(refused)).to.equal('CUSTOMERS_NOT_MERGEABLE');
  });
});
