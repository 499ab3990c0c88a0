import { expect } from 'chai';
import { aCustomer, aText, ok, type Session } from '../support/http/client.ts';
import type { Reply } from '../support/http/http.ts';
import type { Program } from '../support/processes/program.ts';
import { type Installation, openInstallation } from './installation.ts';

const AGENTS = 60;

interface Entry {
  readonly event: string;
  readonly to?: string;
  readonly actor: { readonly id: string } | null;
}

describe('sixty agents and one FREE ticket', function () {
  this.timeout(90_000);
  let installation: Installation;
  let agents: Session[];
  let lead: Session;

  before(async () => {
    installation = await openInstallation();
    agents = await installation.agents(AGENTS);
    lead = await installation.as('tl@demo.saga');
  });
  after(() => installation.close());

  async function race(programs: readonly Program[]): Promise<void> {
    const customer = aCustomer();
    const from = programs.map((program) => installation.channels(program));
    const texts = [aText('Halo')];
    await ok(from[0]!.says(customer, texts[0]!));
    const id = await installation.ticket(lead, customer);
    const sessions = agents.map((agent, n) => agent.at(programs[n % programs.length]!.url));

    let racing = true;
    const answered = { before: 0, during: 0 };
    const writing = [0, 1, 2].map(async (n) => {
      while (racing) {
        const text = aText('masih di sini?');
        texts.push(text);
        await ok(from[n % from.length]!.says(customer, text));
        answered.during += 1;
      }
    });
    // The race begins while the customer writes.
    while (answered.during < 5) await new Promise((next) => setImmediate(next));
    answered.before = answered.during;
    const answers = await Promise.all(
      sessions.map((agent) => agent.post(`/api/admin/ticket/${id}/self-takeover`)),
    );
    racing = false;
    await Promise.all(writing);
    expect(answered.during, 'the customer wrote during the race').to.be.greaterThan(answered.before);

    const winners = answers.flatMap(({ status }, n) => (status === 200 ? [agents[n]!.userId] : []));
    expect(winners).to.have.length(1);
    const won = answers.find(({ status }) => status === 200)!.json.data.assigned_to as { id: string };
    expect(won.id).to.equal(winners[0]);
    const losers = answers.filter(({ status }) => status !== 200);
    const said = ({ status, json }: Reply) => `${String(status)} ${json.error.code} ${json.error.message}`;
    expect(new Set(losers.map(said))).to.deep.equal(
      new Set(['409 TICKET_ALREADY_TAKEN Tiket sudah diambil agent lain']),
    );

    await installation.settled();
    const { events } = (await ok(lead.get(`/api/admin/ticket/${id}/audit-log?limit=200`))).data as {
      events: Entry[];
    };
    const takeovers = events.filter(({ event }) => event === 'self_takeover');
    expect(takeovers.map(({ to, actor }) => [to, actor?.id])).to.deep.equal([[winners[0], winners[0]]]);
    const { ticket } = (await ok(lead.get(`/api/admin/ticket/${id}`))).data as {
      ticket: { assigned_to: { id: string }; queue_status: string };
    };
    expect([ticket.assigned_to.id, ticket.queue_status]).to.deep.equal([winners[0], 'assigned']);
    const messages = await installation.messages(lead, id);
    expect(messages.map(({ content }) => content).toSorted()).to.deep.equal(texts.toSorted());
    await installation.tickets(lead, customer);
  }

  it('gives it to exactly one while the customer keeps writing', async () => {
    for (let round = 0; round < 2; round += 1) await race([installation.main()]);
  });

  it('gives it to exactly one with two API processes on one database', async () => {
    const second = await installation.another();
    for (let round = 0; round < 2; round += 1) await race([installation.main(), second]);
  });

  it('leaves a store and views that agree', () => installation.ledger({ acknowledged: [] }));
});
