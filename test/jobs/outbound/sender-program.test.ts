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

  describe('with files, quotes and read receipts', () => {
    const PDF = Buffer.from('%PDF-1.7 daftar harga kargo');
    const upload = async (
      ticketId: string,
      bytes: Uint8Array<ArrayBuffer>,
      name: string,
      as = 'agent.sari',
    ): Promise<{
      status: number;
      body: { data: Record<string, unknown>; error: Record<string, unknown> };
    }> => {
      const form = new FormData();
      form.set('file', new Blob([bytes]), name);
      const response = await fetch(`${program.url}/api/admin/ticket/${ticketId}/media`, {
        method: 'POST',
        body: form,
        headers: { authorization: `Bearer ${program.person(as).token}` },
      });
      return { status: response.status, body: (await response.json()) as never };
    };

    it('a file goes out with its caption and a quote, and can be opened without a token', async () => {
      reaction = { kind: 'accept' };
      const ticketId = await ticketOf('agent.sari');
      const page = await program.get(`/api/admin/ticket/${ticketId}/messages`, 'agent.sari');
      const [question] = page.json.data.messages as { id: string; content: string }[];
      const { status, body } = await upload(ticketId, new Uint8Array(PDF), 'Harga "Juli".pdf');
      expect(status, JSON.stringify(body)).to.equal(201);
      expect(body.data).to.deep.include({ kind: 'document', mime_type: 'application/pdf', size: PDF.length });
      const wish = { message: 'Ini harganya', media_ids: [body.data['media_id']], client_ref: 'tab-1' };
      const sent = await program.post(
        `/api/admin/ticket/${ticketId}/reply`,
        { ...wish, reply_to: question?.id },
        'agent.sari',
      );
      expect(sent.status, sent.text).to.equal(201);
      const said = sent.json.data['message'] as Record<string, unknown>;
      expect(said).to.deep.include({
        client_ref: 'tab-1',
        content: '[Dokumen] Harga "Juli".pdf, Ini harganya',
        reply_to: { id: question?.id, preview: question?.content, story: null },
      });
      await becomes(ticketId, said['id'] as string, 'read');
      const taken = meta.taken.at(-1);
      expect(taken?.text).to.equal('Ini harganya');
      expect(taken?.quotes).to.be.a('string');
      expect(taken?.file?.name).to.equal('Harga "Juli".pdf');
      expect(meta.uploads.get(taken?.file?.id ?? '')?.bytes.equals(PDF)).to.equal(true);

      const shown = await message(ticketId, said['id'] as string);
      const [file] = shown['attachments'] as Record<string, unknown>[];
      expect(file).to.include({ state: 'ready', caption: 'Ini harganya', name: 'Harga "Juli".pdf' });
      const address = program.url + String(file?.['url']);
      const opened = await fetch(address);
      expect(opened.status).to.equal(200);
      expect(opened.headers.get('content-disposition')).to.match(/^inline; /);
      expect(Buffer.from(await opened.arrayBuffer()).equals(PDF)).to.equal(true);
      const part = await fetch(address, { headers: { range: 'bytes=1-3' } });
      expect([part.status, part.headers.get('content-range'), await part.text()]).to.deep.equal([
        ...[206, `bytes 1-3/${String(PDF.length)}`, 'PDF'],
      ]);
      const beyond = await fetch(address, { headers: { range: 'bytes=999-' } });
      expect(beyond.status).to.equal(416);
      const forged = await fetch(address.replace(/signature=../, 'signature=00'));
      expect(forged.status).to.equal(403);
    });

    it('refuses what nobody may send, what the channel cannot carry, and what is no file', async () => {
      const ticketId = await ticketOf('agent.sari');
      const refused = async (bytes: Uint8Array<ArrayBuffer>, name: string, as?: string) => {
        const { status, body } = await upload(ticketId, bytes, name, as);
        return [status, body.error['code']];
      };
      expect(await refused(new Uint8Array([0x4d, 0x5a, 1]), 'harga.pdf')).to.deep.equal([
        400,
        'MEDIA_NOT_SUPPORTED',
      ]);
      expect(await refused(new Uint8Array(PDF), 'harga.exe')).to.deep.equal([400, 'MEDIA_NOT_SUPPORTED']);
      const picture = new Uint8Array(5_000_001);
      picture.set([0xff, 0xd8, 0xff]);
      expect(await refused(picture, 'a.jpg')).to.deep.equal([400, 'MEDIA_NOT_SUPPORTED']);
      expect(await refused(new Uint8Array(PDF), 'a.pdf', 'other.sari')).to.deep.equal([403, 'NOT_ASSIGNEE']);
      const json = await program.post(`/api/admin/ticket/${ticketId}/media`, {}, 'agent.sari');
      expect([json.status, json.json.error.code]).to.deep.equal([400, 'UNSUPPORTED_MEDIA_TYPE']);
      const foreign = await program.post(
        `/api/admin/ticket/${ticketId}/reply`,
        { media_ids: [ticketId] },
        'agent.sari',
      );
      expect([foreign.status, foreign.json.error.code]).to.deep.equal([404, 'MEDIA_NOT_FOUND']);
      const nothing = await program.post(
        `/api/admin/ticket/${ticketId}/reply`,
        { message: 'ya', reply_to: ticketId },
        'agent.sari',
      );
      expect([nothing.status, nothing.json.error.details?.[0]?.path]).to.deep.equal([400, 'reply_to']);
    });

    it('tells WhatsApp what its agent has read, once', async () => {
      const ticketId = await ticketOf('agent.sari');
      const before = meta.reads.length;
      const read = (as: string) => program.post(`/api/admin/ticket/${ticketId}/read`, {}, as);
      await read('tl');
      await read('agent.sari');
      await read('agent.sari');
      await eventually('WhatsApp is told', () => Promise.resolve(meta.reads.length > before));
      expect(meta.reads.length - before).to.equal(1);
    });
  });

  // Last: the line stays stopped for a minute.
  describe('of a number that is stopped', () => {
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
});
