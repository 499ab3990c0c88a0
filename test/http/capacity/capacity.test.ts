/** Room for jobs and technicians, over HTTP and under twenty who want the last place. */
import { expect } from 'chai';
import type { Refusal } from '../../../src/domain/refusals.ts';
import {
  cancelLeave,
  capacity,
  setCapacity,
  setLeave,
  setTechnician,
  technicians,
} from '../../../src/http/capacity/capacity.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { posting, type Reply } from '../../support/http/http.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const DAY = '2030-01-01';
const ctx = {
  actor: { kind: 'system', process: 'test' },
  correlationId: 'c',
  causationId: 'c',
  requestId: 'r',
  at: '2029-12-01T00:00:00.000Z',
} as const;

describe('room for jobs', function () {
  this.timeout(60_000);
  let app: TestProgram;
  before(async () => {
    app = await startTestProgram({ JOBS_PER_DAY: '2' });
  });
  after(() => app.close());

  async function send(of: Route, path: string, as: string, body?: object): Promise<Reply> {
    const init = { ...posting(body ?? {}, app.person(as).token), method: of.method.toUpperCase() };
    const reply = of.method === 'get' ? await app.get(path, as) : await app.call(path, init);
    expectDocumented(of, reply);
    return reply;
  }
  const days = async (query: string, as: string) =>
    (await send(capacity, `/api/admin/capacity?${query}`, as)).json.data['days'] as Record<string, unknown>[];

  it('gives the last place of a day once, and names the next free days', async () => {
    const put = await send(setCapacity, `/api/admin/capacity/safia/${DAY}`, 'dispatcher.safia', { slots: 3 });
    expect(put.json.data).to.deep.equal({ division: 'safia', day: DAY, slots: 3, reserved: 0, free: 3 });
    await send(setCapacity, '/api/admin/capacity/safia/2030-01-02', 'dispatcher.safia', { slots: 0 });
    const { reserveSlot, releaseSlot } = app.program.commands.capacity;
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => reserveSlot(ctx, 'safia', DAY, uuidOf(0x100 + n))),
    );
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Refusal] : []));
    expect(refused).to.have.length(17);
    for (const one of refused) {
      expect(one.code).to.equal('NO_CAPACITY');
      expect(one.details[0]?.params).to.deep.equal({
        next_free_days: ['2030-01-03', '2030-01-04', '2030-01-05'],
      });
    }
    const [placed] = settled.flatMap((one, n) => (one.status === 'fulfilled' ? [uuidOf(0x100 + n)] : []));
    await releaseSlot(ctx, 'safia', DAY, placed ?? '');
    await releaseSlot(ctx, 'safia', DAY, placed ?? '');
    await send(setCapacity, `/api/admin/capacity/safia/${DAY}`, 'dispatcher.safia', { slots: 1 });
    expect(await days(`from=${DAY}&to=2030-01-03`, 'dispatcher.safia')).to.deep.equal([
      { division: 'safia', day: DAY, slots: 1, reserved: 2, free: 0 },
      { division: 'safia', day: '2030-01-02', slots: 0, reserved: 0, free: 0 },
      { division: 'safia', day: '2030-01-03', slots: 2, reserved: 0, free: 2 },
    ]);
    const ofAll = await days(`from=${DAY}&to=${DAY}`, 'sa');
    expect(ofAll.map(({ division }) => division)).to.deep.equal(['sari', 'savi', 'safia']);
  });

  it('shows the technicians of the own division, what they can, and their day', async () => {
    const { id } = app.person('technician.sari');
    const on = `/api/admin/technicians/${id}`;
    await send(setTechnician, on, 'dispatcher.sari', { skills: ['listrik', 'ac'], max_jobs_per_day: 3 });
    await send(setLeave, `${on}/leave`, 'dispatcher.sari', { from: '2030-02-01', to: '2030-02-03' });
    const { reserveAgenda } = app.program.commands.capacity;
    const job = (n: number, day: string) => ({
      id: uuidOf(0x200 + n),
      kind: 'servis',
      from: `${day}T02:00:00.000Z`,
      to: `${day}T04:00:00.000Z`,
    });
    await reserveAgenda(ctx, id, job(1, DAY));
    expect(await app.program.commands.capacity.whyNot(id, job(2, DAY))).to.equal('OVERLAP');
    expect(await app.program.commands.capacity.whyNot(id, job(2, '2030-02-03'))).to.equal('ON_LEAVE');
    expect(await app.program.commands.capacity.whyNot(id, job(2, '2030-02-04'))).to.equal(null);
    // A change that the route answered is waited for; the agenda is behind it in the same store.
    const back = await send(cancelLeave, `${on}/leave`, 'dispatcher.sari');
    expect(back.json.data['leave']).to.equal(null);
    const list = await send(technicians, `/api/admin/technicians?day=${DAY}`, 'dispatcher.sari');
    expect(list.json.data['technicians']).to.deep.equal([
      {
        id,
        name: 'technician.sari',
        division: 'sari',
        is_active: true,
        skills: ['ac', 'listrik'],
        max_jobs_per_day: 3,
        leave: null,
        jobs: 1,
      },
    ]);
  });

  it('is set for technicians only', async () => {
    const other = `/api/admin/technicians/${app.person('agent.sari').id}`;
    const reply = await send(setTechnician, other, 'sa', { skills: null, max_jobs_per_day: 1 });
    expect(reply.json.error.code).to.equal('USER_NOT_FOUND');
  });

  it('wants days in order, and not too many', async () => {
    for (const query of ['from=2030-01-02&to=2030-01-01', 'from=2030-01-01&to=2030-12-31', 'from=x&to=y'])
      expect((await send(capacity, `/api/admin/capacity?${query}`, 'sa')).status, query).to.equal(400);
  });
});
