/**
 * An administrator of the event store shortens streams: nothing is decided by what is left, everybody else goes on, and every
 * tool names them (docs/design/reliability.md#whole-streams).
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventMetadata } from '../../../src/ports.ts';
import { ask, bearer, posting } from '../../support/http/http.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { cut } from '../../support/esdb-server/deletions.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { runScript } from '../../support/processes/npm-script.ts';

interface Ready {
  readonly status: string;
  readonly warnings?: readonly { readonly path: string; readonly message: string }[];
}

/** Another process of the installation, which has none of the streams in memory. */
async function takeover(app: TestProgram, url: string, ticketId: string): Promise<readonly unknown[]> {
  const { token } = app.person('agent.sari');
  const answer = await ask(url, `/api/admin/ticket/${ticketId}/self-takeover`, posting(undefined, token));
  return [answer.status, answer.json.error?.code];
}

async function readyz(app: TestProgram): Promise<{ readonly status: number; readonly data: Ready }> {
  const { status, json } = await app.call('/readyz');
  return { status, data: json.data as unknown as Ready };
}

const namedByReadyz = (app: TestProgram, stream: string) =>
  eventually(
    '/readyz names it',
    async () => {
      const { status, data } = await readyz(app);
      expect(status).to.equal(200);
      return data.warnings?.some(({ path, message }) => path === 'streams' && message.includes(stream))
        ? data
        : undefined;
    },
    15_000,
  );

const ATTENTION = [409, 'TICKET_NEEDS_ATTENTION'];

describe('streams shortened on EventStoreDB (protocol-level test server)', function () {
  this.timeout(180_000);
  let server: EsdbServer;
  let app: TestProgram;
  let other = '';
  let tickets: string[] = [];
  before(async () => {
    server = await startEsdbServer();
    app = await startTestProgram({ EVENTSTORE_URL: server.url });
    tickets = await app.openTickets('sari', 5);
    other = await app.another();
  });
  after(async () => {
    await app.close();
    server.stop();
  });

  it('a command on a ticket that was soft-deleted or cut is 409, and no other', async () => {
    const [soft = '', max = '', truncated = '', tomb = '', whole = ''] = tickets;
    for (const id of [max, truncated]) await app.handoff(id);
    await eventually('handed over', () =>
      Promise.resolve([max, truncated].every((id) => server.log.stream(`ticket-${id}`).length > 1)),
    );
    cut(server, `ticket-${soft}`, 'soft delete');
    cut(server, `ticket-${max}`, { $maxCount: 1 });
    cut(server, `ticket-${truncated}`, { $tb: 1 });
    cut(server, `conversation-${tomb}`, 'tombstone');
    for (const id of [soft, max, truncated])
      expect(await takeover(app, other, id), id).to.deep.equal(ATTENTION);
    expect(await takeover(app, other, whole)).to.deep.equal([200, undefined]);
  });

  it('a reply is refused in the same way when the talk is cut, and its history is not read as if it were whole', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    const { token } = app.person('agent.sari');
    expect(await takeover(app, other, id)).to.deep.equal([200, undefined]);
    const third = await app.another();
    cut(server, `conversation-${id}`, 'soft delete');
    const reply = await ask(
      third,
      `/api/admin/ticket/${id}/reply`,
      posting({ message: 'Halo' }, token, { 'idempotency-key': randomUUID() }),
    );
    expect([reply.status, reply.json.error?.code], reply.text).to.deep.equal(ATTENTION);
    const history = await ask(third, `/api/admin/ticket/${id}/history`, {
      headers: bearer(app.person('sa').token),
    });
    expect([history.status, history.json.error?.code], history.text).to.deep.equal(ATTENTION);
  });

  it('/readyz is degraded and names them; doctor and audit:verify do, each', async () => {
    const streams = tickets.slice(0, 3).map((id) => `ticket-${id}`);
    const data = await namedByReadyz(app, streams[0] ?? '');
    expect(data.status).to.equal('degraded');
    const doctor = await runScript('doctor', [], app.environment);
    const verified = await runScript('audit-verify', ['--json'], app.environment);
    expect([doctor.code, verified.code], doctor.output + verified.output).to.deep.equal([1, 1]);
    expect(verified.output, 'the tombstone').to.include(`conversation-${tickets[3] ?? ''}`);
    for (const stream of streams) {
      expect(doctor.output).to.include(stream);
      expect(verified.output).to.include(stream);
    }
  });

  it('super admins are told, each of them, as long as it is so; nobody else is', async () => {
    const listed = async (who: string) => {
      const { json } = await app.get('/api/notifications', who);
      const { notifications } = json.data as {
        notifications: { id: string; kind: string; text: string; ticket_id: string | null }[];
      };
      return notifications.filter(({ kind }) => kind === 'stream_not_whole');
    };
    const [soft = ''] = tickets;
    const told = await listed('sa');
    const one = told.find(({ text }) => text.includes(`ticket-${soft}`));
    expect(one?.ticket_id).to.equal(soft);
    expect(new Set(told.map(({ id }) => id)).size).to.equal(told.length);
    expect(await listed('agent.sari')).to.deep.equal([]);
  });

  it('is used again when the administrator takes it back, and is on no list any more', async () => {
    const [soft = '', max = '', truncated = ''] = tickets;
    for (const id of [soft, max, truncated]) cut(server, `ticket-${id}`, 'nothing');
    expect(await takeover(app, other, soft)).to.deep.equal([200, undefined]);
    await eventually(
      'off the record',
      async () => {
        const { data } = await readyz(app);
        const streams = data.warnings?.find(({ path }) => path === 'streams')?.message ?? '';
        return ![soft, max, truncated].some((id) => streams.includes(id));
      },
      15_000,
    );
  });
});

describe('streams of which an owner deleted rows in Postgres', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let other = '';
  let owner: pg.Client;
  before(async () => {
    app = await startTestProgram();
    owner = new pg.Client({ connectionString: app.superuserUrl });
    await owner.connect();
  });
  after(async () => {
    await owner.end();
    await app.close();
  });

  async function remove(where: string, stream: string): Promise<void> {
    await owner.query('alter table es.events disable trigger events_are_append_only');
    const { rowCount } = await owner.query(`delete from es.events where stream = $1 and ${where}`, [stream]);
    await owner.query('alter table es.events enable always trigger events_are_append_only');
    expect(rowCount, 'something was removed').to.be.greaterThan(0);
  }

  it('a ticket without its first event, or without any, is 409 and not TICKET_NOT_FOUND', async () => {
    const [cutOff = '', gone = '', whole = ''] = await app.openTickets('sari', 3);
    await app.handoff(cutOff);
    await eventually('handed over', async () => {
      const { rows } = await owner.query('select 1 from es.events where stream = $1', [`ticket-${cutOff}`]);
      return rows.length > 1;
    });
    other = await app.another();
    await remove('revision = 0', `ticket-${cutOff}`);
    await remove('true', `ticket-${gone}`);
    expect(await takeover(app, other, cutOff)).to.deep.equal(ATTENTION);
    expect(await takeover(app, other, gone)).to.deep.equal(ATTENTION);
    expect(await takeover(app, other, whole)).to.deep.equal([200, undefined]);
    expect(await takeover(app, other, randomUUID()), 'no ticket ever').to.deep.equal([
      404,
      'TICKET_NOT_FOUND',
    ]);
    await namedByReadyz(app, `ticket-${gone}`);
    const all = await runScript('audit-verify', [], app.environment);
    expect(
      [all.code, [cutOff, gone].every((id) => all.output.includes(`ticket-${id}`))],
      all.output,
    ).to.deep.equal([1, true]);
    const one = await runScript('audit-verify', ['--stream', `ticket-${gone}`], app.environment);
    expect([one.code, one.output.includes('no event of it')], one.output).to.deep.equal([1, true]);
  });

  it('a ticket that begins a second time is parked alone, and the inbox goes on', async () => {
    const store = await createPostgresEventStore({ connection: app.databaseUrl, logger: silentLogger() });
    try {
      const twice = await app.openTickets('savi', 30);
      for (const id of twice) {
        const [first] = await store.read(`ticket-${id}`, { limit: 1 });
        if (!first) throw new Error('it has no event');
        const { type, data, metadata } = first;
        const event = { id: randomUUID(), type, data, metadata: metadata as EventMetadata };
        await store.append(first.stream, [event], { expected: 'any' });
      }
      await app.openTickets('savi', 1);
      const { data } = await readyz(app);
      const parked = data.warnings?.find(({ path }) => path === 'view inbox')?.message;
      expect(parked).to.match(/^parked: 30 events of 30 streams, .*begins a second time/);
    } finally {
      await store.close();
    }
  });
});
