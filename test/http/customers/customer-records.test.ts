/** Customers by hand and by WhatsApp, over HTTP (docs/design/field-service.md#customers-by-hand). */
import { expect } from 'chai';
import { type MetaSimulator, startMetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { bearer } from '../../support/http/http.ts';

const TOKEN = 'a WhatsApp token for tests only';

describe('customers by hand', () => {
  let meta: MetaSimulator;
  let app: TestProgram;
  let written = 0;

  before(async function () {
    this.timeout(60_000);
    meta = await startMetaSimulator({ token: TOKEN });
    app = await startTestProgram({ WHATSAPP_API_URL: meta.url, WHATSAPP_TOKEN: TOKEN });
  });
  after(async () => {
    await app.close();
    await meta.close();
  });

  const writes = (number: string, message: string) =>
    app.webhook({
      ...{
        event: 'message',
        sender: 'customer',
        user_id: `wa_${number}`,
        channel: 'whatsapp',
        division: 'sari',
      },
      ...{ bot_id: 'sari', message, user_name: 'Nama Profil', timestamp: new Date().toISOString() },
      ...{ message_id: `written-${String((written += 1))}`, is_office_hours: true },
    });
  const register = (phone: string, as = 'dispatcher.sari', division = 'sari') =>
    app.post('/api/admin/customers', { division, name: 'Budi Santoso', phone, address: 'Batam' }, as);
  const record = (id: string, as = 'dispatcher.sari') => app.get(`/api/admin/customers/${id}`, as);
  const remove = (id: string, as = 'dispatcher.sari') =>
    app.call(`/api/admin/customers/${id}`, { method: 'DELETE', headers: bearer(app.person(as).token) });
  const customerOf = async (id: string) =>
    (await record(id)).json.data.customer as Record<string, string | number | null>;
  const history = async (id: string, query = '') =>
    (await app.get(`/api/admin/customers/${id}/history${query}`, 'dispatcher.sari')).json;

  it('are found by what they write later, and have one record', async () => {
    const made = await register('0812 1111 2222');
    expect(made.status, made.text).to.equal(201);
    const { id } = made.json.data.customer as { id: string };
    const again = await register('+62-812-1111-2222');
    expect([again.status, again.json.error?.code]).to.deep.equal([409, 'CUSTOMER_EXISTS']);
    expect(again.text).to.contain(id);
    expect((await register('0812 1111 2222', 'dispatcher.savi')).json.error?.code).to.equal(
      'DIVISION_FORBIDDEN',
    );
    expect((await record(id, 'dispatcher.savi')).status).to.equal(404);
    expect((await record(id, 'technician.sari')).status).to.equal(403);

    expect((await app.post(`/api/admin/customers/${id}/archive`, {}, 'dispatcher.sari')).status).to.equal(
      200,
    );
    expect((await customerOf(id))['archived_at']).to.be.a('string');
    const listed = await app.get('/api/admin/customers?limit=200', 'dispatcher.sari');
    expect(listed.text).not.to.contain(id);
    await writes('6281211112222', 'Halo');
    const ticketed = await eventually('the ticket is theirs', async () => {
      const found = await customerOf(id);
      return found['ticket_count'] === 1 ? found : undefined;
    });
    expect(ticketed).to.include({ name: 'Budi Santoso', archived_at: null });
    const work = await history(id, '?limit=1');
    expect(work.data['history']).to.have.length(1);
    expect(work.data['history']).to.have.nested.property('[0].kind', 'ticket');
    expect((await history(id, `?cursor=nonsense`)).error?.code).to.equal('VALIDATION_FAILED');

    for (const refused of [
      await app.post(`/api/admin/customers/${id}/archive`, {}, 'dispatcher.sari'),
      await remove(id),
    ])
      expect([refused.status, refused.json.error?.code]).to.deep.equal([409, 'CUSTOMER_HAS_OPEN_WORK']);
  });

  it('get another number, which leads to them, and none of somebody else', async () => {
    const { id } = (await register('081233334444')).json.data.customer as { id: string };
    const other = (await register('081255556666')).json.data.customer as { id: string };
    const change = (body: object) => app.patch(`/api/admin/customers/${id}`, body, 'dispatcher.sari');
    const taken = await change({ phone: '081255556666' });
    expect([taken.status, taken.json.error?.code]).to.deep.equal([409, 'CUSTOMER_EXISTS']);
    expect(taken.text).to.contain(other.id);
    const changed = await change({ phone: '081277778888', address: 'Jl. Kenari 5' });
    expect(changed.json.data.customer).to.include({ phone: '+6281277778888', address: 'Jl. Kenari 5' });
    expect((await register('081277778888')).text).to.contain(id);
    await writes('6281277778888', 'Nomor baru saya');
    await eventually(
      'the new number leads to them',
      async () => (await customerOf(id))['ticket_count'] === 1,
    );
    expect((await change({})).status).to.equal(400);
  });

  it('are deleted for good', async () => {
    const { id } = (await register('081299990000')).json.data.customer as { id: string };
    expect((await remove(id, 'dispatcher.savi')).status).to.equal(404);
    expect((await remove(id)).status).to.equal(202);
    const again = (await register('081299990000')).json.data.customer as { id: string };
    expect(again.id).not.to.equal(id);
  });

  it('register themselves by WhatsApp, in one message or by three questions', async function () {
    this.timeout(30_000);
    const asked = (phone: string) =>
      meta.asked.filter(({ to }) => to === phone).map(({ text }) => text ?? '');
    const answered = (phone: string, count: number) =>
      eventually(`${String(count)} answers`, () => asked(phone).length === count);
    const [one, other, third] = ['6281300000001', '6281300000002', '6281300000003'] as const;
    await writes(one, 'DAFTAR#Siti Aminah#Jl. Melati 7, Batam');
    await answered(one, 1);
    expect(asked(one)[0]).to.contain('Siti Aminah');
    for (const [n, said] of ['daftar', 'Joko Susilo', 'Jl. Mawar 1, Batam', 'ya'].entries()) {
      await writes(other, said);
      await answered(other, n + 1);
    }
    for (const [n, said] of ['DAFTAR#x', 'DAFTAR#'].entries()) {
      await writes(third, said);
      await answered(third, n + 1);
    }
    const find = async (q: string) =>
      (await app.get(`/api/admin/customers?q=${q}`, 'dispatcher.sari')).json.data.customers as {
        name: string;
        address: string;
      }[];
    await eventually(
      'both are known',
      async () => (await find('Siti')).length + (await find('Joko')).length === 2,
    );
    expect((await find('Siti'))[0]).to.include({ name: 'Siti Aminah', address: 'Jl. Melati 7, Batam' });
    expect((await find('Joko'))[0]).to.include({ name: 'Joko Susilo', address: 'Jl. Mawar 1, Batam' });
    const queued = await app.get(`/api/admin/inbox?q=${third}`, 'dispatcher.sari');
    // By night with the label of the night.
    const [{ queue_status: status }] = queued.json.data.tickets as [{ queue_status: string }];
    expect(status).to.be.oneOf(['queued', 'off_hours']);
  });
});
