/**
 * Sixty technicians want one job in the same moment, half of them in Telegram and half on the web, at two processes: one has it,
 * and the time of all others is free again (docs/design/field-service.md#job-offers).
 */
import { expect } from 'chai';
import { jobDayOf } from '../../../src/domain/capacity/capacity-day.ts';
import { agenda, agendaId } from '../../../src/domain/capacity/agenda.ts';
import {
  startStaffTelegram,
  type StaffTelegramSimulator,
} from '../../../src/main/demo/staff-telegram-simulator.ts';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { ask, posting } from '../../support/http/http.ts';

const TOKEN = '4242:staff-bot-token-for-tests';
const SECRET = 'staff-secret-for-tests-only';
const PEOPLE = 60;

describe('sixty technicians and one job', function () {
  this.timeout(120_000);
  let telegram: StaffTelegramSimulator;
  let app: TestProgram;
  let turn = 0;
  let urls: string[] = [];

  before(async () => {
    telegram = await startStaffTelegram({
      token: TOKEN,
      secret: SECRET,
      // Telegram's updates reach both processes in turn, as through a balancer.
      webhook: () => `${urls[(turn += 1) % urls.length] ?? app.url}/api/webhook/external-bot/staff-telegram`,
    });
    app = await startTestProgram({
      TELEGRAM_API_URL: telegram.url,
      STAFF_TELEGRAM_BOT_TOKEN: TOKEN,
      STAFF_TELEGRAM_SECRET_TOKEN: SECRET,
    });
    urls = [app.url, await app.another()];
  });
  after(async () => {
    await app.close();
    await telegram.close();
  });

  it('has one winner, who is told within a second, and 59 who have lost nothing', async () => {
    const hire = async (n: number) => {
      const email = `teknisi${String(n)}@test.saga`;
      const wanted = {
        name: `Teknisi ${String(n)}`,
        email,
        password: STAFF_PASSWORD,
        role: 'technician',
        division: 'savi',
      };
      const made = await app.post('/api/admin/users', wanted, 'sa');
      expect(made.status, made.text).to.equal(201);
      const id = made.json.data['user_id'] as string;
      if (n % 2 === 0) {
        const given = await app.post(`/api/admin/users/${id}/telegram-code`, {}, 'sa');
        await telegram.write(String(9_000 + n), `/start ${given.json.data['code'] as string}`);
        return { id, n, token: null };
      }
      const signedIn = await eventually('they may sign in', async () => {
        const tried = await app.signIn(email);
        return tried.status === 200 ? tried : undefined;
      });
      return { id, n, token: signedIn.json.data['token'] as string };
    };
    const people = [];
    for (let n = 0; n < PEOPLE; n += 6)
      people.push(...(await Promise.all(Array.from({ length: 6 }, (_, by) => hire(n + by)))));
    await eventually('the read tables know who is linked', async () => {
      const { users } = (await app.get('/api/admin/users', 'sa')).json.data as {
        users: { telegram_linked: boolean }[];
      };
      return users.filter((one) => one.telegram_linked).length === PEOPLE / 2;
    });
    const customer = await app.post(
      '/api/admin/customers',
      { division: 'savi', name: 'Budi', phone: '081234567890' },
      'dispatcher.savi',
    );
    const from = new Date(Date.now() + 3 * 86_400_000);
    const window = { from: from.toISOString(), to: new Date(from.getTime() + 7_200_000).toISOString() };
    const opened = await app.post(
      '/api/admin/jobs',
      {
        customer_id: (customer.json.data.customer as { id: string }).id,
        ...{ kind: 'cek_mobil', problem: 'Cek mesin', base_price: 100_000, window },
        place: { address: 'Jl. Kenari 5', district: 'Sekupang', city: 'Batam' },
      },
      'dispatcher.savi',
    );
    expect(opened.status, opened.text).to.equal(201);
    const jobId = (opened.json.data.job as { id: string }).id;
    await eventually(
      'all offers are out',
      () => telegram.messages.filter((one) => one.button).length === PEOPLE / 2,
      30_000,
    );

    const waits: number[] = [];
    const outcomes = await Promise.all(
      people.map(async ({ id, n, token }) => {
        if (token !== null) {
          const url = urls[n % 4 === 1 ? 0 : 1] ?? app.url;
          const { status } = await ask(url, `/api/jobs/${jobId}/take`, posting({}, token));
          return { id, won: status === 200, lost: status === 409 };
        }
        const chat = String(9_000 + n);
        const offer = telegram.messages.find((one) => one.chat === chat && one.button !== null);
        const begun = performance.now();
        await telegram.tap(chat, offer?.button ?? '', offer?.messageId);
        const answer = telegram.answers.find(({ tapId }) => tapId.startsWith(`tap-${chat}-`));
        waits.push((answer?.at ?? Infinity) - begun);
        // What is on the phone in the end: a tap that takes long is answered before.
        const said = telegram.messages.find((one) => one.chat === chat && one.messageId === offer?.messageId);
        const isSaid = (words: string): boolean => said?.text.includes(words) === true;
        return { id, won: isSaid('milik Anda'), lost: isSaid('sudah diambil') };
      }),
    );
    const winners = outcomes.filter(({ won }) => won);
    expect(winners).to.have.length(1);
    expect(outcomes.filter(({ lost }) => lost)).to.have.length(PEOPLE - 1);
    const { handler } = app.program.commands;
    const day = jobDayOf(window.from);
    for (const { id, won } of outcomes)
      expect((await handler.load(agenda, agendaId(id, day))).has(jobId), id).to.equal(won);
    await eventually(
      'no button is left',
      () => telegram.messages.every(({ button }) => button === null),
      30_000,
    );
    waits.sort((a, b) => a - b);
    expect(waits[PEOPLE / 4], 'half of the taps were answered within, in ms').to.be.below(1_000);
  });
});
