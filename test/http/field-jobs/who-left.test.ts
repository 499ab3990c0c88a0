/** What a technician has who is away or gone, over HTTP (docs/design/field-service.md#who-left). */
import { expect } from 'chai';
import { setLeave } from '../../../src/http/capacity/capacity.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { posting } from '../../support/http/http.ts';

interface Told {
  readonly kind: string;
  readonly job_id: string | null;
}

describe('the jobs of a technician who is away', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let customer = '';
  before(async () => {
    app = await startTestProgram();
    const [ticket = ''] = await app.openTickets('sari', 1);
    const shown = await app.get(`/api/admin/ticket/${ticket}`, 'sa');
    customer = (shown.json.data['ticket'] as { customer_id: string }).customer_id;
  });
  after(() => app.close());

  async function opened(day: string): Promise<string> {
    const wanted = {
      customer_id: customer,
      kind: 'survei_kargo',
      problem: 'Survei muatan',
      place: { address: 'Jalan Melati 5', district: 'Gambir', city: 'Jakarta Pusat' },
      window: { from: `${day}T02:00:00.000Z`, to: `${day}T03:00:00.000Z` },
      base_price: 350_000,
    };
    const reply = await app.post('/api/admin/jobs', wanted, 'dispatcher.sari');
    expect(reply.status, reply.text).to.equal(201);
    return reply.json.data['job_id'] as string;
  }
  async function act(path: string, body: object, as: string): Promise<void> {
    const reply = await app.post(path, body, as);
    expect(reply.status, reply.text).to.equal(200);
  }
  const statusOf = async (id: string): Promise<string> =>
    ((await app.get(`/api/admin/jobs/${id}`, 'sa')).json.data['job'] as { status: string }).status;
  const toldOf = async (as: string, id: string): Promise<string[]> =>
    ((await app.get('/api/notifications?limit=200', as)).json.data['notifications'] as Told[])
      .filter(({ job_id }) => job_id === id)
      .map(({ kind }) => kind);

  it('go back into the pool on the days of the leave, and both sides are told once', async () => {
    const [before, within, given] = [
      await opened('2030-04-01'),
      await opened('2030-04-03'),
      await opened('2030-04-04'),
    ];
    const { id, token } = app.person('technician.sari');
    for (const job of [before, within]) await act(`/api/jobs/${job}/take`, {}, 'technician.sari');
    await act(`/api/admin/jobs/${given}/assign`, { technician_id: id }, 'dispatcher.sari');
    await eventually('the technician is told of what they were given', async () =>
      (await toldOf('technician.sari', given)).includes('job_assigned') ? true : undefined,
    );
    const leave = {
      ...posting({ from: '2030-04-02', to: '2030-04-05' }, app.person('dispatcher.sari').token),
    };
    const away = await app.call(`/api/admin/technicians/${id}/leave`, { ...leave, method: 'PUT' });
    expectDocumented(setLeave, away);
    expect(away.status, away.text).to.equal(200);
    for (const job of [within, given])
      await eventually('the job is in the pool again', async () =>
        (await statusOf(job)) === 'open' ? true : undefined,
      );
    expect(await statusOf(before)).to.equal('assigned');
    for (const [as, kind] of [
      ['technician.sari', 'job_taken_back'],
      ['dispatcher.sari', 'job_returned'],
    ] as const)
      await eventually(`${as} is told`, async () =>
        (await toldOf(as, within)).includes(kind) ? true : undefined,
      );
    expect(await toldOf('technician.sari', within)).to.deep.equal(['job_taken_back']);
    expect(await toldOf('dispatcher.sari', within)).to.deep.equal(['job_returned']);
    expect(await toldOf('dispatcher.savi', within)).to.deep.equal([]);
    // Their time is free again, but not for them.
    const again = await app.call(`/api/jobs/${within}/take`, posting({}, token));
    expect(again.json.error.code).to.equal('ON_LEAVE');
  });
});
