import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';

interface Ticket {
  readonly assigned_to: { readonly id: string } | null;
  readonly response_due_at: string | null;
}

describe('a limit on the first reply, over HTTP', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram({ RESPONSE_TIMEOUT_MINUTES: '0.02' });
  });
  after(() => app.close());

  const ticketOf = async (id: string): Promise<Ticket> =>
    (await app.get(`/api/admin/ticket/${id}`, 'sa')).json.data['ticket'] as Ticket;

  it('moves a silent agent’s ticket to the next one online, and leaves it with who answers', async function () {
    this.timeout(30_000);
    await app.post('/api/agent/status', { status: 'online' }, 'agent.sari');
    await app.post('/api/agent/status', { status: 'online' }, 'other.sari');
    const [id = ''] = await app.openTickets('sari', 1);
    await app.handoff(id);
    const first = await eventually('somebody has it', async () => (await ticketOf(id)).assigned_to?.id);
    const second = await eventually('somebody else has it', async () => {
      const holder = (await ticketOf(id)).assigned_to?.id;
      return holder !== undefined && holder !== first ? holder : undefined;
    });
    const who = ['agent.sari', 'other.sari'].find((key) => app.person(key).id === second) ?? '';
    expect((await app.post(`/api/admin/ticket/${id}/reply`, { message: 'Halo Kak' }, who)).status).to.equal(
      201,
    );
    await eventually('the timer stands still', async () => (await ticketOf(id)).response_due_at === null);
    const { json } = await app.get(`/api/admin/ticket/${id}/audit-log`, 'sa');
    const withdrawn = (json.data['events'] as { event: string; from?: string }[]).filter(
      ({ event }) => event === 'withdrawn',
    );
    expect(withdrawn.map(({ from }) => from)).to.include(first);
    // Had the reply not stopped it, the next round would take it back.
    const [other = ''] = await app.openTickets('sari', 1);
    await app.handoff(other);
    await eventually('another ticket was withdrawn meanwhile', async () => {
      const log = (await app.get(`/api/admin/ticket/${other}/audit-log`, 'sa')).json.data['events'] as {
        event: string;
      }[];
      return log.some(({ event }) => event === 'withdrawn');
    });
    expect((await ticketOf(id)).assigned_to?.id).to.equal(second);
  });
});
