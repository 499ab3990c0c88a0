/** Offers of jobs in the staff bot, from the opening to the last button (docs/design/field-service.md#job-offers). */
import { expect } from 'chai';
import { invoice } from '../../../src/domain/invoices/invoice.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import {
  startStaffTelegram,
  type StaffTelegramSimulator,
} from '../../../src/main/demo/staff-telegram-simulator.ts';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { bearer } from '../../support/http/http.ts';

const TOKEN = '4242:staff-bot-token-for-tests';
const SECRET = 'staff-secret-for-tests-only';
const OWN = '801';
const OTHER = '802';
const ELSEWHERE = '803';

describe('job offers', function () {
  this.timeout(30_000);
  let telegram: StaffTelegramSimulator;
  let app: TestProgram;
  let customer = '';
  let other = '';
  let days = 2;
  const reactions = new Map<string, SimulatedAnswer>();

  const link = async (telegramId: string, code: string) => {
    await telegram.write(telegramId, `/start ${code}`);
    expect(telegram.messages.at(-1)?.text).to.contain('sudah terhubung');
  };
  const codeFor = async (userId: string) =>
    (await app.post(`/api/admin/users/${userId}/telegram-code`, {}, 'sa')).json.data['code'] as string;

  before(async function () {
    this.timeout(60_000);
    telegram = await startStaffTelegram({
      token: TOKEN,
      secret: SECRET,
      webhook: () => `${app.url}/api/webhook/external-bot/staff-telegram`,
      react: (method, chat) => (method === 'sendMessage' && reactions.get(chat)) || { kind: 'accept' },
    });
    app = await startTestProgram({
      TELEGRAM_API_URL: telegram.url,
      STAFF_TELEGRAM_BOT_TOKEN: TOKEN,
      STAFF_TELEGRAM_SECRET_TOKEN: SECRET,
    });
    const person = {
      ...{ name: 'Teknisi Dua', email: 'dua@test.saga', password: STAFF_PASSWORD },
      ...{ role: 'technician', division: 'sari' },
    };
    other = (await app.post('/api/admin/users', person, 'sa')).json.data['user_id'] as string;
    await link(OWN, await codeFor(app.person('technician.sari').id));
    await link(OTHER, await codeFor(other));
    await link(ELSEWHERE, await codeFor(app.person('technician.savi').id));
    const made = await app.post(
      '/api/admin/customers',
      { division: 'sari', name: 'Budi Santoso', phone: '081234567890', address: 'Batam' },
      'dispatcher.sari',
    );
    customer = (made.json.data.customer as { id: string }).id;
    await eventually('the read tables know who is linked', async () => {
      const { users } = (await app.get('/api/admin/users', 'sa')).json.data as {
        users: { telegram_linked: boolean }[];
      };
      return users.filter((one) => one.telegram_linked).length === 3;
    });
  });
  after(async () => {
    await app.close();
    await telegram.close();
  });
  beforeEach(() => {
    reactions.clear();
  });

  /** Each on a day of its own. */
  async function open(): Promise<string> {
    const from = new Date(Date.now() + (days += 1) * 86_400_000);
    const to = new Date(from.getTime() + 2 * 3_600_000);
    const opened = await app.post(
      '/api/admin/jobs',
      {
        ...{
          customer_id: customer,
          kind: 'survei_kargo',
          problem: 'Survei gudang Pak Budi',
          base_price: 250_000,
        },
        place: { address: 'Jl. Rahasia 9', district: 'Lubuk Baja', city: 'Batam' },
        window: { from: from.toISOString(), to: to.toISOString() },
      },
      'dispatcher.sari',
    );
    expect(opened.status, opened.text).to.equal(201);
    return (opened.json.data.job as { id: string }).id;
  }
  const offersTo = (chat: string) =>
    telegram.messages.filter((one) => one.chat === chat && one.text.includes('Pekerjaan baru'));
  const standing = (chat: string) => offersTo(chat).find(({ button }) => button !== null);
  const offered = (...chats: string[]) =>
    eventually('offers are out', () => chats.every((chat) => standing(chat) !== undefined));
  const textOf = (chat: string, messageId: number) =>
    telegram.messages.find((one) => one.chat === chat && one.messageId === messageId)?.text;
  const statusOf = async (jobId: string) =>
    (await app.get(`/api/admin/jobs/${jobId}`, 'dispatcher.sari')).json.data.job as {
      status: string;
      technician: { id: string } | null;
    };

  it('go to who could do it, say no more than the pool, and are over when one takes it', async () => {
    const jobId = await open();
    await offered(OWN, OTHER);
    expect(offersTo(ELSEWHERE)).to.deep.equal([]);
    const [mine, theirs] = [{ ...standing(OWN)! }, { ...standing(OTHER)! }];
    expect(mine.text).to.contain('Survei kargo').and.contain('Lubuk Baja');
    for (const secret of ['Budi', 'Rahasia', '6281', '250']) expect(mine.text).not.to.contain(secret);

    expect(await telegram.tap(OTHER, mine.button!), 'a forwarded button').to.contain('tidak berlaku');
    const begun = performance.now();
    expect(await telegram.tap(OWN, mine.button!, mine.messageId)).to.contain('milik Anda');
    expect(performance.now() - begun).to.be.below(1_000);
    expect(await telegram.tap(OWN, mine.button!, mine.messageId), 'a second tap').to.contain('milik Anda');
    expect(await telegram.tap(OTHER, theirs.button!, theirs.messageId)).to.contain('sudah diambil');
    await eventually('both buttons are gone', () => !standing(OWN) && !standing(OTHER));
    expect(textOf(OWN, mine.messageId)).to.contain('milik Anda');
    expect(textOf(OTHER, theirs.messageId)).to.contain('sudah diambil');
    const { status, technician } = await statusOf(jobId);
    expect([status, technician?.id]).to.deep.equal(['assigned', app.person('technician.sari').id]);

    const back = await app.post(`/api/jobs/${jobId}/give-back`, { reason: 'Sakit' }, 'technician.sari');
    expect(back.status, back.text).to.equal(200);
    await offered(OWN, OTHER);
    expect(offersTo(OWN)).to.have.length(1);
    const cancelled = await app.post(
      `/api/admin/jobs/${jobId}/cancel`,
      { reason: 'Batal' },
      'dispatcher.sari',
    );
    expect(cancelled.status, cancelled.text).to.equal(200);
    await eventually('both buttons are gone', () => !standing(OWN) && !standing(OTHER));
    expect(await telegram.tap(OWN, mine.button!, mine.messageId), 'a stale button').to.contain('dibatalkan');
  });

  it('keep the customer from being archived or deleted while a job is open', async () => {
    const jobId = await open();
    await offered(OWN, OTHER);
    const archived = await app.post(`/api/admin/customers/${customer}/archive`, {}, 'dispatcher.sari');
    const { token } = app.person('dispatcher.sari');
    const deleted = await app.call(`/api/admin/customers/${customer}`, {
      method: 'DELETE',
      headers: bearer(token),
    });
    for (const refused of [archived, deleted])
      expect([refused.status, refused.json.error?.code]).to.deep.equal([409, 'CUSTOMER_HAS_OPEN_WORK']);
    const work = await app.get(`/api/admin/customers/${customer}/history`, 'dispatcher.sari');
    expect(work.json.data['history']).to.deep.include({
      ...(work.json.data['history'] as object[])[0],
      ...{ kind: 'job', id: jobId, status: 'open' },
    });
    await app.post(`/api/admin/jobs/${jobId}/cancel`, { reason: 'Batal' }, 'dispatcher.sari');
    await eventually('both buttons are gone', () => !standing(OWN) && !standing(OTHER));
  });

  it('wait as long as Telegram says, and go on when it is back', async () => {
    reactions.set(OWN, { kind: 'error', status: 429, retryAfter: 0.02 });
    const jobId = await open();
    await offered(OTHER);
    reactions.clear();
    await offered(OWN);
    expect(offersTo(OTHER).filter(({ button }) => button !== null)).to.have.length(1);
    const taken = await app.post(`/api/jobs/${jobId}/take`, {}, 'technician.sari');
    expect(taken.status, 'the pool on the web works in any case').to.equal(200);
    await eventually('both buttons are gone', () => !standing(OWN) && !standing(OTHER));
  });

  it('tell who plans the visits when somebody has stopped the bot', async () => {
    reactions.set(OTHER, { kind: 'error', status: 403, details: 'Forbidden: bot was blocked by the user' });
    await open();
    await offered(OWN);
    await eventually('the dispatcher is told', async () => {
      const { notifications } = (await app.get('/api/notifications', 'dispatcher.sari')).json.data as {
        notifications: { kind: string; text: string }[];
      };
      return notifications.some(
        ({ kind, text }) => kind === 'telegram_lost' && text.startsWith('Teknisi Dua'),
      );
    });
    reactions.clear();
    await telegram.write(OTHER, 'halo');
    expect(telegram.messages.at(-1)?.text).to.contain('/start KODE');
    await link(OTHER, await codeFor(other));
  });

  it('say to who may approve an invoice that one waits, without a button', async () => {
    const invoiceId = app.person('sa').id;
    const data = {
      ...{ invoiceId, jobId: invoiceId, division: 'sari' as const, customerId: customer },
      ...{
        revision: 1,
        hash: 'h',
        by: other,
        approvers: [app.person('tl').id, app.person('technician.sari').id],
      },
    };
    const context = {
      ...{ actor: { kind: 'system', process: 'test' } as const, at: new Date().toISOString() },
      ...{ correlationId: invoiceId, causationId: invoiceId, requestId: invoiceId },
    };
    await app.program.commands.handler.executeCommand(invoice, invoiceId, context, () => [
      { type: 'InvoiceSubmitted', data },
    ]);
    const said = await eventually('the one who is linked is told', () =>
      telegram.messages.find(({ text }) => text.includes('menunggu persetujuan')),
    );
    expect(said).to.include({ chat: OWN, button: null });
  });
});
