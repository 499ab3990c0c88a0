/** Visits over HTTP: opened, seen, taken, moved, given back, by those who may, and as the stream tells of them. */
import { expect } from 'chai';
import type { Route } from '../../../src/http/framework/route.ts';
import * as office from '../../../src/http/field-jobs/jobs.ts';
import { routes } from '../../../src/http/routes.ts';
import * as technicians from '../../../src/http/field-jobs/technician-jobs.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { listen, type Listener } from '../../support/http/event-stream.ts';
import { posting, type Reply } from '../../support/http/http.ts';
import { eventually } from '../../support/eventually.ts';

interface JobJson {
  readonly id: string;
  readonly view: 'whole' | 'own' | 'pool';
  readonly status: string;
  readonly technician?: { readonly id: string } | null;
  readonly customer?: { readonly id: string; readonly name: string | null };
}

const DAY = '2030-03-05';
const windowOn = (day: string, from = 2) => ({
  from: `${day}T0${String(from)}:00:00.000Z`,
  to: `${day}T0${String(from + 2)}:00:00.000Z`,
});
const body = (window = windowOn(DAY)) => ({
  kind: 'instalasi',
  place: {
    address: 'Jalan Rahasia 7',
    district: 'Tebet',
    city: 'Jakarta Selatan',
    lat: -6.2,
    lng: 106.8,
  },
  window,
  base_price: 750_000,
});

describe('visits', function () {
  this.timeout(90_000);
  let app: TestProgram;
  let ticketId: string;
  let customerId: string;
  before(async () => {
    app = await startTestProgram({ JOBS_PER_DAY: '3' });
    [ticketId = ''] = await app.openTickets('safia', 1);
    const ticket = await app.get(`/api/admin/ticket/${ticketId}`, 'sa');
    customerId = (ticket.json.data['ticket'] as { customer_id: string }).customer_id;
  });
  after(() => app.close());

  async function send(of: Route, path: string, as: string, wish: object = {}): Promise<Reply> {
    const reply =
      of.method === 'get'
        ? await app.get(path, as)
        : await app.call(path, posting(wish, app.person(as).token));
    expectDocumented(of, reply);
    return reply;
  }
  const jobOf = (reply: Reply): JobJson => {
    expect(reply.status, reply.text).to.be.lessThan(300);
    return reply.json.data['job'] as JobJson;
  };
  const open = async (window = windowOn(DAY)): Promise<JobJson> =>
    jobOf(
      await send(office.openJob, '/api/admin/jobs', 'dispatcher.safia', {
        ...body(window),
        customer_id: customerId,
        problem: 'AC tidak dingin',
      }),
    );
  const act = (of: Route, job: JobJson, name: string, as: string, wish: object = {}): Promise<Reply> =>
    send(of, `/api${as.startsWith('technician') ? '' : '/admin'}/jobs/${job.id}/${name}`, as, wish);
  const jobsTo = ({ told }: Listener): JobJson[] =>
    told.flatMap(({ event, data }) => (event === 'job' ? [data as unknown as JobJson] : []));
  const codeOf = (reply: Reply): string => reply.json.error.code;

  it('are opened from a ticket, with its customer and what was written last', async () => {
    const opened = jobOf(
      await send(office.openJobOfTicket, `/api/admin/ticket/${ticketId}/job`, 'dispatcher.safia', body()),
    );
    expect(opened).to.include({
      view: 'whole',
      status: 'open',
      ticket_id: ticketId,
      problem: 'Halo dari Pelanggan1x',
    });
    expect(opened.customer).to.include({ id: customerId, name: 'Pelanggan1x' });
    for (const filter of [`ticket=${ticketId}`, `customer=${customerId}`, `day=${DAY}`, 'status=open']) {
      const list = await send(office.jobs, `/api/admin/jobs?${filter}`, 'dispatcher.safia');
      expect(
        (list.json.data['jobs'] as JobJson[]).map(({ id }) => id),
        filter,
      ).to.include(opened.id);
      expect(list.json.data['counts'], filter).to.include({ open: 1, assigned: 0 });
    }
    const other = await send(office.jobs, '/api/admin/jobs', 'dispatcher.sari');
    expect(other.json.data['jobs']).to.deep.equal([]);
    expect(
      codeOf(await send(office.jobOfOffice, `/api/admin/jobs/${opened.id}`, 'dispatcher.sari')),
    ).to.equal('JOB_NOT_FOUND');
    expect(
      codeOf(await act(office.cancelJob, opened, 'cancel', 'dispatcher.sari', { reason: 'x' })),
    ).to.equal('DIVISION_FORBIDDEN');
    await act(office.cancelJob, opened, 'cancel', 'dispatcher.safia', { reason: 'Batal' });
  });

  it('are seen by technicians without name, address and price before they are theirs, and never with a price', async () => {
    const streams = {
      tech: await listen(app.url, app.person('technician.safia').token),
      foreign: await listen(app.url, app.person('technician.sari').token),
      lead: await listen(app.url, app.person('dispatcher.safia').token),
    };
    try {
      const job = await open();
      const pool = await send(technicians.pool, '/api/jobs/pool', 'technician.safia');
      expect(pool.text)
        .to.include(job.id)
        .and.not.match(/Rahasia|Pelanggan|price|dingin|628/);
      const one = await send(technicians.jobOfTechnician, `/api/jobs/${job.id}`, 'technician.safia');
      expect(jobOf(one).view).to.equal('pool');
      expect(one.text).to.not.match(/Rahasia|Pelanggan|price|dingin|628/);
      const foreign = await send(technicians.pool, '/api/jobs/pool', 'technician.sari');
      expect(foreign.json.data['jobs']).to.deep.equal([]);
      const unknown = await send(technicians.jobOfTechnician, `/api/jobs/${job.id}`, 'technician.sari');
      expect(codeOf(unknown)).to.equal('JOB_NOT_FOUND');
      const taken = await act(technicians.takeJob, job, 'take', 'technician.safia');
      expect(jobOf(taken)).to.include({ view: 'own', status: 'assigned', problem: 'AC tidak dingin' });
      expect(taken.text)
        .to.match(/Rahasia/)
        .and.match(/Pelanggan1x/)
        .and.not.match(/price|750000/);
      expect(jobOf(await act(technicians.takeJob, job, 'take', 'technician.safia')).status).to.equal(
        'assigned',
      );
      expect(codeOf(await act(technicians.takeJob, job, 'take', 'technician.sari'))).to.equal(
        'JOB_NOT_FOUND',
      );
      const mine = await send(technicians.myJobs, '/api/jobs/mine?status=assigned', 'technician.safia');
      expect((mine.json.data['jobs'] as JobJson[]).map(({ id }) => id)).to.deep.equal([job.id]);

      // The stream tells each of them as much as the reads do.
      await streams.tech.next(
        'their own job',
        ({ event, data }) => event === 'job' && data['view'] === 'own',
      );
      const told = JSON.stringify(jobsTo(streams.tech).filter(({ view }) => view === 'pool'));
      expect(told)
        .to.include('"open"')
        .and.include('"assigned"')
        .and.not.match(/Rahasia|Pelanggan/);
      expect(JSON.stringify(jobsTo(streams.tech))).to.not.match(/price|750000/);
      expect(jobsTo(streams.foreign)).to.deep.equal([]);
      const { id: taker } = app.person('technician.safia');
      await streams.lead.next('who took it', ({ event, data }) =>
        event === 'job' ? (data as unknown as JobJson).technician?.id === taker : false,
      );
      expect(jobsTo(streams.lead).map(({ view }) => view))
        .to.not.include('pool')
        .and.not.include('own');
      await act(technicians.giveJobBack, job, 'give-back', 'technician.safia', { reason: 'Sakit' });
      await act(office.cancelJob, job, 'cancel', 'dispatcher.safia', { reason: 'Batal' });
    } finally {
      for (const stream of Object.values(streams)) stream.stop();
    }
  });

  it('say nothing more to a technician on any other route', async () => {
    const job = await open(windowOn('2030-03-12'));
    const { id: colleague } = app.person('technician.safia');
    await act(office.assignJob, job, 'assign', 'dispatcher.safia', { technician_id: colleague });
    const ids: Readonly<Record<string, string>> = { ':id': job.id, ':document': job.id, ':div': 'safia' };
    const looked = routes.filter(
      ({ method, stream, access }) => method === 'get' && !stream && access !== 'public',
    );
    for (const { path, name } of looked) {
      const address = path.replace(/:\w+/g, (part) => ids[part] ?? job.id);
      for (const asked of [
        address,
        `${address}?division=safia`,
        `${address}?customer=${customerId}&q=Pelanggan1x`,
      ]) {
        const reply = await app.get(asked, 'technician.sari');
        expect(reply.text, name).to.not.match(/Rahasia|Pelanggan1x|750000|base_price/);
        const own = await app.get(asked, 'technician.safia');
        expect(own.text, name).to.not.match(/750000|base_price/);
      }
    }
    await act(office.cancelJob, job, 'cancel', 'dispatcher.safia', { reason: 'Batal' });
  });

  it('are assigned, moved, extended and given to nobody by the office', async () => {
    const { id: technician_id } = app.person('technician.safia');
    const job = await open();
    const wrong = { technician_id: app.person('technician.sari').id };
    expect(codeOf(await act(office.assignJob, job, 'assign', 'dispatcher.safia', wrong))).to.equal(
      'USER_NOT_FOUND',
    );
    const assigned = await act(office.assignJob, job, 'assign', 'dispatcher.safia', { technician_id });
    expect(jobOf(assigned).technician?.id).to.equal(technician_id);
    const { whyNot } = app.program.commands.capacity;
    const other = (window: { from: string; to: string }) => ({
      id: customerId,
      kind: 'instalasi',
      ...window,
    });
    expect(await whyNot(technician_id, other(windowOn(DAY)))).to.equal('OVERLAP');

    const next = windowOn('2030-03-06', 5);
    const moved = await act(office.rescheduleJob, job, 'reschedule', 'dispatcher.safia', { window: next });
    expect(jobOf(moved)).to.deep.include({ status: 'assigned', window: next });
    expect(await whyNot(technician_id, other(windowOn(DAY)))).to.equal(null);
    expect(await whyNot(technician_id, other(next))).to.equal('OVERLAP');

    const later = { minutes: 45, reason: 'Macet' };
    expect(jobOf(await act(office.continueJob, job, 'continue', 'dispatcher.safia', later))).to.include({
      arrive_by: '2030-03-06T05:45:00.000Z',
    });
    const away = { to: null, reason: 'Tidak datang', expected_technician_id: technician_id };
    expect(jobOf(await act(office.replaceTechnician, job, 'replace', 'tl', away)).status).to.equal('open');
    expect(codeOf(await act(office.replaceTechnician, job, 'replace', 'tl', away))).to.equal(
      'JOB_NOT_ASSIGNED',
    );
    expect(await whyNot(technician_id, other(next))).to.equal(null);
    const past = { window: windowOn('2020-01-01') };
    expect(codeOf(await act(office.rescheduleJob, job, 'reschedule', 'dispatcher.safia', past))).to.equal(
      'WINDOW_PAST',
    );
    await act(office.cancelJob, job, 'cancel', 'dispatcher.safia', { reason: 'Batal' });
    await act(office.cancelJob, job, 'cancel', 'dispatcher.safia', { reason: 'Batal' });
    const capacity = await app.get('/api/admin/capacity?from=2030-03-05&to=2030-03-06', 'dispatcher.safia');
    expect(
      (capacity.json.data['days'] as { reserved: number }[]).map(({ reserved }) => reserved),
    ).to.deep.equal([0, 0]);
  });

  it('take the last place of a day once, of twenty who want it', async () => {
    const window = windowOn('2030-03-07');
    const wish = { ...body(window), customer_id: customerId, problem: 'AC bocor' };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => send(office.openJob, '/api/admin/jobs', 'dispatcher.safia', wish)),
    );
    const refused = replies.filter(({ status }) => status === 409);
    expect(replies.filter(({ status }) => status === 201)).to.have.length(3);
    expect(refused.map(codeOf)).to.deep.equal(Array.from({ length: 17 }, () => 'NO_CAPACITY'));
    expect(refused[0]?.json.error.details?.[0]?.params['next_free_days']).to.deep.equal([
      '2030-03-08',
      '2030-03-09',
      '2030-03-10',
    ]);
  });

  it('of who works here no more go back into the pool', async () => {
    const job = await open(windowOn('2030-03-11'));
    const { id: technician_id } = app.person('technician.safia');
    await act(office.assignJob, job, 'assign', 'dispatcher.safia', { technician_id });
    const gone = await app.patch(`/api/admin/users/${technician_id}`, { is_active: false }, 'sa');
    expect(gone.status, gone.text).to.equal(200);
    const back = await eventually('the job is in the pool', async () => {
      const now = jobOf(await send(office.jobOfOffice, `/api/admin/jobs/${job.id}`, 'dispatcher.safia'));
      return now.status === 'open' ? now : undefined;
    });
    expect(back.technician).to.equal(null);
    const refused = await act(office.assignJob, job, 'assign', 'dispatcher.safia', { technician_id });
    expect(codeOf(refused)).to.equal('AGENT_INACTIVE');
  });
});
