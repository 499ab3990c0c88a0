import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { aCustomer, aText, type Customer, get, ok, type Session } from '../support/http/client.ts';
import { startEsdbServer, type EsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { type Installation, openInstallation } from './installation.ts';
import { expectLedger } from './ledger.ts';

const AWAY_MS = 10_500;
/** The budget of an append or a read in the store's adapter, and a noisy machine. */
const COMMAND_ANSWERS_WITHIN_MS = 10_000;

describe('on EventStoreDB (protocol-level test server)', function () {
  this.timeout(90_000);
  let server: EsdbServer;
  let installation: Installation;
  let agent: Session;
  let sa: Session;
  const acknowledged: string[] = [];
  const unknown: string[] = [];

  before(async () => {
    server = await startEsdbServer();
    installation = await openInstallation({ env: { EVENTSTORE_URL: server.url } });
    agent = await installation.as('agent1.sari@demo.saga');
    sa = await installation.as('sa@demo.saga');
  });
  after(async () => {
    await installation.close();
    server.stop();
  });

  const written = async (customer: Customer): Promise<string> => {
    const text = aText('Halo');
    await ok(installation.channels().meta(customer, text));
    acknowledged.push(text);
    return text;
  };

  /** A customer's ticket in the hands of `agent`. */
  const taken = async (): Promise<{ id: string; customer: Customer; first: string }> => {
    const customer = aCustomer();
    const first = await written(customer);
    const id = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${id}/self-takeover`));
    return { id, customer, first };
  };

  it('walks from webhook to inbox to takeover to reply to audit log', async () => {
    const { id, customer, first } = await taken();
    const again = await agent.at(installation.main().url).post(`/api/admin/ticket/${id}/self-takeover`);
    expect(again.json.error.code).to.equal('TICKET_ALREADY_TAKEN');
    const message = aText('Baik, saya bantu');
    await ok(agent.post(`/api/admin/ticket/${id}/reply`, { message }));
    acknowledged.push(message);
    const said = await installation.messages(agent, id);
    expect(said.map(({ content, sender_type }) => [sender_type, content])).to.deep.equal([
      ['customer', first],
      ['agent', message],
    ]);
    const { events } = (await ok(sa.get(`/api/admin/ticket/${id}/audit-log`))).data as {
      events: { event: string; actor: { id: string } | null }[];
    };
    expect(events.map(({ event, actor }) => [event, actor?.id])).to.deep.equal([
      ['ticket_opened', undefined],
      ['self_takeover', agent.userId],
      ['replied', agent.userId],
    ]);
    const { tickets } = (await ok(agent.get('/api/admin/inbox?assigned_to=me&limit=200'))).data as {
      tickets: { id: string; customer_name: string }[];
    };
    expect(tickets.find((ticket) => ticket.id === id)?.customer_name).to.equal(customer.name);
    expect(server.log.stream(`ticket-${id}`).map(({ type }) => type)).to.deep.equal([
      'TicketOpened',
      'TicketTakenOver',
    ]);
  });

  it('away for a while: webhooks 200, commands 503 in time, reads answer, and all is there once afterwards', async () => {
    const program = installation.main();
    const { id, customer, first } = await taken();
    const waiting = aCustomer();
    await written(waiting);
    const free = await installation.ticket(agent, waiting);
    const newcomer = aCustomer();

    server.kill();
    const back = delay(AWAY_MS).then(() => server.restart());
    const began = performance.now();

    const refusedCommand = async (path: string, body: object, text?: string): Promise<void> => {
      const sent = performance.now();
      const { status, json, headers } = await agent.post(`/api/admin/ticket/${path}`, body);
      expect(performance.now() - sent, `${path} in time`).to.be.lessThan(COMMAND_ANSWERS_WITHIN_MS);
      expect([status, json.error.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
      if (text !== undefined) unknown.push(text);
    };
    const [reply, note] = [aText('Sebentar'), aText('Catatan')];
    const commands = Promise.all([
      refusedCommand(`${id}/reply`, { message: reply }, reply),
      refusedCommand(`${free}/self-takeover`, {}),
      refusedCommand(`${id}/internal-message`, { content: note }, note),
      refusedCommand(`${id}/tag`, { action: 'add', tag: 'menunggu' }),
    ]);

    const texts = [first];
    for (let n = 0; n < 15; n += 1) {
      texts.push(await written(customer));
      await written(newcomer);
      const inbox = await agent.get('/api/admin/inbox');
      expect(inbox.status, 'reads answer').to.equal(200);
      expect((await installation.messages(agent, id)).map(({ content }) => content)).to.deep.equal([first]);
    }
    const unready = await eventually('says that it is not ready', async () => {
      const answer = await get(program.url, '/readyz');
      return answer.status === 503 ? answer : undefined;
    });
    expect(unready.json.error.code).to.equal('NOT_READY');
    expect(unready.json.error.details?.map(({ path }) => path)).to.deep.equal(['event store']);
    expect((await get(program.url, '/healthz')).status).to.equal(200);
    await commands;
    expect(performance.now() - began, 'all that was while it was away').to.be.lessThan(AWAY_MS);
    await back;

    await program.ready();
    await installation.settled();
    expect(program.running()).to.equal(true);
    const contents = (await installation.messages(agent, id)).map(({ content }) => content);
    expect(contents.filter((text) => texts.includes(text))).to.deep.equal(texts);
    expect(await installation.messages(sa, await installation.ticket(sa, newcomer))).to.have.length(15);
    const tried = await agent.post(`/api/admin/ticket/${free}/self-takeover`);
    // The takeover without an answer may have been written: then this same agent has the ticket.
    expect([200, 409]).to.include(tried.status);
    const events = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = openedStore(events, installation.folder);
    try {
      await expectLedger(store, installation.folder.databaseUrl('postgres'), { acknowledged, unknown });
    } finally {
      await store.close();
    }
  });
});
