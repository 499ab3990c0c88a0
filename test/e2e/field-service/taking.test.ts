/** Sixty technicians, two processes, one visit: one of them gets it, and nobody loses time for it. */
import { expect } from 'chai';
import { agenda, agendaId } from '../../../src/domain/capacity/agenda.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { ask, posting } from '../../support/http/http.ts';

const TECHNICIANS = 60;
const DAY = '2030-04-02';

describe('sixty technicians who want one visit', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let people: readonly { readonly id: string; readonly token: string }[] = [];
  let customer = '';

  before(async () => {
    app = await startTestProgram({ LOGIN_LIMIT_PER_ADDRESS: '1000' });
    const [ticket = ''] = await app.openTickets('safia', 1);
    const shown = await app.get(`/api/admin/ticket/${ticket}`, 'sa');
    customer = (shown.json.data['ticket'] as { customer_id: string }).customer_id;
    const ctx = {
      caller: { id: 'test', role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
      actor: { kind: 'system', process: 'test' },
      ...{ requestId: 'hire', correlationId: 'hire' },
    } as const;
    people = await Promise.all(
      Array.from({ length: TECHNICIANS }, async (_, n) => {
        const email = `teknisi${String(n)}@test.saga`;
        const wanted = { name: `Teknisi ${String(n)}`, email, password: STAFF_PASSWORD };
        await app.program.commands.createUser(ctx, { ...wanted, role: 'technician', division: 'safia' });
        const signedIn = await eventually(
          `${email} may sign in`,
          async () => {
            const tried = await app.signIn(email);
            return tried.status === 200 ? tried : undefined;
          },
          60_000,
        );
        const { token, user } = signedIn.json.data as { token: string; user: { id: string } };
        return { id: user.id, token };
      }),
    );
  });
  after(() => app.close());

  it('gives it to one, refuses fifty-nine with 409, and leaves their agendas free', async () => {
    const urls = [app.url, await app.another()];
    const opened = await app.post(
      '/api/admin/jobs',
      {
        ...{ customer_id: customer, kind: 'survei_pindahan', problem: 'Survei', base_price: 100_000 },
        place: { address: 'Jalan Melati 7', district: 'Tebet', city: 'Jakarta Selatan' },
        window: { from: `${DAY}T02:00:00.000Z`, to: `${DAY}T04:00:00.000Z` },
      },
      'dispatcher.safia',
    );
    const job = opened.json.data['job_id'] as string;
    const replies = await Promise.all(
      people.map(({ token }, n) =>
        ask(urls[n % urls.length] ?? '', `/api/jobs/${job}/take`, posting({}, token)),
      ),
    );
    const won = replies.flatMap(({ status }, n) => (status === 200 ? [people[n]?.id] : []));
    expect(won).to.have.length(1);
    const codes = replies.flatMap(({ status, json }) =>
      status === 200 ? [] : [`${String(status)} ${json.error.code}`],
    );
    expect(codes).to.deep.equal(Array.from({ length: TECHNICIANS - 1 }, () => '409 JOB_ALREADY_TAKEN'));
    const { handler } = app.program.commands;
    const agendas = await Promise.all(people.map(({ id }) => handler.load(agenda, agendaId(id, DAY))));
    const busy = people.filter((_, n) => (agendas[n]?.size ?? 0) > 0).map(({ id }) => id);
    expect(busy).to.deep.equal(won);
  });
});
