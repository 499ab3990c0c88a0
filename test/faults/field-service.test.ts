/**
 * Acts of field service that touch two streams, whose process is killed between the two
 * (docs/design/field-service.md#reservations, docs/design/field-service.md#invoice-numbers).
 */
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { agenda, agendaId } from '../../src/domain/capacity/agenda.ts';
import { capacityDay, capacityDayId } from '../../src/domain/capacity/capacity-day.ts';
import { job } from '../../src/domain/field-jobs/job.ts';
import { invoiceNumbers, invoiceNumbersId, numberOf } from '../../src/domain/invoices/invoice-numbers.ts';
import { invoice } from '../../src/domain/invoices/invoice.ts';
import type { EventStore } from '../../src/ports.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { eventually } from '../support/eventually.ts';
import { attempt, ok, type Session } from '../support/http/client.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import type { Program } from '../support/processes/program.ts';
import { commandsOn } from '../support/scenarios/commands.ts';
import { context, visited } from '../support/scenarios/field-service/visited.ts';
import { uuidOf } from '../support/scenarios/people.ts';
import { openedStore } from '../support/stores/opened-store.ts';

/** Later than what somebody who is still at it needs, and no more wrong than a clock may be. */
const LATER_MS = 180_000;
const CLOCK = pathToFileURL('test/support/shifted-clock.mjs').href;
const DAY = '2030-05-07';
const HOLD = 7_777;

describe('a process that is killed between two streams of a visit', function () {
  this.timeout(120_000);
  let installation: Installation;
  let superuser: pg.Client;
  let store: EventStore;
  let handler: ReturnType<typeof commandsOn>['commands']['handler'];
  let office: Session;
  let technician: Session;
  let customerId = '';
  const victims: Program[] = [];

  before(async () => {
    installation = await openInstallation({ nodeArgs: ['--import', CLOCK] });
    office = await installation.as('dispatcher.sari@demo.saga');
    technician = await installation.as('teknisi1.sari@demo.saga');
    victims.push(...(await Promise.all([1, 2, 3].map(() => installation.another()))));
    const { folder } = installation;
    superuser = new pg.Client({ connectionString: folder.databaseUrl('postgres') });
    await superuser.connect();
    await superuser.query(`create function es.test_hold() returns trigger language plpgsql security definer as
      $$ begin perform pg_advisory_xact_lock_shared(${String(HOLD)}); return new; end $$`);
    const logger = silentLogger();
    store = openedStore(await createPostgresEventStore({ connection: folder.databaseUrl(), logger }), folder);
    ({ handler } = commandsOn(store).commands);
    const made = await ok(
      office.post('/api/admin/customers', { division: 'sari', name: 'Budi', phone: '081234567890' }),
    );
    customerId = (made.data.customer as { id: string }).id;
  });
  after(async () => {
    await store.close();
    await superuser.end();
    await installation.close();
  });

  const wanted = (hour: number) => ({
    ...{ customer_id: customerId, kind: 'survei_kargo', problem: 'Survei', base_price: 350_000 },
    place: { address: 'Jalan Melati 5', district: 'Gambir', city: 'Jakarta Pusat' },
    window: { from: `${DAY}T0${String(hour)}:00:00.000Z`, to: `${DAY}T0${String(hour + 1)}:00:00.000Z` },
  });

  /** Kills the process in the append of its first event of this type: what it stored before is there, this is not. */
  async function killedBefore(type: string, victim: Program, act: () => Promise<unknown>): Promise<void> {
    await superuser.query('select pg_advisory_lock($1)', [HOLD]);
    await superuser.query(
      `create trigger test_hold before insert on es.events for each row when (new.type = '${type}') execute function es.test_hold()`,
    );
    const outcome = act();
    const waiting = await eventually(
      `the append of ${type} waits`,
      async () => {
        const { rows } = await superuser.query<{ pid: number }>(
          `select pid from pg_locks where locktype = 'advisory' and objid = ${String(HOLD)} and not granted`,
        );
        return rows[0]?.pid;
      },
      20_000,
    );
    await victim.kill();
    expect(await outcome, 'an answer').to.equal(undefined);
    // Its connection has ended; what Postgres was doing for it ends with that.
    await superuser.query('select pg_terminate_backend($1)', [waiting]);
    await eventually('it is rolled back', async () => {
      const { rowCount } = await superuser.query('select from pg_stat_activity where pid = $1', [waiting]);
      return rowCount === 0 ? true : undefined;
    });
    await superuser.query('drop trigger test_hold on es.events');
    await superuser.query('select pg_advisory_unlock($1)', [HOLD]);
  }

  const opened = async (hour: number): Promise<string> =>
    (await ok(office.post('/api/admin/jobs', wanted(hour)))).data['job_id'] as string;
  const timeOf = async (): Promise<string[]> => [
    ...(await handler.load(agenda, agendaId(technician.userId, DAY))).keys(),
  ];
  const places = async (): Promise<number> =>
    (await handler.load(capacityDay, capacityDayId('sari', DAY))).jobs.size;
  const numbers = () =>
    handler.load(
      invoiceNumbers,
      invoiceNumbersId('sari', new Date(Date.now() + 7 * 3_600_000).getUTCFullYear()),
    );

  it('leaves reservations that the sweeper frees, and a number that its invoice gets', async () => {
    const [taking, opening, issuing] = victims;
    const id = await opened(2);
    await killedBefore('JobTaken', taking!, () =>
      attempt(technician.at(taking!.url).post(`/api/jobs/${id}/take`)),
    );
    expect(await timeOf()).to.deep.equal([id]);
    expect((await handler.load(job, id)).status).to.equal('open');

    await killedBefore('JobOpened', opening!, () =>
      attempt(office.at(opening!.url).post('/api/admin/jobs', wanted(4))),
    );
    expect(await places()).to.equal(2);

    const done = uuidOf(0xf1e1d);
    const people = { technicianId: technician.userId, by: office.userId };
    await handler.executeCommand(job, done, context(1), () =>
      visited({ jobId: done, division: 'sari', customerId, ticketId: uuidOf(0xf1e1e), ...people }),
    );
    const drafted = (await ok(office.post(`/api/admin/jobs/${done}/invoice`))).data.invoice as { id: string };
    const on = (what: string) => `/api/admin/invoices/${drafted.id}/${what}`;
    const { revision, hash } = (await ok(office.post(on('submit')))).data.invoice as {
      revision: number;
      hash: string;
    };
    const sales = await installation.as('agent1.sari@demo.saga');
    await ok(sales.post(on('approve'), { revision, hash }));
    await killedBefore('InvoiceIssued', issuing!, () => attempt(office.at(issuing!.url).post(on('issue'))));
    const taken = numberOf(await numbers(), drafted.id);
    expect(taken?.n).to.equal(1);
    expect(await handler.load(invoice, drafted.id)).to.include({ status: 'approved', isIssuing: true });

    // Postgres, which it started, stays.
    await installation.main().kill();
    await installation.again([], { SAGA_TEST_CLOCK_MS: String(LATER_MS) });
    office = office.at(installation.main().url);
    await eventually(
      'the time is free',
      async () => ((await timeOf()).length === 0 ? true : undefined),
      30_000,
    );
    await eventually('the place is free', async () => ((await places()) === 1 ? true : undefined), 30_000);
    const issued = await eventually(
      'it is issued',
      async () => {
        const found = await handler.load(invoice, drafted.id);
        return found.status === 'issued' ? found : undefined;
      },
      30_000,
    );
    expect(issued.issue?.number).to.match(/^INV\/SARI\/\d{4}\/000001$/);
    // Who was killed takes it after all.
    await ok(technician.at(installation.main().url).post(`/api/jobs/${id}/take`));
    expect(await timeOf()).to.deep.equal([id]);
  });
});
