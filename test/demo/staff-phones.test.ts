import { expect } from 'chai';
import { startLoopback, textOfBody } from '../../src/main/demo/loopback.ts';
import { answerPhones, STAFF_PHONES } from '../../src/main/demo/staff-phones.ts';
import {
  startStaffTelegram,
  type StaffTelegramSimulator,
} from '../../src/main/demo/staff-telegram-simulator.ts';

const [OURS] = STAFF_PHONES;

describe("the phones of the demo's staff", () => {
  const updates: { callback_query?: { id: string; data: string } }[] = [];
  const passed: string[] = [];
  let staff: StaffTelegramSimulator;
  let closes: (() => Promise<void>)[] = [];

  before(async () => {
    const ours = await startLoopback(async (req, res) => {
      updates.push(JSON.parse(await textOfBody(req)) as (typeof updates)[number]);
      res.end();
    });
    const theirs = await startLoopback(async (req, res) => {
      passed.push(`${req.method ?? ''} ${req.url ?? ''} ${await textOfBody(req)}`);
      res.statusCode = 403;
      res.end('theirs');
    });
    staff = await startStaffTelegram({
      ...{ token: '9:t', secret: 's', webhook: () => ours.url, elsewhere: theirs.url, more: answerPhones },
    });
    closes = [staff, ours, theirs].map((one) => () => one.close());
  });
  after(() => Promise.all(closes.map((close) => close())));

  const post = (path: string, body: object) =>
    fetch(staff.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('are a page that shows what the bot sent, and taps its button', async () => {
    expect(await (await fetch(staff.url)).text()).to.contain('Ponsel petugas');
    const keyboard = { inline_keyboard: [[{ text: 'Ambil', callback_data: 'data' }]] };
    const sent = await post('/bot9:t/sendMessage', {
      ...{ chat_id: Number(OURS.chat), text: 'Pekerjaan baru', reply_markup: keyboard },
    });
    expect(sent.status).to.equal(200);
    const phones = (await (await fetch(`${staff.url}/phones`)).json()) as {
      chat: string;
      messages: { messageId: number; text: string; button: string }[];
    }[];
    const message = phones.find(({ chat }) => chat === OURS.chat)?.messages[0];
    expect(message).to.deep.include({ text: 'Pekerjaan baru', button: 'data' });
    const tapped = await post('/tap', { chat: OURS.chat, button: 'data', messageId: message?.messageId });
    expect(await tapped.json()).to.deep.equal({ said: null });
    expect(updates.at(-1)?.callback_query?.data).to.equal('data');
    expect((await fetch(`${staff.url}/other`)).status).to.equal(401);
  });

  it('leave the calls of the other bots to their own simulator', async () => {
    const answer = await post('/bot1:x/sendMessage', { chat_id: 7 });
    expect([answer.status, await answer.text()]).to.deep.equal([403, 'theirs']);
    expect(passed).to.deep.equal(['POST /bot1:x/sendMessage {"chat_id":7}']);
  });
});
