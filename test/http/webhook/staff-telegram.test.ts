/** The staff bot, over its webhook and a simulated Telegram (docs/design/field-service.md#staff-bot). */
import { expect } from 'chai';
import express from 'express';
import type { AddressInfo } from 'node:net';
import {
  type StaffTelegramSimulator,
  startStaffTelegram,
} from '../../../src/main/demo/staff-telegram-simulator.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import type { Account } from '../../../src/domain/staff/member.ts';
import { createByteBudget } from '../../../src/http/framework/body-budget.ts';
import { createServer } from '../../../src/http/framework/server/server.ts';
import { staffTelegramRouter, type TapOutcome } from '../../../src/http/webhook/staff-telegram.ts';
import { createStaffBot } from '../../../src/channels/telegram/staff-bot.ts';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { bearer } from '../../support/http/http.ts';

const TOKEN = '4242:staff-bot-token-for-tests';
const SECRET = 'staff-secret-for-tests-only';

describe('the staff bot', () => {
  let telegram: StaffTelegramSimulator;
  let app: TestProgram;
  let reaction: SimulatedAnswer = { kind: 'accept' };

  before(async function () {
    this.timeout(60_000);
    telegram = await startStaffTelegram({
      token: TOKEN,
      secret: SECRET,
      webhook: () => `${app.url}/api/webhook/external-bot/staff-telegram`,
      react: () => reaction,
    });
    app = await startTestProgram({
      TELEGRAM_API_URL: telegram.url,
      STAFF_TELEGRAM_BOT_TOKEN: TOKEN,
      STAFF_TELEGRAM_SECRET_TOKEN: SECRET,
    });
  });
  after(async () => {
    await app.close();
    await telegram.close();
  });
  afterEach(() => {
    reaction = { kind: 'accept' };
  });

  const codeOf = async (path: string, as: string) =>
    (await app.post(path, {}, as)).json.data['code'] as string;
  const ownCode = (as: string) => codeOf('/api/auth/me/telegram-code', as);
  const last = () => telegram.messages.at(-1)?.text ?? '';
  const isLinked = async (key: string) =>
    (
      (await app.get(`/api/admin/users/${app.person(key).id}`, 'sa')).json.data.user as {
        telegram_linked: boolean;
      }
    ).telegram_linked;
  const remove = (path: string, as: string) =>
    app.call(path, { method: 'DELETE', headers: bearer(app.person(as).token) });

  it('links who brings their code, once, and one account to one person', async () => {
    expect(await telegram.write('701', '/start')).to.equal(200);
    expect(last()).to.contain('/start KODE');
    const code = await ownCode('technician.sari');
    await telegram.write('701', `/start ${code.toLowerCase()}`);
    expect(last()).to.contain('technician.sari');
    await eventually('the list shows it', () => isLinked('technician.sari'));
    await telegram.write('702', `/start ${code}`);
    expect(last()).to.contain('Kode Telegram salah');
    const { id } = app.person('technician.savi');
    const theirs = await codeOf(`/api/admin/users/${id}/telegram-code`, 'sa');
    await telegram.write('701', `/start ${theirs}`);
    expect(last()).to.contain('sudah terhubung dengan pengguna lain');
    await telegram.write('702', `/start ${theirs}`);
    await eventually('the list shows it', () => isLinked('technician.savi'));
    expect((await app.post(`/api/admin/users/${id}/telegram-code`, {}, 'dispatcher.savi')).status).to.equal(
      403,
    );

    expect((await remove(`/api/admin/users/${id}/telegram`, 'sa')).status).to.equal(204);
    expect(await isLinked('technician.savi')).to.equal(false);
    expect((await remove('/api/auth/me/telegram', 'technician.sari')).status).to.equal(204);
    await telegram.write('701', 'halo');
    expect(last()).to.contain('/start KODE');
  });

  it('answers every tap, of who is not linked too', async () => {
    expect(await telegram.tap('999', 'tAAAAAAAAAAAAAAAAAAAAAAbbbbbbbb')).to.contain('belum terhubung');
    await telegram.write('703', `/start ${await ownCode('technician.safia')}`);
    expect(await telegram.tap('703', 'tAAAAAAAAAAAAAAAAAAAAAAbbbbbbbb')).to.contain('tidak berlaku');
    expect(await telegram.tap('703', 'nonsense')).to.contain('tidak berlaku');
  });

  it('listens to its own secret only, and makes no ticket', async () => {
    const update = {
      message: { message_id: 5, from: { id: 9, is_bot: false }, chat: { id: 9, type: 'private' }, text: 'x' },
    };
    expect(await telegram.post(update, 'another-secret-for-tests')).to.equal(401);
    const before = telegram.messages.length;
    const group = {
      ...update.message,
      chat: { id: -5, type: 'group' },
      text: `/start ${await ownCode('tl')}`,
    };
    expect(await telegram.post({ message: group })).to.equal(200);
    expect(await telegram.post({ edited_message: update.message })).to.equal(200);
    expect(telegram.messages.length).to.equal(before);
    expect(await isLinked('tl')).to.equal(false);
    const elsewhere = await app.call('/api/webhook/external-bot', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': SECRET },
      body: JSON.stringify({ update_id: 1, ...update }),
    });
    expect(elsewhere.status).to.equal(401);
    const inbox = await app.get('/api/admin/inbox', 'sa');
    expect(inbox.json.data.tickets).to.deep.equal([]);
  });

  it('reads what Telegram answers', async () => {
    const bot = createStaffBot({ url: telegram.url, token: TOKEN, http: channelHttp });
    const { signal } = new AbortController();
    const say = () => bot.say('705', 'Halo', { text: 'Ambil', data: 'x' }, signal);
    const sent = await say();
    expect(sent.kind).to.equal('done');
    const messageId = telegram.messages.length;
    const rewrite = () => bot.rewrite('705', messageId, 'Sudah diambil', signal);
    expect((await rewrite()).kind).to.equal('done');
    expect((await rewrite()).kind, 'not modified').to.equal('done');
    expect(telegram.messages.at(-1)).to.include({ text: 'Sudah diambil', button: null });
    expect((await bot.rewrite('705', 9_999, 'x', signal)).kind).to.equal('refused');
    reaction = { kind: 'error', status: 403, details: 'Forbidden: bot was blocked by the user' };
    expect(await say()).to.deep.equal({ kind: 'blocked' });
    reaction = { kind: 'error', status: 400, details: 'Bad Request: chat not found' };
    expect(await say()).to.deep.equal({ kind: 'blocked' });
    reaction = { kind: 'error', status: 429, retryAfter: 3 };
    expect(await say()).to.deep.equal({ kind: 'later', afterMs: 3_000 });
    reaction = { kind: 'reset', taken: false };
    expect((await say()).kind).to.equal('unknown');
  });

  it('answers a slow tap in time, and says the rest in its message', async () => {
    const slow = express();
    let finish: (outcome: TapOutcome) => void = () => undefined;
    const { log } = app;
    slow.use(
      staffTelegramRouter({
        ...{ path: '', secret: SECRET, log, answerWithinMs: 10, unauthenticatedBytes: createByteBudget() },
        bot: createStaffBot({ url: telegram.url, token: TOKEN, http: channelHttp }),
        links: {
          link: () => Promise.reject(new TypeError('nobody is linked here')),
          personOf: () => Promise.resolve({} as Account),
        },
        tapped: () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
      }),
    );
    const server = createServer(slow);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const bot = createStaffBot({ url: telegram.url, token: TOKEN, http: channelHttp });
    await bot.say('706', 'Pekerjaan baru', { text: 'Ambil', data: 'x' }, new AbortController().signal);
    const { messageId } = telegram.messages.at(-1)!;
    const chat = { id: 706, type: 'private' };
    const posted = fetch(`http://127.0.0.1:${String(port)}/staff-telegram`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': SECRET },
      body: JSON.stringify({
        callback_query: { id: 'slow', from: chat, message: { message_id: messageId, chat }, data: 'x' },
      }),
    });
    const answer = await eventually('it is answered', () =>
      telegram.answers.find(({ tapId }) => tapId === 'slow'),
    );
    expect(answer.text).to.contain('Sedang diproses');
    finish({ answer: 'Pekerjaan ini milik Anda.', rewritten: null });
    expect((await posted).status).to.equal(200);
    expect(telegram.messages.at(-1)).to.include({ text: 'Pekerjaan ini milik Anda.', button: null });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
});
