import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decode } from '../../../src/domain/codec.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import type { TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { RoutingOptions } from '../../../src/jobs/routing/routing-state.ts';
import { createRouter } from '../../../src/jobs/routing/router.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { commandsOn, contextOf, from, message } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { ani, rina, tono } from '../../support/scenarios/people.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('the router, on a real store', () => {
  let its: TestStore;
  let postgres: Postgres;
  let on: ReturnType<typeof commandsOn>;
  let log: ReturnType<typeof silentLogger>;
  let skipped: ReturnType<typeof skippedEvents>;
  const running: { stop(): Promise<void> }[] = [];

  beforeEach(async () => {
    its = await testStore();
    postgres = createPostgres({ url: its.url, logger: silentLogger(), poolSize: 2 });
    on = commandsOn(its.store);
    log = silentLogger();
    skipped = skippedEvents(log);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await postgres.close();
    await its.close();
  });

  /** A router of its own, as in a process of its own. */
  function start(options: RoutingOptions = {}): { stop(): Promise<void> } {
    const stopping = new AbortController();
    const router = createRouter({
      store: its.store,
      read: postgres.reads,
      write: postgres.writes,
      routeTicket: on.commands.routeTicket,
      raiseAlert: on.commands.raiseAlert,
      clock: { now: () => on.time.now },
      ...options,
      leases: createLeases({ url: its.url, logger: silentLogger() }),
      log,
      skipped,
    });
    const working = router.run(stopping.signal);
    const handle = {
      stop: () => {
        stopping.abort();
        return working;
      },
    };
    running.push(handle);
    return handle;
  }

  async function hire(name: string, division: 'sari' | 'savi' = 'sari'): Promise<Caller> {
    const { user_id } = await on.commands.createUser(contextOf(rina), {
      name,
      email: `${name}@demo.saga`,
      password: 'a long password',
      role: 'sales_agent',
      division,
    });
    return { ...ani, id: user_id, division };
  }
  const lead = () =>
    on.commands.createUser(contextOf(rina), {
      name: 'lead',
      email: 'lead@demo.saga',
      password: 'a long password',
      role: 'team_lead',
      division: 'sari',
    });
  const sits = (agent: Caller, status: 'online' | 'offline') =>
    on.commands.setPresence(contextOf(agent), agent.id, { status });

  /** A ticket that the bot has given up. @returns its id */
  async function handedOff(n: number): Promise<string> {
    const who = { userId: `wa_62800${String(n)}`, phone: `62800${String(n)}` };
    await on.receive(message(`m${String(n)}`, who), { key: `wa:m${String(n)}`, receivedAt: '' });
    await on.receive(
      { ...from(who), kind: 'handoff', reason: null },
      {
        key: `h${String(n)}`,
        receivedAt: '',
      },
    );
    return n.toString();
  }

  /** All events of tickets, in the order of the store. */
  async function ticketEvents(): Promise<(TicketEvent & { position: string })[]> {
    const stop = new AbortController();
    const all: (TicketEvent & { position: string })[] = [];
    const filter = { streamPrefixes: ['ticket-'] };
    for await (const { events, caughtUp } of its.store.subscribe({
      after: '',
      filter,
      signal: stop.signal,
    })) {
      all.push(...(events as never as (TicketEvent & { position: string })[]));
      if (caughtUp) stop.abort();
    }
    return all;
  }
  const assignments = async () =>
    (await ticketEvents()).flatMap((event) => (event.type === 'TicketAssigned' ? [event.data] : []));

  const settled = (count: number) =>
    eventually(
      `${String(count)} assignments`,
      async () => (await assignments()).length >= count || undefined,
      30_000,
    );

  /** A customer whose first ticket an agent had and closed, and who has gone home since. */
  async function servedBefore() {
    const known = await hire('known');
    const other = await hire('other');
    await handedOff(1);
    start();
    await sits(known, 'online');
    await settled(1);
    const [{ ticketId } = { ticketId: '' }] = await assignments();
    await sits(known, 'offline');
    await on.commands.close(contextOf(known), ticketId, {});
    return { known, other, ticketId };
  }

  it('hands 1,000 handoffs at once to 10 agents: loads differ by at most one, each once, also when it is killed in the middle', async function () {
    this.timeout(60_000);
    const agents = await Promise.all(Array.from({ length: 10 }, (_, n) => hire(`agent${String(n)}`)));
    for (const agent of agents) await sits(agent, 'online');
    const first = start();
    await Promise.all(Array.from({ length: 1000 }, (_, n) => handedOff(n)));
    await settled(100);
    await first.stop();
    start();
    await settled(1000);
    const given = await assignments();
    expect(new Set(given.map(({ ticketId }) => ticketId)).size).to.equal(1000);
    expect(given).to.have.length(1000);
    const loads = agents.map(({ id }) => given.filter(({ agentId }) => agentId === id).length);
    expect(Math.max(...loads) - Math.min(...loads)).to.be.at.most(1);
    expect(given[0]?.reason).to.include({ rule: 'fewest_tickets', online: 10 });
  });

  it('keeps the order of the queue, and tells each waiting customer once', async () => {
    const agent = await hire('one');
    for (let n = 0; n < 5; n += 1) await handedOff(n);
    start();
    const notices = async () => {
      const tickets = [...new Set((await ticketEvents()).map(({ data }) => data.ticketId))];
      const talks = await Promise.all(tickets.map((id) => its.store.read(`conversation-${id}`)));
      return talks.map((talk) => talk.filter(({ type }) => type === 'QueueNoticePosted').length);
    };
    await eventually(
      'every customer was told',
      async () => (await notices()).every((n) => n === 1) || undefined,
    );
    await sits(agent, 'online');
    await settled(5);
    const queued = (await ticketEvents()).flatMap((e) =>
      e.type === 'TicketQueued' ? [e.data.ticketId] : [],
    );
    const given = (await assignments()).map(({ ticketId }) => ticketId);
    expect([...given].sort()).to.deep.equal([...queued].sort());
    expect(await notices()).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it('keeps a returning customer for their agent, and frees the ticket when that agent is gone for good', async () => {
    const { known, other, ticketId } = await servedBefore();
    await sits(other, 'online');
    await on.receive(message('again', { userId: 'wa_628001' }), { key: 'wa:again', receivedAt: '' });
    const second = await eventually('the second ticket', async () =>
      (await ticketEvents()).find((e) => e.type === 'TicketOpened' && e.data.ticketId !== ticketId),
    );
    const waits = (await its.store.read(`ticket-${second.data.ticketId}`)).map(({ type }) => type);
    expect(waits).to.deep.equal(['TicketOpened', 'TicketQueued']);
    await on.commands.patchUser(contextOf(tono), known.id, { is_active: false });
    await settled(2);
    expect((await assignments()).at(-1)).to.include({ ticketId: second.data.ticketId, agentId: other.id });
  });

  it('frees what waits for an agent who became a viewer: they can never come to their desk', async () => {
    const { known, other } = await servedBefore();
    await on.receive(message('again', { userId: 'wa_628001' }), { key: 'wa:again', receivedAt: '' });
    await sits(known, 'online');
    await settled(2);
    await on.commands.patchUser(contextOf(rina), known.id, { role: 'viewer' });
    const left = (await its.store.read(`user-${known.id}`))
      .slice(-2)
      .map(({ type, data }) => ({ type, ...(data as object) }));
    expect(left).to.deep.equal([
      { type: 'UserRoleChanged', userId: known.id, role: 'viewer' },
      { type: 'PresenceChanged', userId: known.id, status: 'offline' },
    ]);
    const second = (await assignments()).at(-1)?.ticketId ?? '';
    await on.commands.close(contextOf(tono), second, {});
    await on.receive(message('third', { userId: 'wa_628001' }), { key: 'wa:third', receivedAt: '' });
    await sits(other, 'online');
    await settled(3);
    expect((await assignments()).at(-1)).to.include({ agentId: other.id });
    // Reopened, the older one would go back to a person who can do nothing with it.
    await on.commands.close(contextOf(tono), (await assignments()).at(-1)?.ticketId ?? '', {});
    expect((await on.commands.reopen(contextOf(tono), second, {})).status).to.equal('new');
  });

  it('takes the open tickets of who left, gives them to who is there, and tells the leads how many', async () => {
    const [leaves, stays] = [await hire('leaves'), await hire('stays')];
    await lead();
    start();
    await sits(leaves, 'online');
    await handedOff(1);
    await handedOff(2);
    await settled(2);
    await sits(stays, 'online');
    await on.commands.patchUser(contextOf(rina), leaves.id, { is_active: false });
    await settled(4);
    expect((await assignments()).slice(2).map(({ agentId }) => agentId)).to.deep.equal([stays.id, stays.id]);
    const back = (await ticketEvents()).flatMap((e) => (e.type === 'TicketWithdrawn' ? [e.data] : []));
    expect(back.map(({ agentId, because }) => [agentId, because])).to.deep.equal([
      [leaves.id, 'deactivated'],
      [leaves.id, 'deactivated'],
    ]);
    const told = (await its.store.read('alerts-returned')).map(({ data }) => data as { tickets: unknown[] });
    expect(told.map(({ tickets }) => tickets.length)).to.deep.equal([2]);
  });

  it('takes them back from who may not reply any more, by person or by role, and from who moved; also at its start', async () => {
    const cases: Record<string, (agent: Caller) => Promise<unknown>> = {
      revoked: (agent) =>
        on.commands.patchUser(contextOf(rina), agent.id, { privileges: { granted: [], revoked: ['reply'] } }),
      moved: (agent) => on.commands.patchUser(contextOf(rina), agent.id, { division: 'savi' }),
      viewer: (agent) => on.commands.patchUser(contextOf(rina), agent.id, { role: 'viewer' }),
      role: () =>
        on.commands.setPrivileges(contextOf(rina), 'sales_agent', {
          privileges: ['inbox_read', 'messages_read'],
        }),
    };
    let n = 0;
    for (const [name, change] of Object.entries(cases)) {
      n += 1;
      const agent = await hire(name);
      const router = start();
      await sits(agent, 'online');
      await handedOff(n);
      await settled(n);
      await sits(agent, 'offline');
      // The first two while the router works, the others while none does.
      if (n > 2) await router.stop();
      await change(agent);
      if (n > 2) start();
      const ticketId = (await assignments()).at(-1)?.ticketId ?? '';
      await eventually(`${name}: it is in the queue again`, async () => {
        const last = (await its.store.read(`ticket-${ticketId}`)).at(-1);
        return last?.type === 'TicketWithdrawn' || undefined;
      });
      await on.commands.close(contextOf(tono), ticketId, {});
      for (const one of running.splice(0)) await one.stop();
    }
  });

  it('leaves a ticket with an agent of another division that a lead gave it to', async () => {
    const guest = await hire('guest', 'savi');
    await handedOff(1);
    const ticketId = (await ticketsInOrder())[0] ?? '';
    await on.commands.assign(contextOf(tono), ticketId, { assign_to: guest.id });
    const agent = await hire('one');
    start();
    await sits(agent, 'online');
    await handedOff(2);
    await settled(2);
    const types = (await its.store.read(`ticket-${ticketId}`)).map(({ type }) => type);
    expect(types).to.include('TicketAssigned').and.not.to.include('TicketWithdrawn');
  });

  it('shares the general queue among all who come within the time, and gives who is waited for at once', async () => {
    const { known, other } = await servedBefore();
    for (const one of running.splice(0)) await one.stop();
    await on.receive(message('again', { userId: 'wa_628001' }), { key: 'wa:again', receivedAt: '' });
    for (let n = 2; n < 8; n += 1) await handedOff(n);
    start({ settleMs: 200 });
    await sits(known, 'online');
    await settled(2);
    expect((await assignments()).at(-1)).to.include({ agentId: known.id });
    await sits(other, 'online');
    expect(await assignments()).to.have.length(2);
    on.time.now = new Date(on.time.now.getTime() + 200);
    await settled(8);
    const given = (await assignments()).slice(1);
    const loads = [known, other].map(({ id }) => given.filter(({ agentId }) => agentId === id).length);
    expect(Math.abs((loads[0] ?? 0) - (loads[1] ?? 0))).to.be.at.most(1);
  });

  it('gives an agent without a number of their own no more than the default', async () => {
    const agent = await hire('one');
    start({ defaultCapacity: 2 });
    await sits(agent, 'online');
    for (let n = 0; n < 3; n += 1) await handedOff(n);
    await settled(2);
    await on.commands.patchUser(contextOf(rina), agent.id, { max_active_tickets: 3 });
    await settled(3);
  });

  /** An event of a program that is newer than this one. @returns its id */
  async function unreadable(stream: string): Promise<string> {
    const id = randomUUID();
    const last = (await its.store.read(stream)).at(-1);
    const event = { id, type: 'FromTheFuture', data: { name: 'kenari' }, metadata: decode(last!).metadata };
    await its.store.append(stream, [event], { expected: last!.revision });
    return id;
  }
  const ticketsInOrder = async () => [
    ...new Set((await ticketEvents()).map(({ data }) => (data as { ticketId?: string }).ticketId)),
  ];

  it('skips an event that it cannot read, counts it once, says which, and routes all other tickets', async () => {
    const agent = await hire('one');
    await sits(agent, 'online');
    await handedOff(1);
    await handedOff(2);
    const [broken = '', whole = ''] = await ticketsInOrder();
    const first = await unreadable(`ticket-${broken}`);
    start();
    await settled(1);
    await handedOff(3);
    await settled(2);
    const second = await unreadable(`ticket-${whole}`);
    await handedOff(4);
    await settled(3);
    const given = (await assignments()).map(({ ticketId }) => ticketId);
    const all = (await ticketsInOrder()).filter((id) => id !== undefined);
    expect(given).to.deep.equal(all.filter((id) => id !== broken));
    expect(skipped.counted).to.deep.equal(['routing', 'routing']);
    expect(skipped.list()).to.deep.equal([{ job: 'routing', count: 2, lastEventId: second }]);
    const said = log.lines.filter(({ level }) => level === 'error');
    expect(said.map(({ fields }) => (fields as { eventId?: string }).eventId)).to.deep.equal([first, second]);
    expect(said.map(({ fields }) => (fields as { err: Error }).err.message).join()).not.to.include('kenari');
  });

  it('gives a ticket to somebody else when an event of the agent cannot be read', async () => {
    const [broken, whole] = [await hire('one'), await hire('two')];
    await sits(broken, 'online');
    await unreadable(`user-${broken.id}`);
    start();
    await handedOff(1);
    await eventually('it was skipped', () => skipped.counted.length > 0);
    expect(await assignments()).to.deep.equal([]);
    await sits(whole, 'online');
    await settled(1);
    await handedOff(2);
    await settled(2);
    expect((await assignments()).map(({ agentId }) => agentId)).to.deep.equal([whole.id, whole.id]);
    expect(skipped.counted).to.deep.equal(['routing']);
  });

  it('leaves a ticket alone that a person gave away meanwhile', async () => {
    const agent = await hire('busy');
    const chosen = await hire('chosen');
    await handedOff(1);
    const [{ data } = { data: { ticketId: '' } }] = await ticketEvents();
    await on.commands.assign(contextOf(tono), data.ticketId, { assign_to: chosen.id });
    await sits(agent, 'online');
    start();
    await handedOff(2);
    await settled(2);
    expect((await assignments()).map(({ agentId }) => agentId)).to.deep.equal([chosen.id, agent.id]);
  });
});
