/**
 * The races of field service between two processes of the operating system (docs/design/field-service.md#taking): sixty technicians
 * for one job, on the web and in Telegram; twenty jobs for the last place; a hundred numbers at once.
 */
import { expect } from 'chai';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { agenda, agendaId } from '../../../src/domain/capacity/agenda.ts';
import { job } from '../../../src/domain/field-jobs/job.ts';
import { invoice } from '../../../src/domain/invoices/invoice.ts';
import {
  startStaffTelegram,
  type StaffTelegramSimulator,
} from '../../../src/main/demo/staff-telegram-simulator.ts';
import type { EventStore } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { ok, type Session } from '../../support/http/client.ts';
import type { Program } from '../../support/processes/program.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { commandsOn } from '../../support/scenarios/commands.ts';
import { approvedAs } from '../../support/scenarios/field-service/invoice-events.ts';
import { context, visited } from '../../support/scenarios/field-service/visited.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { openedStore } from '../../support/stores/opened-store.ts';
import { type Installation, openInstallation, PASSWORD } from '../installation.ts';

const TOKEN = '4242:staff-bot-token-for-tests';
const SECRET = 'staff-secret-for-tests-only';
const PEOPLE = 60;
const DAY = '2030-06-04';

describe('field service in two processes', function () {
  this.timeout(300_000);
  let telegram: StaffTelegramSimulator;
  let installation: Installation;
  let other: Program;
  let sa: Session;
  let office: Session;
  let store: EventStore;
  let handler: ReturnType<typeof commandsOn>['commands']['handler'];
  let customerId = '';
  let turn = 0;

  const urls = (): string[] => [installation.main().url, other.url];
  /** One process, then the other. */
  const next = (): string => urls()[(turn += 1) % 2] ?? '';

  before(async () => {
    telegram = await startStaffTelegram({
      token: TOKEN,
      secret: SECRET,
      // Telegram's updates reach both processes in turn, as through a balancer.
      webhook: () => `${next()}/api/webhook/external-bot/staff-telegram`,
    });
    installation = await openInstallation({
      env: {
        // Without the simulators of the demo, which bring a Telegram of their own.
        WHATSAPP_TOKEN: 'none',
        TELEGRAM_API_URL: telegram.url,
        STAFF_TELEGRAM_BOT_TOKEN: TOKEN,
        STAFF_TELEGRAM_SECRET_TOKEN: SECRET,
      },
    });
    other = await installation.another();
    sa = await installation.as('sa@demo.saga');
    office = await installation.as('dispatcher.savi@demo.saga');
    const { folder } = installation;
    const logger = silentLogger();
    store = openedStore(await createPostgresEventStore({ connection: folder.databaseUrl(), logger }), folder);
    ({ handler } = commandsOn(store).commands);
    const made = await ok(
      office.post('/api/admin/customers', { division: 'savi', name: 'Budi', phone: '081234567890' }),
    );
    customerId = (made.data['customer'] as { id: string }).id;
  });
  after(async () => {
    await store.close();
    await installation.close();
    await telegram.close();
  });

  const wanted = (hour: number, day = DAY) => ({
    ...{ customer_id: customerId, kind: 'cek_mobil', problem: 'Cek mesin', base_price: 100_000 },
    place: { address: 'Jl. Kenari 5', district: 'Sekupang', city: 'Batam' },
    window: { from: `${day}T0${String(hour)}:00:00.000Z`, to: `${day}T0${String(hour + 1)}:00:00.000Z` },
  });

  /** Every second one is linked to Telegram, the others are signed in. */
  async function hire(
    n: number,
  ): Promise<{ readonly id: string; readonly chat: string; readonly session: Session | null }> {
    const email = `teknisi${String(n)}@uji.saga`;
    const person = {
      name: `Teknisi ${String(n)}`,
      email,
      password: PASSWORD,
      role: 'technician',
      division: 'savi',
    };
    const id = (await ok(sa.post('/api/admin/users', person))).data['user_id'] as string;
    const chat = String(9_000 + n);
    if (n % 2 === 1) return { id, chat, session: await installation.as(email) };
    const { code } = (await ok(sa.post(`/api/admin/users/${id}/telegram-code`))).data as { code: string };
    await telegram.write(chat, `/start ${code}`);
    return { id, chat, session: null };
  }

  it('gives a job to one of sixty, on the web and in Telegram; fifty-nine hear of it and have their time back', async () => {
    const people = [];
    for (let n = 0; n < PEOPLE; n += 4)
      people.push(...(await Promise.all([n, n + 1, n + 2, n + 3].map(hire))));
    await eventually(
      'the read tables know who is linked',
      async () => {
        const { users } = (await ok(sa.get('/api/admin/users'))).data as {
          users: { telegram_linked: boolean }[];
        };
        return users.filter((one) => one.telegram_linked).length === PEOPLE / 2;
      },
      60_000,
    );
    const jobId = (await ok(office.post('/api/admin/jobs', wanted(2)))).data['job_id'] as string;
    await eventually(
      'all offers are out',
      () => telegram.messages.filter(({ button }) => button !== null).length === PEOPLE / 2,
      60_000,
    );
    const outcomes = await Promise.all(
      people.map(async ({ id, chat, session }) => {
        if (session !== null) {
          const { status, json } = await session.at(next()).post(`/api/jobs/${jobId}/take`);
          return { id, said: status === 200 ? 'yours' : `${String(status)} ${json.error.code}` };
        }
        const offer = telegram.messages.find((one) => one.chat === chat && one.button !== null);
        await telegram.tap(chat, offer?.button ?? '', offer?.messageId);
        const text = await eventually('the tap is answered on the phone', () =>
          offer?.button === null ? offer.text : undefined,
        );
        return { id, said: text.includes('milik Anda') ? 'yours' : 'taken' };
      }),
    );
    const winners = outcomes.filter(({ said }) => said === 'yours').map(({ id }) => id);
    expect(winners).to.have.length(1);
    const others = outcomes.filter(({ said }) => said !== 'yours').map(({ said }) => said);
    expect([...new Set(others)].sort()).to.deep.equal(['409 JOB_ALREADY_TAKEN', 'taken']);
    const busy = [];
    for (const { id } of people) if ((await handler.load(agenda, agendaId(id, DAY))).size > 0) busy.push(id);
    expect(busy).to.deep.equal(winners);
  });

  it('gives the last place of a day to one of twenty', async () => {
    const day = '2030-06-05';
    const set = await fetch(`${installation.main().url}/api/admin/capacity/savi/${day}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${office.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ slots: 1 }),
    });
    expect(set.status).to.equal(200);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => office.at(next()).post('/api/admin/jobs', wanted(2, day))),
    );
    const codes = replies.map(({ status, json }) =>
      status === 201 ? 'ok' : `${String(status)} ${json.error.code}`,
    );
    expect(codes.filter((code) => code === 'ok')).to.have.length(1);
    expect(codes.filter((code) => code === '409 NO_CAPACITY')).to.have.length(19);
  });

  it('numbers a hundred invoices that are issued at once without a gap and without a double', async () => {
    const jobId = uuidOf(0xf1e2d);
    const people = { technicianId: uuidOf(0xf1e2e), by: office.userId };
    const of = { jobId, division: 'savi', customerId, ticketId: uuidOf(0xf1e2f), ...people } as const;
    await handler.executeCommand(job, jobId, context(1), () => visited(of));
    const line = { service: 'cek_mobil', description: 'Cek mesin', quantity: 1, unit_price: 1_000_000 };
    const drafted = (await ok(office.post(`/api/admin/jobs/${jobId}/invoice`, { lines: [line] }))).data[
      'invoice'
    ] as {
      id: string;
    };
    const pattern = await handler.load(invoice, drafted.id);
    const ids = Array.from({ length: 100 }, (_, n) => uuidOf(0xa000 + n));
    for (const [n, id] of ids.entries())
      await handler.executeCommand(invoice, id, context(n), () =>
        approvedAs(pattern, id, uuidOf(0xb000 + n)),
      );
    // Who kept losing the next number to others is told so (503), and asks again.
    const issue = (id: string) =>
      eventually(
        'it is issued',
        async () =>
          (await office.at(next()).post(`/api/admin/invoices/${id}/issue`)).status === 200 ? true : undefined,
        120_000,
      );
    await Promise.all(ids.map(issue));
    const numbers = [];
    for (const id of ids) {
      const found = await handler.load(invoice, id);
      numbers.push(found.status === 'absent' ? null : found.issue?.number);
    }
    const year = numbers[0]?.split('/')[2] ?? '';
    expect(numbers.sort()).to.deep.equal(
      Array.from({ length: 100 }, (_, n) => `INV/SAVI/${year}/${String(n + 1).padStart(6, '0')}`),
    );
  });
});
