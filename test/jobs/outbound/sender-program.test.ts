import { expect } from 'chai';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import { type MetaSimulator, startMetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';

const APP_SECRET = 'an app secret for tests only, 32 characters';
const TOKEN = 'a WhatsApp token for tests only';

describe('a reply, from HTTP to the channel and back', () => {
  let meta: MetaSimulator;
  let program: TestProgram;
  let reaction: SimulatedAnswer = { kind: 'accept' };
  let target: { url: string; appSecret: string } | undefined;

  before(async function () {
    this.timeout(60_000);
    meta = await startMetaSimulator({
      token: TOKEN,
      pace: 20,
      react: () => reaction,
      reportTo: () => target,
    });
    program = await startTestProgram({ WHATSAPP_API_URL: meta.url, WHATSAPP_TOKEN: TOKEN });
    target = { url: `${program.url}/api/webhook/external-bot`, appSecret: APP_SECRET };
  });
  after(async () => {
    await program.close();
    await meta.close();
  });

  async function ticketOf(agent: string): Promise<string> {
    const [id] = await program.openTickets('sari', 1);
    const taken = await program.post(`/api/admin/ticket/${id!}/self-takeover`, {}, agent);
    expect(taken.status).to.equal(200);
    return id!;
  }
  async function reply(ticketId: string, message: string): Promise<string> {
    const sent = await program.post(`/api/admin/ticket/${ticketId}/reply`, { message }, 'agent.sari');
    expect(sent.status).to.equal(201);
    return sent.json.data.message_id as string;
  }
  async function message(ticketId: string, id: string): Promise<Record<string, unknown>> {
    const page = await program.get(`/api/admin/ticket/${ticketId}/messages`, 'agent.sari');
    return (page.json.data.messages as Record<string, unknown>[]).find((one) => one.id === id)!;
  }
  const becomes = (ticketId: string, id: string, status: string) =>
    eventually(
      `${id} becomes ${status}`,
      async () => (await message(ticketId, id)).delivery_status === status,
    );

  it('becomes sent, delivered and read; a note leaves nothing', async () => {
    const ticketId = await ticketOf('agent.sari');
    const note = await program.post(
      `/api/admin/ticket/${ticketId}/internal-message`,
      { content: 'diskon maksimal sepuluh persen' },
      'agent.sari',
    );
    expect(note.status).to.equal(201);
    const id = await reply(ticketId, 'Baik Pak, kami proses');
    await becomes(ticketId, id, 'read');
    expect(meta.asked.map(({ text }) => text)).to.deep.equal(['Baik Pak, kami proses']);
    expect(meta.requests).to.equal(1);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).to.include('outbound_messages_total{channel="whatsapp",result="accepted",code=""} 1');
  });

  it('is unknown when the connection breaks, until the channel reports it by our id', async () => {
    const ticketId = await ticketOf('agent.sari');
    const kept = target;
    target = undefined;
    reaction = { kind: 'reset', taken: true };
    const lost = await reply(ticketId, 'terputus');
    await becomes(ticketId, lost, 'unknown');
    expect(await message(ticketId, lost)).to.have.nested.property('delivery_error.code', 'connection_lost');
    target = kept;
    reaction = { kind: 'reset', taken: true };
    const told = await reply(ticketId, 'terputus lagi');
    await becomes(ticketId, told, 'read');
    reaction = { kind: 'accept' };
    expect(meta.asked.filter(({ callbackData }) => callbackData === lost)).to.have.length(1);
    expect(meta.asked.filter(({ callbackData }) => callbackData === told)).to.have.length(1);
  });

  it('shows a stopped number in /metrics, and the reply waits', async () => {
    const ticketId = await ticketOf('agent.sari');
    reaction = { kind: 'error', status: 403, code: 131031, details: 'Account has been locked' };
    const id = await reply(ticketId, 'halo');
    await eventually('the alert', async () =>
      (await (await fetch(`${program.url}/metrics`)).text()).includes(
        'outbound_line_stopped{channel="whatsapp",line="PHONE_ID_001",code="131031"} 1',
      ),
    );
    expect(await message(ticketId, id)).to.include({ delivery_status: 'queued' });
    reaction = { kind: 'accept' };
  });
});
