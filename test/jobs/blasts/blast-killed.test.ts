import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { type Blasting, blasting, DELAY_MS } from '../../support/scenarios/blasting.ts';
import { eventually } from '../../support/eventually.ts';

const RECIPIENTS = 40;

describe('a blast of 40, killed in the middle', function () {
  this.timeout(120_000);
  let b: Blasting;
  const children: ChildProcess[] = [];

  before(async () => {
    b = await blasting({ RUN: 'api,projections' });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await b.close();
  });

  async function jobs(): Promise<ChildProcess> {
    const program = await builtProgram('test/support/processes/jobs-process.ts');
    const child = fork(program, [JSON.stringify(b.app.environment)], { execArgv: [...NODE_ARGS] });
    children.push(child);
    await once(child, 'message');
    return child;
  }

  it('goes on with the next one: nobody twice, nobody left out, at most one unknown a kill', async () => {
    let child = await jobs();
    const tickets = await b.app.openTickets('sari', RECIPIENTS);
    const id = await b.create(tickets);
    await b.approve(id);
    // Once while a request is under way, which the channel took; once at any moment.
    let hangAt = 8;
    b.reacts(() => ((hangAt -= 1) === 0 ? { kind: 'hang', taken: true } : { kind: 'accept' }));
    await eventually('the channel holds an answer back', () => hangAt <= 0, 30_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    child = await jobs();
    await eventually('more are out', () => b.meta.taken.length >= 20, 30_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    child = await jobs();
    const done = await b.until(id, 'done', 60_000);

    const asked = b.meta.asked.map(({ to }) => to);
    expect(new Set(asked).size, 'nobody is asked for twice').to.equal(asked.length);
    expect(done.total_unknown).to.be.within(1, 2);
    expect(done.total_sent + done.total_unknown).to.equal(RECIPIENTS);
    expect(done.total_failed + done.total_skipped).to.equal(0);
    // The second kill may have come between the record of an attempt and its request.
    expect(asked.length).to.be.within(RECIPIENTS - 1, RECIPIENTS);
    const times = b.times.map(({ at }) => at);
    for (const [n, at] of times.slice(1).entries()) expect(at - (times[n] ?? 0)).to.be.at.least(DELAY_MS - 1);
    const statuses = (await b.recipients(id)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'unknown')).to.have.length(done.total_unknown);
  });
});
