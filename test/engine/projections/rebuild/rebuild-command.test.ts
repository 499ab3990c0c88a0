import { expect } from 'chai';
import pg from 'pg';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { generateTickets } from '../../../../bench/history/generate-tickets.ts';
import { builtProgram, NODE_ARGS } from '../../../support/processes/built-programs.ts';
import { environmentOf } from '../../../support/processes/environment.ts';
import { eventually } from '../../../support/eventually.ts';
import { someMetadata } from '../../../support/scenarios/events.ts';
import { type Ran, runScript } from '../../../support/processes/npm-script.ts';
import { type Desk, noting, openDesk, opening, uuid } from '../../../projections/desk.ts';

const T = uuid(60_001);

describe('npm run projections', function () {
  this.timeout(240_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await generateTickets(desk.superuserUrl, 200);
    await desk.append(...opening(T, 'sari'));
    await caughtUp();
  });
  after(() => desk.close());

  const run = (...args: string[]) => runScript('projections', args, environmentOf(desk.url));
  const projections = async (...args: string[]): Promise<Ran> => {
    const ran = await run(...args);
    expect(ran.code, ran.output).to.equal(0);
    return ran;
  };
  const failing = async (...args: string[]): Promise<Ran | undefined> => {
    const ran = await run(...args);
    return ran.code === 0 ? undefined : ran;
  };
  const schemas = async (): Promise<readonly string[]> =>
    (
      await desk.rows<{ name: string }>(
        `select nspname as name from pg_namespace where nspname ~ '^(rebuild|verify)_' order by 1`,
      )
    ).map(({ name }) => name);
  /** A projector takes up what an operator let go on within a second. */
  const caughtUp = (): Promise<unknown> =>
    eventually(
      'every view has taken in everything',
      async () => {
        const views = await desk.projectionStatus.status();
        // None: the projector has not begun.
        return (
          views.length > 0 &&
          views.every((view) => view.caughtUp && !view.wrongStore && view.state === 'running')
        );
      },
      30_000,
    );
  const tickets = async (): Promise<number> => {
    const [row] = await desk.rows<{ n: number }>('select count(*)::int as n from read.tickets');
    return row?.n ?? 0;
  };

  it('killed with -9 at any moment it has changed nothing or all of it, and run again it finishes', async () => {
    const before = await tickets();
    // While it reads, while it builds indexes, about when it swaps.
    for (const wait of [50, 400]) {
      const program = await builtProgram('scripts/projections.ts');
      const command = [...NODE_ARGS, program, 'rebuild', 'all', '--full-speed'];
      const env = { PATH: process.env['PATH'], ...environmentOf(desk.url) };
      const child = spawn(process.execPath, command, { env, stdio: 'ignore' });
      const ended = once(child, 'exit');
      await eventually(
        'it has begun',
        async () => (await schemas()).length > 0 || child.exitCode !== null,
        30_000,
      );
      await delay(wait);
      child.kill('SIGKILL');
      await ended;
      expect(await tickets()).to.equal(before);
    }
    await projections('rebuild', 'all', '--full-speed');
    expect(await schemas(), 'left behind').to.deep.equal([]);
    expect(await tickets()).to.equal(before);
    const { stdout } = await projections('verify');
    expect(stdout).to.match(/^inbox: [\d,]+ rows are what the events up to \d+ say$/m);
    await desk.append(...noting(T, 'sari', uuid(2), 'sesudahnya'));
    await desk.settled();
  });

  it('verify names each row that differs by its key, not by what people wrote, and fails', async () => {
    await desk.append(...noting(T, 'sari', uuid(2), 'rahasia'));
    await desk.settled();
    await desk.rows(`update read.messages_l2 set content = 'diubah' where ticket_id = $1`, [T]);
    const failed = await failing('verify', 'messages_l2');
    expect(failed?.code).to.equal(1);
    expect(failed?.stdout).to.match(
      /messages_l2 division=sari ticket_id=\S+ position=\d+: different \(content\)/,
    );
    expect(failed?.stdout).not.to.match(/diubah|rahasia/);
    const shown = await failing('verify', 'messages_l2', '--show');
    expect(shown?.stdout).to.match(/content: "diubah" should be "rahasia"/);
    await projections('rebuild', 'messages_l2');
    expect(await failing('verify', 'messages_l2')).to.equal(undefined);
  });

  it('rebuild and verify hold back what the live view does; a skip on record lets all views go on', async () => {
    const id = randomUUID();
    await desk.appendRaw(`internal-${T}`, [
      { id, type: 'FromTheFuture', data: {}, metadata: someMetadata(id) },
    ]);
    await desk.append(...noting(T, 'sari', uuid(2), 'menunggu'));
    await caughtUp();
    const parked = (): Promise<{ view: string; event_id: string }[]> =>
      desk.rows('select view, event_id from ops.projection_parked order by view, position');
    const before = await parked();
    expect(before.map(({ view }) => view)).to.include.members(['messages_l2', 'audit_log']);
    expect((await projections('verify', 'messages_l2')).stdout).to.match(
      /^messages_l2: .* rows are what the events/m,
    );
    await projections('rebuild', 'messages_l2');
    expect(await parked()).to.deep.equal(before);
    await caughtUp();
    expect((await projections('verify', 'inbox')).stdout).to.match(/^inbox: .* rows are what the events/m);
    expect((await projections('status')).stdout).to.contain(`2 from event ${id}: undecodable event`);
    expect((await projections('retry')).stdout).to.contain('to be tried again');
    expect(await parked()).to.deep.equal(before);

    const signedIn = { OPERATOR_EMAIL: 'rina@demo.saga', OPERATOR_PASSWORD: 'kata sandi rina' };
    const skip = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      runScript('projections', ['skip', ...args, '--reason', 'versi ditarik'], {
        ...environmentOf(desk.url),
        ...env,
      });
    expect((await skip(signedIn, '--event', id)).stderr).to.contain('no e-mail and password of an active');
    const admin = await runScript('create-admin', ['rina@demo.saga', 'Rina'], {
      ...environmentOf(desk.url),
      ADMIN_PASSWORD: signedIn.OPERATOR_PASSWORD,
    });
    expect(admin.code, admin.output).to.equal(0);
    expect((await skip({}, '--event', id)).stderr).to.contain('OPERATOR_EMAIL');
    expect((await skip(signedIn, 'messages_l2', '--event', id)).stderr).to.contain('for all views at once');
    expect((await skip(signedIn, '--event', randomUUID())).stderr).to.contain('no view holds back event');
    const behind = before.find(({ event_id: other }) => other !== id)?.event_id ?? '';
    expect((await skip(signedIn, '--event', behind)).stderr).to.contain('only waits behind another');
    const skipped = await skip(signedIn, '--event', id);
    expect(skipped.code, skipped.output).to.equal(0);
    await eventually('nothing is held back', async () => (await parked()).length === 0);
    const [event] = await desk.store.read('projection-all');
    expect(event?.data).to.include({ view: 'all', eventId: id, by: 'Rina', reason: 'versi ditarik' });
    expect(event?.metadata).to.have.nested.property('actor.kind', 'user');
    await caughtUp();
    await projections('verify', 'messages_l2');
    await projections('rebuild', 'messages_l2');
    await caughtUp();
    expect(await parked()).to.deep.equal([]);
  });

  it('is refused while another event store answers, and is the cure for a view of another one', async () => {
    await desk.runner.stop();
    const owner = new pg.Client({ connectionString: desk.superuserUrl });
    await owner.connect();
    const { rows } = await owner.query<{ id: string }>('select store_id as id from es.store');
    await owner.query('update es.store set store_id = gen_random_uuid()');
    const refused = await failing('verify', 'tags');
    expect(refused?.stderr).to.contain('npm run store:accept');
    await owner.query('update es.store set store_id = $1', [rows[0]?.id]);
    await owner.end();
    await desk.rows(
      `update ops.projections set store_id = 'another', position = '9999999999999999999' where view = 'tags'`,
    );
    const runner = desk.runnerWith({});
    runner.start();
    await eventually('the projector refuses', () => runner.refusal() !== null);
    expect((await failing('verify', 'tags'))?.stderr).to.contain('rebuild all');
    await projections('rebuild', 'tags');
    await desk.append(...noting(T, 'sari', uuid(2), 'toko lain'));
    await caughtUp();
  });

  it('says what it can do when it is asked for something else', async () => {
    expect((await failing('rebuild', 'everything'))?.stderr).to.contain("There is no view 'everything'");
    expect((await failing('fly'))?.stderr).to.contain('usage');
    expect((await projections('list')).stdout).to.match(/^inbox +tickets ticket_tags/m);
  });
});
