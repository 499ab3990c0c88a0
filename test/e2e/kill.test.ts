import { expect } from 'chai';
import { aCustomer, aText, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Load, startLoad } from './load.ts';

const ROUNDS = 3;

describe('kill -9 under load', function () {
  this.timeout(120_000);
  let desk: Desk;
  let agent: Session;
  let ticketId: string;
  const told = { acknowledged: [] as string[], unknown: [] as string[], refused: [] as string[] };

  before(async () => {
    desk = await openDesk();
    agent = await desk.as('agent2.sari@demo.saga');
    const customer = aCustomer();
    const text = aText('Halo');
    await ok(desk.channels().says(customer, text));
    told.acknowledged.push(text);
    ticketId = await desk.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
  });
  after(() => desk.close());

  const load = () =>
    startLoad({
      channels: () => desk.channels(),
      customers: 8,
      replies: () => ({ agent: agent.at(desk.main().url), ticketId }),
    });

  const more = (running: Load, count: number) => {
    const from = running.succeeded();
    return eventually(`${String(count)} more answers`, () => running.succeeded() >= from + count, 30_000);
  };

  async function end(running: Load): Promise<void> {
    await running.stop();
    await desk.settled();
    for (const list of ['acknowledged', 'unknown', 'refused'] as const) told[list].push(...running[list]);
    expect(running.refused.size, 'nobody was refused for a fault of ours').to.equal(0);
    await desk.ledger(told);
  }

  it('of the program: all that was answered is there, once, after the next start', async () => {
    const running = load();
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each time at another moment.
      await more(running, 40 + 25 * round);
      await desk.main().kill();
      await desk.again();
    }
    await more(running, 40);
    await end(running);
    expect(running.acknowledged.size).to.be.greaterThan(100);
  });

  it('of Postgres: 503 meanwhile, back without a restart of ours, nothing lost and nothing doubled', async () => {
    const program = desk.main();
    const running = load();
    for (let round = 0; round < 3; round += 1) {
      await more(running, 40 + 25 * round);
      process.kill(desk.folder.postmaster(), 'SIGKILL');
      await more(running, 20);
    }
    await end(running);
    expect(program.running(), 'the same process all the time').to.equal(true);
    expect(desk.main()).to.equal(program);
    expect(running.failures.size, 'somebody was told').to.be.greaterThan(0);
    // A key whose claim could not be given back for want of a database is free again after a while.
    const comeAgain = /^(503 STORE_UNAVAILABLE|409 IDEMPOTENCY_KEY_IN_USE) retry-after \d+$/;
    for (const failure of running.failures.keys()) expect(failure).to.match(comeAgain);
    expect(running.slowest(), 'nobody hung, in milliseconds').to.be.lessThan(15_000);
  });
});
