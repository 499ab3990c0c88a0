import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { conversationStream } from '../../../../src/domain/conversation/conversation.ts';
import { userStream } from '../../../../src/domain/staff/user.ts';
import { readArguments, UsageError } from '../../../../scripts/replay/arguments.ts';
import { environmentOf } from '../../../support/processes/environment.ts';
import { type Ran, runScript } from '../../../support/processes/npm-script.ts';
import {
  agentOf,
  customerOf,
  type Desk,
  noting,
  openDesk,
  opening,
  receiving,
  registered,
  taking,
  uuid,
} from '../../desk.ts';

const TICKET = uuid(7);
const ANI = uuid(101);
const NOON = '2026-07-03T05:00:00.000Z';
const LATER = '2026-07-03T06:00:00.000Z';

describe('npm run replay', () => {
  let desk: Desk;
  before(async () => {
    // Nobody keeps the read tables: what is told comes from the events alone.
    desk = await openDesk({ start: false });
    await desk.append(...registered(ANI, 'Ani'), { at: NOON });
    await desk.append(...opening(TICKET, 'sari'), { at: NOON });
    await desk.append(...receiving(TICKET, 'sari', { content: 'Halo\u001b[31m\nmau tanya', sentAt: NOON }), {
      at: NOON,
    });
    await desk.append(...taking(TICKET, 'sari', ANI), { at: LATER, actor: agentOf(ANI) });
    const sentAt = LATER;
    const about = { ticketId: TICKET, division: 'sari' as const, messageId: randomUUID(), agentId: ANI };
    await desk.append(
      conversationStream(TICKET),
      { type: 'AgentReplied', data: { ...about, content: 'Siap, Pak', sentAt } },
      { at: LATER, actor: agentOf(ANI) },
    );
    await desk.append(...noting(TICKET, 'sari', ANI, 'jangan bilang'), { at: LATER, actor: agentOf(ANI) });
    await desk.append(
      userStream(ANI),
      { type: 'UserRenamed', data: { userId: ANI, name: 'Ani Wijaya' } },
      { at: '2026-07-04T00:00:00.000Z' },
    );
    await desk.append(...customerOf('sari', uuid(900), '628111'));
  });
  after(() => desk.close());

  const replay = (...args: string[]) => runScript('replay', args, environmentOf(desk.url));
  const json = (done: Ran) => JSON.parse(done.stdout) as Record<string, Record<string, unknown>>;

  it('shows a ticket as it was, aligned, without colours, and on one line what a customer wrote on two', async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await replay('ticket', TICKET, '--as-of', '2026-07-03');
    expect([code, stderr]).to.deep.equal([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).to.equal(`ticket ${TICKET}, as of 2026-07-03T16:59:59.999Z (revision 1)`);
    expect(lines[1]).to.include('--layer l2');
    // The name of that day.
    expect(stdout).to.match(/^assigned_to +Ani \(/m);
    expect(stdout).to.match(/^status +awaiting_response$/m);
    expect(stdout).to.match(/^2026-07-03T06:00:00.000Z  ticket@1 +TicketTakenOver +Ani \(sales_agent\)$/m);
    expect(stdout).to.include('    status: new -> in_progress').and.include('“Siap, Pak”');
    expect(stdout)
      .to.include('Halo [31m mau tanya')
      .and.not.include('\u001b')
      .and.not.include('jangan bilang');
    const column = (field: string) =>
      lines.find((line) => line.startsWith(`${field} `))?.search(/\S+$/) ?? Number.NaN;
    expect([column('status'), column('channel')]).to.deep.equal([column('field'), column('field')]);
  });

  it('gives tools JSON, and the internal notes only when asked', async function () {
    this.timeout(60_000);
    const told = json(await replay('ticket', TICKET, '--revision', '0', '--json'));
    expect(told['ticket']).to.include({ status: 'new', id: TICKET });
    expect(told).to.include({ internal_notes: 'left out', revision: 0 });
    expect(told['crm']).to.include({ crm_stage: 'Lead' });
    const all = await replay('ticket', TICKET, '--layer', 'l2', '--json');
    expect(all.stdout).to.include('jangan bilang');
    expect(json(all)).to.include({ internal_notes: 'included' });
    expect((await replay('ticket', TICKET, '--layer', 'l2')).stdout).to.include('With internal notes (L2)');
  });

  it('shows what changed between two moments, and by which event', async function () {
    this.timeout(60_000);
    const { code, stdout } = await replay('ticket', TICKET, '--diff', '0', '2026-07-05');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^status +new +awaiting_response +AgentReplied conversation@1 .*Ani Wijaya$/m);
    expect(stdout).to.match(/^queue_status +free +assigned +TicketTakenOver ticket@1 /m);
    const same = await replay('ticket', TICKET, '--diff', '1', '1');
    expect(same.stdout).to.include('Nothing changed.');
  });

  it('does the same for a user and a customer', async function () {
    this.timeout(60_000);
    expect((await replay('user', ANI)).stdout)
      .to.match(/^name +Ani Wijaya$/m)
      .and.not.include('hash');
    expect((await replay('customer', uuid(900))).stdout).to.match(/^phone +628111$/m);
  });

  it('says in a sentence what is not there, and ends with 1', async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await replay('ticket', TICKET, '--as-of', '2020-01-01');
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.equal(`There was no ticket ${TICKET} then, or it never had that revision.\n`);
  });

  it('says in a sentence what is wrong with the command line, and ends with 2', async function () {
    this.timeout(60_000);
    for (const done of [await replay('ticket'), await replay('ticket', TICKET, '--diff', '1', '0')]) {
      expect([done.code, done.stdout]).to.deep.equal([2, '']);
      expect(done.stderr).to.match(
        /^(Say what to replay|--diff A B: A is after B).*\.\n\nusage: npm run replay/,
      );
    }
    const cases: readonly [args: string[], said: RegExp][] = [
      [['ticket', 'x'], /^x is no id of a ticket/],
      [['division', uuid(1)], /^Say what/],
      [['ticket', TICKET, '--as-of', 'kemarin'], /^kemarin is no time/],
      [['ticket', TICKET, '--as-of', '2026-02-30'], /^2026-02-30 is no time/],
      [['ticket', TICKET, '--revision', 'x'], /^x is no revision/],
      [['ticket', TICKET, '--revision', '1', '--as-of', NOON], /^Only one of/],
      [['ticket', TICKET, '--diff', '1'], /^--diff needs two/],
      [['ticket', TICKET, '--diff', '1', 'x'], /^x is no time/],
      [['ticket', TICKET, '1'], /^Too many arguments: 1/],
      [['ticket', TICKET, '--wrong'], /^Unknown option '--wrong'/],
      [['ticket', TICKET, '--limit', '0'], /^--limit is/],
      [['user', ANI, '--layer', 'l2'], /^--layer l2 is all there is/],
    ];
    for (const [args, said] of cases) {
      expect(() => readArguments(args), args.join(' '))
        .to.throw(UsageError)
        .with.property('message')
        .that.matches(said);
    }
    expect(readArguments(['ticket', TICKET, '--diff', '1', '2026-07-03']).points).to.deep.equal([
      '1',
      '2026-07-03',
    ]);
  });
});
