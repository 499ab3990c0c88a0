/** Lines of three providers of one channel, as a whole program has them (docs/design/channels.md#providers). */
import { expect } from 'chai';
import { startMetaSimulator, type MetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import { startTwilioSimulator, type TwilioSimulator } from '../../../src/main/demo/twilio-simulator.ts';
import { startWahaSimulator, type WahaSimulator } from '../../../src/main/demo/waha-simulator.ts';
import { metaBytes, sign, waText } from '../../support/channels/meta.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';

const PUBLIC_URL = 'https://saga.example.test';
const HOOK = '/api/webhook/external-bot';
const NUMBER = '6221500100';
const SESSION = 'cs-sari';
const META_LINE = 'PHONE_ID_001';

interface Ticket {
  readonly id: string;
  readonly customer_phone: string | null;
  readonly status: string;
  readonly queue_status: string | null;
  readonly line: { readonly id: string } | null;
  readonly window_expires_at: string | null;
  readonly assigned_to: { readonly id: string } | null;
  readonly response_due_at: string | null;
  readonly can: { readonly reply: boolean };
}
interface Message {
  readonly content: string;
  readonly sender_type: string;
  readonly line: string | null;
  readonly delivery_status: string | null;
}

describe('lines of Meta, Twilio and WAHA', () => {
  let app: TestProgram;
  let meta: MetaSimulator;
  let twilio: TwilioSimulator;
  let waha: WahaSimulator;
  let api: string | undefined;

  before(async function () {
    this.timeout(90_000);
    meta = await startMetaSimulator({ token: 'a token of WhatsApp' });
    twilio = await startTwilioSimulator({
      publicUrl: PUBLIC_URL,
      api: () => api,
      pace: 20,
      reportsFirst: ({ Body }) => Body === 'laporan dulu',
      react: ({ Body }) =>
        Body === 'berhenti dulu' ? { kind: 'error', status: 400, code: 21_610 } : { kind: 'accept' },
    });
    waha = await startWahaSimulator({ pace: 20, webhook: () => `${api ?? ''}${HOOK}/waha` });
    waha.sessions.set(SESSION, 'WORKING');
    // What came while nobody listened.
    const date_sent = new Date(Date.now() - 120_000).toUTCString();
    twilio.listed.push({
      ...{
        sid: 'SMmissed',
        from: 'whatsapp:+6281200000077',
        to: `whatsapp:+${NUMBER}`,
        body: 'Terlewat di Twilio',
      },
      ...{ direction: 'inbound', status: 'received', date_sent, num_media: '0', error_code: null },
    });
    waha.history.push({
      ...{ id: 'false_6281200000088@c.us_3EB0MISSED', from: '6281200000088@c.us', fromMe: false },
      ...{ body: 'Terlewat di WAHA', timestamp: Math.floor(Date.now() / 1_000) - 120 },
    });
    app = await startTestProgram({
      PUBLIC_URL,
      RESPONSE_TIMEOUT_MINUTES: '0.1',
      WHATSAPP_TOKEN: 'a token of WhatsApp',
      WHATSAPP_API_URL: meta.url,
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_API_URL: twilio.url,
      TWILIO_NUMBERS: `+${NUMBER}:sari:Saga Kargo Dua`,
      WAHA_URL: waha.url,
      WAHA_API_KEY: waha.key,
      WAHA_HMAC_KEY: waha.hmacKey,
      WAHA_SESSION_MAP: `${SESSION}:sari:Saga Kargo Tiga`,
      WAHA_STAFF_GROUP: '120363041234567890@g.us',
    });
    api = app.url;
  });
  after(async () => {
    await app.close();
    await meta.close();
    await twilio.close();
    await waha.close();
  });

  const tickets = async (): Promise<readonly Ticket[]> =>
    (await app.get('/api/admin/inbox?division=sari&limit=200', 'sa')).json.data.tickets as Ticket[];
  const ticketOf = async (phone: string): Promise<readonly Ticket[]> =>
    (await tickets()).filter(({ customer_phone }) => customer_phone === `+${phone}`);
  const oneTicketOf = (phone: string, isIt: (ticket: Ticket) => boolean = () => true): Promise<Ticket> =>
    eventually(`the ticket of ${phone}`, async () => (await ticketOf(phone)).find(isIt));
  const messagesOf = async (id: string): Promise<readonly Message[]> =>
    (await app.get(`/api/admin/ticket/${id}/messages`, 'sa')).json.data.messages as Message[];
  const reply = (id: string, message: string) =>
    app.post(`/api/admin/ticket/${id}/reply`, { message }, 'agent.sari');

  let sids = 0;
  const byTwilio = (
    phone: string,
    Body: string,
    over: Record<string, string> = {},
    path = `${HOOK}/twilio`,
  ) => {
    sids += 1;
    return twilio.post(path, {
      ...{ MessageSid: `SM${String(sids)}`, From: `whatsapp:+${phone}`, To: `whatsapp:+${NUMBER}` },
      ...{ WaId: phone, Body, NumMedia: '0', MessageType: 'text', ProfileName: 'Budi' },
      ...over,
    });
  };
  /** Meta tells whole seconds. @param second that a message after one of Twilio's was written in */
  const byMeta = (phone: string, id: string, body: string, second = Math.floor(Date.now() / 1_000)) => {
    const bytes = metaBytes(
      waText(id, { from: phone, text: { body }, timestamp: String(second) }, META_LINE),
    );
    return app.call(HOOK, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'x-hub-signature-256': sign(bytes, app.secrets.WHATSAPP_APP_SECRET) },
    });
  };
  const byWaha = (phone: string, id: string, body: string, over: object = {}) =>
    waha.post('message', SESSION, {
      ...{ id: `false_${phone}@c.us_${id}`, from: `${phone}@c.us`, fromMe: false, body },
      ...{ timestamp: Math.floor(Date.now() / 1_000), ...over },
    });

  it('takes in what came while nobody listened, once', async () => {
    const ours = await oneTicketOf('6281200000077');
    expect((await messagesOf(ours.id)).map(({ content }) => content)).to.deep.equal(['Terlewat di Twilio']);
    const theirs = await oneTicketOf('6281200000088');
    expect((await messagesOf(theirs.id)).map(({ content }) => content)).to.deep.equal(['Terlewat di WAHA']);
    // The webhook brings it after all.
    expect(await byWaha('6281200000088', '3EB0MISSED', 'Terlewat di WAHA')).to.equal(200);
    await byWaha('6281200000088', '3EB0NEXT', 'Lagi');
    await eventually('the next one', async () => (await messagesOf(theirs.id)).length >= 2);
    expect((await messagesOf(theirs.id)).map(({ content }) => content)).to.deep.equal([
      'Terlewat di WAHA',
      'Lagi',
    ]);
  });

  it('verifies the address as Twilio knows it, answers nothing, and takes the other name of it', async () => {
    expect(await byTwilio('6281200000001', 'Halo')).to.deep.equal({ status: 204, text: '' });
    expect((await byTwilio('6281200000001', 'Lagi', {}, '/api/whatsapp/webhook')).status).to.equal(204);
    expect((await byTwilio('6281200000001', 'Lagi', {}, `${HOOK}/twilio?x=1`)).status).to.equal(204);
    const form = 'MessageSid=SM9&From=whatsapp%3A%2B62&Body=x';
    for (const headers of [{}, { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }])
      expect((await app.call(`${HOOK}/twilio`, { method: 'POST', body: form, headers })).status).to.equal(
        401,
      );
    // A signature of Meta's is good at its own address alone.
    const bytes = metaBytes(waText('wamid.x'));
    const headers = { 'x-hub-signature-256': sign(bytes, app.secrets.WHATSAPP_APP_SECRET) };
    const moved = { method: 'POST', body: new Uint8Array(bytes), headers };
    expect((await app.call(`${HOOK}/twilio`, moved)).status).to.equal(401);
    expect((await app.call(`${HOOK}/waha`, moved)).status).to.equal(401);
  });

  it('one customer on two lines of a division has one ticket, and each answer leaves by the line used last', async () => {
    const phone = '6281200000002';
    expect((await byMeta(phone, 'wamid.first', 'Halo lewat Meta')).status).to.equal(200);
    const { id } = await oneTicketOf(phone);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    await reply(id, 'jawaban satu');
    await eventually('Meta has it', () => meta.taken.some(({ text }) => text === 'jawaban satu'));
    await byTwilio(phone, 'Sekarang lewat Twilio');
    await oneTicketOf(phone, ({ line }) => line?.id === NUMBER);
    await reply(id, 'jawaban dua');
    const taken = await eventually('Twilio has it', () =>
      twilio.taken.find(({ Body }) => Body === 'jawaban dua'),
    );
    expect(taken).to.include({ From: `whatsapp:+${NUMBER}`, To: `whatsapp:+${phone}` });
    await byMeta(phone, 'wamid.third', 'Kembali ke Meta', Math.ceil(Date.now() / 1_000));
    await oneTicketOf(phone, ({ line }) => line?.id === META_LINE);
    await reply(id, 'jawaban tiga');
    await eventually('Meta has this, too', () => meta.taken.some(({ text }) => text === 'jawaban tiga'));
    expect(await ticketOf(phone)).to.have.length(1);
    const said = await eventually('its reports', async () => {
      const found = (await messagesOf(id)).filter(({ content }) => content.startsWith('jawaban'));
      return found[1]?.delivery_status === 'read' && found[2]?.line != null ? found : undefined;
    });
    expect(said.map(({ line }) => line)).to.deep.equal([META_LINE, NUMBER, META_LINE]);
  });

  it('a report of Twilio that comes before its answer is not lost, whatever the answer is', async () => {
    const phone = '6281200000010';
    await byTwilio(phone, 'Halo');
    const { id } = await oneTicketOf(phone);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    await reply(id, 'laporan dulu');
    await eventually('it is read', async () =>
      (await messagesOf(id)).some(
        ({ content, delivery_status }) => content === 'laporan dulu' && delivery_status === 'read',
      ),
    );
    expect(twilio.taken.filter(({ Body }) => Body === 'laporan dulu')).to.have.length(1);
  });

  it("mirrors Twilio's own list of those who want no more", async () => {
    const phone = '6281200000003';
    await byTwilio(phone, 'Halo');
    const { id } = await oneTicketOf(phone);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    await reply(id, 'berhenti dulu');
    await eventually('it is known here', async () => {
      const { json } = await app.get(`/api/admin/ticket/${id}`, 'sa');
      return (json.data['ticket'] as { opted_out: boolean }).opted_out;
    });
    await byTwilio(phone, 'START');
    await eventually('and taken back by their own word', async () => {
      const { json } = await app.get(`/api/admin/ticket/${id}`, 'sa');
      return !(json.data['ticket'] as { opted_out: boolean }).opted_out;
    });
  });

  it('a line of WAHA answers without a window, whichever name a message comes by, and shows the phone', async function () {
    this.timeout(30_000);
    const phone = '6281200000004';
    waha.numbers.set('9911', `${phone}@c.us`);
    const hidden = { id: 'false_9911@lid_3EB0A', from: '9911@lid' };
    await Promise.all([byWaha(phone, '3EB0A', 'Halo'), byWaha(phone, '3EB0A', 'Halo', hidden)]);
    const { id } = await oneTicketOf(phone);
    await byWaha(phone, '3EB0B', 'Dua', { ...hidden, id: 'false_9911@lid_3EB0B' });
    await eventually('both', async () => (await messagesOf(id)).length === 2);
    const ticket = await oneTicketOf(phone, ({ line }) => line?.id === SESSION);
    expect(ticket.window_expires_at).to.equal(null);
    await waha.post('message.any', SESSION, {
      ...{ id: `true_${phone}@c.us_3EB0P`, from: 'us', to: `${phone}@c.us`, fromMe: true, source: 'app' },
      ...{ body: 'Dari HP', timestamp: Math.floor(Date.now() / 1_000) },
    });
    await eventually('the colleague', async () =>
      (await messagesOf(id)).some(({ content }) => content === 'Dari HP'),
    );
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    expect((await reply(id, 'jawaban WAHA')).status).to.equal(201);
    const sent = await eventually(
      'WAHA has it',
      () => waha.taken.find(({ json }) => json['text'] === 'jawaban WAHA'),
      20_000,
    );
    expect(sent.json['chatId']).to.equal(`${phone}@c.us`);
    await eventually('it was read', async () =>
      (await messagesOf(id)).some(
        ({ content, delivery_status }) => content === 'jawaban WAHA' && delivery_status === 'read',
      ),
    );
    // Its own echo is nobody's message.
    await waha.post('message.any', SESSION, {
      ...{ id: sent.id, to: `${phone}@c.us`, fromMe: true, source: 'api', body: 'jawaban WAHA' },
      timestamp: Math.floor(Date.now() / 1_000),
    });
    await byWaha(phone, '3EB0E', 'Oke');
    await eventually('what came after', async () =>
      (await messagesOf(id)).some(({ content }) => content === 'Oke'),
    );
    expect((await messagesOf(id)).map(({ content }) => content)).to.deep.equal([
      ...['Halo', 'Dua', 'Dari HP', 'jawaban WAHA', 'Oke'],
    ]);
  });

  it('shows its lines to a super admin, restarts one, links it, and sends a test', async () => {
    const listed = await eventually('they were looked at', async () => {
      const { json } = await app.get('/api/admin/channels', 'sa');
      const lines = json.data['lines'] as { id: string; state: string; last_inbound_at: string | null }[];
      return lines.find(({ id }) => id === NUMBER)?.state === 'working' ? lines : undefined;
    });
    const of = (id: string) => listed.find((line) => line.id === id);
    expect(of(NUMBER)).to.deep.include({
      provider: 'twilio',
      channel: 'whatsapp',
      division: 'sari',
      name: 'Saga Kargo Dua',
    });
    expect(of(SESSION)).to.include({ provider: 'waha', state: 'working', detail: 'WORKING' });
    expect(of(NUMBER)?.last_inbound_at).to.match(/Z$/);
    const path = `/api/admin/channels/${SESSION}`;
    expect((await app.get(`${path}/qr`, 'sa')).json.error.code).to.equal('LINE_CANNOT');
    expect((await app.get('/api/admin/channels/nobody', 'sa')).json.error.code).to.equal('LINE_NOT_FOUND');
    expect((await app.get('/api/admin/channels', 'tl')).status).to.equal(403);
    const test = await app.post(`/api/admin/channels/${NUMBER}/test`, { to: '+6281200000009' }, 'sa');
    expect(test.json.data).to.deep.equal({ outcome: 'accepted', code: null, text: null });
    expect(twilio.taken.at(-1)).to.include({ To: 'whatsapp:+6281200000009' });
    expect((await app.post(`${path}/restart`, {}, 'sa')).json.data).to.deep.equal({ restarted: true });
    expect(waha.sessions.get(SESSION)).to.equal('STARTING');
    waha.sessions.set(SESSION, 'SCAN_QR_CODE');
    const picture = await app.get(`${path}/qr`, 'sa');
    expect([picture.status, picture.headers.get('content-type')]).to.deep.equal([200, 'image/png']);
    waha.sessions.set(SESSION, 'WORKING');
  });

  it('has the inbox and the reply under the names of an earlier plan', async () => {
    const mine = await app.get('/api/conversations', 'agent.sari');
    const [first] = mine.json.data.tickets as Ticket[];
    expect(first?.assigned_to?.id).to.equal(app.person('agent.sari').id);
    const body = { conversation_id: first?.id, message: 'lewat nama lama' };
    const said = await app.post('/api/conversations/reply', body, 'agent.sari');
    expect(said.status, said.text).to.equal(201);
    expect(said.json.data).to.have.nested.property('message.content', 'lewat nama lama');
    expect((await app.post('/api/conversations/reply', body, 'other.sari')).json.error.code).to.equal(
      'NOT_ASSIGNEE',
    );
  });

  it('withdraws a silent agent’s ticket of a Twilio line, passes it on, and leaves it with who answers', async function () {
    this.timeout(40_000);
    const phone = '6281200000005';
    await byTwilio(phone, 'Tolong cepat');
    const { id } = await oneTicketOf(phone);
    for (const who of ['agent.sari', 'other.sari'])
      await app.post('/api/agent/status', { status: 'online' }, who);
    await app.webhook({
      event: 'handoff',
      user_id: `wa_${phone}`,
      channel: 'whatsapp',
      division: 'sari',
      message_id: 'h1',
    });
    const first = await eventually('somebody has it', async () => (await oneTicketOf(phone)).assigned_to?.id);
    const second = await eventually(
      'somebody else has it',
      async () => {
        const holder = (await oneTicketOf(phone)).assigned_to?.id;
        return holder !== undefined && holder !== first ? holder : undefined;
      },
      20_000,
    );
    const who = ['agent.sari', 'other.sari'].find((key) => app.person(key).id === second) ?? '';
    // The group of staff hears of it, and learns nobody's name.
    const told = await eventually('the group', () =>
      waha.taken.find(({ json }) => json['chatId'] === '120363041234567890@g.us'),
    );
    expect(told.json['text']).to.include('- SARI: B***').and.not.to.include('Budi');
    expect((await app.post(`/api/admin/ticket/${id}/reply`, { message: 'Siap Kak' }, who)).status).to.equal(
      201,
    );
    await eventually('Twilio has it', () => twilio.taken.some(({ Body }) => Body === 'Siap Kak'));
    await oneTicketOf(
      phone,
      (ticket) => ticket.response_due_at === null && ticket.assigned_to?.id === second,
    );
  });

  it('an erasure is carried out at the providers, too', async function () {
    this.timeout(30_000);
    const phone = '6281200000006';
    await byTwilio(phone, 'Halo', { MessageSid: 'SMerase1' });
    const { id } = await oneTicketOf(phone);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    await reply(id, 'jawaban yang dihapus');
    const sent = await eventually('Twilio has it', () =>
      twilio.taken.find(({ Body }) => Body === 'jawaban yang dihapus'),
    );
    await byWaha(phone, '3EB0ERASE', 'Lewat WAHA');
    await eventually('both lines', async () => (await messagesOf(id)).length >= 3);
    await app.post(`/api/admin/ticket/${id}/close`, {}, 'agent.sari');
    const ticket = await oneTicketOf(phone);
    const { customer_id } = ticket as Ticket & { readonly customer_id: string };
    const erased = await app.post(`/api/admin/customer/${customer_id}/erase`, {}, 'sa');
    expect(erased.status, erased.text).to.equal(202);
    const at = `/2010-04-01/Accounts/${twilio.accountSid}/Messages`;
    await eventually('Twilio deleted ours', () => twilio.deleted.includes(`${at}/${sent.sid}`), 20_000);
    await eventually('WAHA emptied the chat', () => waha.emptied.includes(`${SESSION} ${phone}@c.us`));
  });
});
