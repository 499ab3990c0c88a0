/**
 * No read that was answered is without its record, whatever dies behind the answer
 * (docs/design/reliability.md#records-of-reads). The store is held by another session, as a slow disk or a long lock does.
 */
import { expect } from 'chai';
import pg from 'pg';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';

interface Entry {
  readonly event: string;
  readonly ticket_id: string | null;
  readonly timestamp: string;
  readonly metadata: { readonly kind?: string; readonly searched?: string | null };
}

describe('records of reads, and a program that is killed', function () {
  this.timeout(180_000);
  let installation: Installation;
  let holder: pg.Client;
  let agent: Session;
  let auditor: Session;
  let tickets: string[];
  /** Before it, the demo's own people saw the tickets that they worked on. */
  let began: string;
  before(async () => {
    installation = await openInstallation();
    agent = await installation.as('agent1.sari@demo.saga');
    auditor = await installation.as('sa@demo.saga');
    const { data } = await ok(agent.get('/api/admin/inbox?limit=4'));
    tickets = (data.tickets as { id: string }[]).map(({ id }) => id);
    expect(tickets).to.have.length(4);
    began = new Date().toISOString();
    holder = new pg.Client({ connectionString: installation.folder.databaseUrl('postgres') });
    await holder.connect();
  });
  after(async () => {
    await holder.end();
    await installation.close();
  });

  const recordsOf = async (ticketId: string): Promise<readonly Entry[]> => {
    const { data } = await ok(auditor.get(`/api/admin/audit/access?ticket_id=${ticketId}&limit=200`));
    return (data.events as Entry[]).filter(
      ({ metadata, timestamp }) => metadata.kind === 'ticket' && timestamp >= began,
    );
  };
  async function restarted(): Promise<void> {
    const program = await installation.again();
    [agent, auditor] = [agent.at(program.url), auditor.at(program.url)];
  }
  const oneRecord = (ticketId: string): Promise<readonly Entry[]> =>
    eventually(
      'the record is there',
      async () => {
        const found = await recordsOf(ticketId);
        return found.length > 0 ? found : undefined;
      },
      30_000,
    );

  it('killed at once after the answer, the record is there', async () => {
    const [ticket = ''] = tickets;
    expect((await agent.get(`/api/admin/ticket/${ticket}`)).status).to.equal(200);
    await installation.main().kill();
    await restarted();
    expect(await oneRecord(ticket)).to.have.length(1);
  });

  it('killed at once after the answer while the event store takes nothing, the record is there, once', async () => {
    const [, first = '', second = ''] = tickets;
    await holder.query('begin');
    await holder.query('select from es.store for update');
    // The first one waits for the store a moment, the second one knows that it is away.
    expect((await agent.get(`/api/admin/ticket/${first}`)).status).to.equal(200);
    expect((await agent.get(`/api/admin/ticket/${second}`)).status).to.equal(200);
    await installation.main().kill();
    // Whatever the dead program had under way is decided now.
    await holder.query('rollback');
    await restarted();
    expect(await oneRecord(first)).to.have.length(1);
    expect(await oneRecord(second)).to.have.length(1);
    const { rows } = await holder.query<{ n: number }>('select count(*)::int as n from ops.access_journal');
    expect(rows[0]?.n).to.equal(0);
  });

  it('when nothing takes the record, the answer is 503 and no read', async () => {
    const [, , , ticket = ''] = tickets;
    await holder.query('begin');
    await holder.query('select from es.store for update');
    await holder.query('lock table ops.access_journal in access exclusive mode');
    const refused = await agent.get(`/api/admin/ticket/${ticket}`);
    expect(refused.status).to.equal(503);
    expect(JSON.stringify(refused)).to.not.include('customer_name');
    await holder.query('rollback');
    await eventually('it is answered again', async () =>
      (await agent.get(`/api/admin/ticket/${ticket}`)).status === 200 ? true : undefined,
    );
    expect(await oneRecord(ticket)).to.have.length(1);
  });
});
