import { expect } from 'chai';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import type { InboundItem } from '../../../src/domain/inbound/inbound.ts';
import type { Evidence } from '../../../src/ports.ts';
import { commandsOn, contextOf, eventsOf, from, message } from '../../support/scenarios/commands.ts';
import { ani } from '../../support/scenarios/people.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('receiving from a channel, on a real store', () => {
  let its: TestStore;
  beforeEach(async () => {
    its = await testStore();
  });
  afterEach(() => its.close());

  const got = (id: string) => ({ key: `wa:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
  const types = async (prefix: string) => (await eventsOf(its.store, prefix)).map(({ type }) => type);
  const ticketIds = async () => [
    ...new Set((await eventsOf(its.store, 'ticket-')).map(({ stream }) => stream.slice('ticket-'.length))),
  ];

  it('30 first messages of one new customer at once, in two processes: one ticket, 30 messages', async () => {
    const processes = [commandsOn(its.store), commandsOn(await its.another())];
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => processes[n % 2]!.receive(message(`m${n}`), got(`m${n}`))),
    );
    expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
    expect(await types('conversation-')).to.deep.equal(Array(30).fill('MessageReceived'));
    expect(await types('customer-')).to.deep.equal(['CustomerRegistered', 'CustomerTicketStarted']);
  });

  it('the same message 20 times at once is one message', async () => {
    const processes = [commandsOn(its.store), commandsOn(await its.another())];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => processes[n % 2]!.receive(message('m'), got('m'))),
    );
    expect(await types('conversation-')).to.deep.equal(['MessageReceived']);
  });

  it('a message of a closed ticket that comes again opens no other one, and one that is old but new does', async () => {
    const { commands, receive, receiveTogether, time } = commandsOn(its.store);
    const lead = { ...ani, role: 'super_admin' as const, division: 'all' as const };
    await receive(message('m1'), got('m1'));
    const [first = ''] = await ticketIds();
    await commands.close(contextOf(lead), first, {});
    await receive(message('m2', { sentAt: '2026-07-03T03:31:00.000Z' }), got('m2'));
    const [second = ''] = (await ticketIds()).filter((id) => id !== first);
    await commands.close(contextOf(lead), second, {});
    time.now = new Date('2026-07-06T03:30:00Z');
    const before = await eventsOf(its.store, '');
    // Of the ticket before the last one; and in a process that has seen none of it.
    await receive(message('m1'), got('m1'));
    const fresh = commandsOn(await its.another());
    fresh.time.now = time.now;
    await fresh.receive(message('m1'), got('m1'));
    const both = ['m1', 'm2'].map((id) => ({ inbound: message(id), received: got(id) }));
    expect(await receiveTogether(both), 'one by one').to.equal(0);
    expect(await eventsOf(its.store, '')).to.deep.equal(before);
    await receive(message('m3'), got('m3'));
    expect(await ticketIds(), 'written on the same day, delivered now').to.have.length(3);
  });

  it('a message that comes again within seconds is not written twice, although its ticket was closed, or another reopened', async () => {
    const { commands, receive } = commandsOn(its.store);
    const lead = { ...ani, role: 'super_admin' as const, division: 'all' as const };
    await receive(message('m0'), got('m0'));
    const [older = ''] = await ticketIds();
    await commands.close(contextOf(lead), older, {});
    await receive(message('m1'), got('m1'));
    const [newer = ''] = (await ticketIds()).filter((id) => id !== older);
    // The process that wrote it was killed before it said so. Meanwhile an agent closed the ticket.
    await commands.close(contextOf(lead), newer, {});
    for (const another of [false, true]) {
      const next = commandsOn(another ? await its.another() : its.store);
      const before = await eventsOf(its.store, '');
      await next.receive(message('m1'), got('m1'));
      const both = ['m1', 'm2'].map((id) => ({ inbound: message(id), received: got(id) }));
      expect(await next.receiveTogether(both), 'one by one').to.equal(0);
      expect(await eventsOf(its.store, '')).to.deep.equal(before);
    }
    await commands.reopen(contextOf(lead), older, {});
    await commandsOn(await its.another()).receive(message('m1'), got('m1'));
    await receive(message('m2'), got('m2'));
    const said = (await eventsOf(its.store, 'conversation-')).filter(
      ({ type }) => type === 'MessageReceived',
    );
    expect(said).to.have.length(3);
    expect(await ticketIds()).to.have.length(2);
  });

  it('tells what an item led to: its last event, or where it found everything done', async () => {
    const { receive, receiveTogether } = commandsOn(its.store);
    const told: Evidence[] = [];
    const led = (evidence: Evidence) => told.push(evidence);
    await receive(message('m1'), { ...got('m1'), led });
    const [ticketId = ''] = await ticketIds();
    const [written] = await its.store.read(`conversation-${ticketId}`);
    expect(told).to.deep.equal([{ eventId: written?.id, position: written?.position }]);
    await receive(message('m1'), { ...got('m1'), led });
    expect(told[1]?.eventId, 'it was there').to.equal(null);
    expect((told[1]?.position ?? '') >= (written?.position ?? '~')).to.equal(true);
    const both = ['m2', 'm3'].map((id) => ({ inbound: message(id), received: { ...got(id), led } }));
    expect(await receiveTogether(both)).to.equal(2);
    const last = (await its.store.read(`conversation-${ticketId}`)).at(-1);
    expect(told.slice(2)).to.deep.equal(Array(2).fill({ eventId: last?.id, position: last?.position }));
    const lead: InboundItem = { ...from(), kind: 'resolved' as const, sentAt: '2026-07-03T03:00:00.000Z' };
    told.length = 0;
    expect(await receive(lead, { ...got('r'), led })).to.deep.equal({ kind: 'done' });
    expect(told, 'a late one has no effect').to.deep.equal([]);
  });

  it('no stream name holds the phone number', async () => {
    await commandsOn(its.store).receive(message('m'), got('m'));
    for (const { stream } of await eventsOf(its.store, '')) expect(stream).not.to.contain('81234567890');
  });

  it('a message after the ticket closed opens a new one, and the agent who knew the customer gets it', async () => {
    const { commands, receive } = commandsOn(its.store);
    const lead = { ...ani, role: 'super_admin' as const, division: 'all' as const };
    const made = await commands.createUser(contextOf(lead), {
      name: 'Ani',
      email: 'ani@demo.saga',
      password: 'a long password',
      role: 'sales_agent',
      division: 'sari',
    });
    const agent = { ...ani, id: made.user_id };
    await receive(message('m1'), got('m1'));
    const [first = ''] = await ticketIds();
    await commands.selfTakeover(contextOf(agent), first);
    await commands.close(contextOf(agent), first, {});
    await receive(message('m2'), got('m2'));
    const second = (await ticketIds()).find((id) => id !== first) ?? '';
    const [opened, queued] = await its.store.read(`ticket-${second}`);
    expect(opened?.data).to.include({ isReturningCustomer: true, previousAgentId: agent.id });
    expect(queued?.data).to.include({ label: 'returning_customer', waitingFor: agent.id });
  });

  it('who was handled by an agent once is a returning customer for good, also after that agent left', async () => {
    const { commands, receive } = commandsOn(its.store);
    const lead = { ...ani, role: 'super_admin' as const, division: 'all' as const };
    const { user_id: id } = await commands.createUser(contextOf(lead), {
      name: 'Ani',
      email: 'ani@demo.saga',
      password: 'a long password',
      role: 'sales_agent',
      division: 'sari',
    });
    const openedAs = async () => {
      const last = (await ticketIds()).at(-1) ?? '';
      const [opened] = await its.store.read(`ticket-${last}`);
      return { last, data: opened?.data };
    };
    await receive(message('m1'), got('m1'));
    const first = await openedAs();
    await commands.selfTakeover(contextOf({ ...ani, id }), first.last);
    await commands.close(contextOf({ ...ani, id }), first.last, {});
    await commands.patchUser(contextOf(lead), id, { is_active: false });
    for (const key of ['m2', 'm3']) {
      await receive(message(key), got(key));
      const { last, data } = await openedAs();
      expect(data, key).to.include({ isReturningCustomer: true, previousAgentId: null });
      await receive({ ...from(), kind: 'resolved' }, got(`r ${key}`));
      expect(await ticketIds()).to.include(last);
    }
    expect(await ticketIds()).to.have.length(3);
  });

  it('finishes what a crash left between the customer and the ticket', async () => {
    const appendsBeforeCrash = { left: 1 };
    const crashing = {
      ...its.store,
      append: (...args: Parameters<typeof its.store.append>) =>
        appendsBeforeCrash.left-- > 0 ? its.store.append(...args) : Promise.reject(new Error('killed')),
    };
    await commandsOn(crashing)
      .receive(message('m'), got('m'))
      .catch(() => 'as meant');
    expect(await types('ticket-')).to.deep.equal([]);
    await commandsOn(its.store).receive(message('m'), got('m'));
    expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
    expect(await types('conversation-')).to.deep.equal(['MessageReceived']);
    expect(await types('customer-')).to.deep.equal(['CustomerRegistered', 'CustomerTicketStarted']);
  });

  it('knows a customer by a business-scoped id alone, and joins it with the number once both are told', async () => {
    const { receive } = commandsOn(its.store);
    const scoped = { userId: 'wa_ID.abc', businessScopedId: 'ID.abc', phone: null };
    await receive(message('m1', scoped), got('m1'));
    await receive(message('m2', { businessScopedId: 'ID.abc' }), got('m2'));
    await receive(message('m3'), got('m3'));
    await receive(message('m4', scoped), got('m4'));
    // The number came later, and the message without one took it away from nobody.
    expect(await types('ticket-')).to.deep.equal(['TicketOpened', 'TicketContactChanged']);
    expect(await types('conversation-')).to.have.length(4);
  });

  it('goes on with a customer whose number or id changed, in one ticket', async () => {
    const { receive } = commandsOn(its.store);
    await receive(message('m1', { businessScopedId: 'ID.old' }), got('m1'));
    const moved = { userId: 'wa_6289', phone: '+6289' };
    const system = { contentKind: 'system', changedTo: moved, otherIds: [moved.userId] };
    await receive(message('m2', system), got('m2'));
    await receive(message('m3', { ...moved, businessScopedId: null }), got('m3'));
    const newId = { userId: 'wa_ID.new', phone: null, businessScopedId: 'ID.new' };
    const told = { ...newId, contentKind: 'system', otherIds: ['wa_ID.new', 'wa_ID.old'] };
    await receive(message('m4', told), got('m4'));
    await receive(message('m5', newId), got('m5'));
    expect((await types('ticket-')).filter((type) => type === 'TicketOpened')).to.have.length(1);
    expect(await types('conversation-')).to.have.length(5);
  });

  it('one customer of two divisions has a ticket in each', async () => {
    const { receive } = commandsOn(its.store);
    await receive(message('m1'), got('m1'));
    await receive(message('m2', { division: 'savi' }), got('m2'));
    expect(await ticketIds()).to.have.length(2);
  });

  it('what is about nobody known waits; what the bot says lands on the open ticket, once', async () => {
    const { receive } = commandsOn(its.store);
    const said = {
      ...from(),
      kind: 'bot_message' as const,
      channelMessageId: 'b1',
      content: 'Halo',
      confidence: 0.9,
    };
    expect(await receive(said, got('b1'))).to.deep.equal({ kind: 'later', reason: 'unknown_customer' });
    await receive(message('m1'), got('m1'));
    const lead = {
      ...from(),
      kind: 'lead_detected' as const,
      fields: { origin_city: 'Batam' },
      confidence: 0.8,
    };
    const gaveUp = { ...from(), kind: 'handoff' as const, reason: null };
    for (const [item, id] of [
      [said, 'b1'],
      [lead, 'l1'],
      [gaveUp, 'h1'],
      [said, 'b1'],
      [lead, 'l1'],
      [gaveUp, 'h1'],
    ] as const) {
      expect(await receive(item, got(id))).to.deep.equal({ kind: 'done' });
    }
    expect(await types('conversation-')).to.deep.equal(['MessageReceived', 'BotReplied']);
    expect(await types('ticket-')).to.deep.equal([
      'TicketOpened',
      'LeadDetected',
      'CrmUpdated',
      'HandoffRequested',
      'TicketQueued',
    ]);
  });

  it('a reaction neither opens nor reopens a ticket', async () => {
    const { commands, receive } = commandsOn(its.store);
    const reaction = message('r1', { contentKind: 'reaction' });
    expect(await receive(reaction, got('r1'))).to.include({ kind: 'later' });
    await receive(message('m1'), got('m1'));
    const [id = ''] = await ticketIds();
    await commands.close(contextOf(ani), id, {});
    expect(await receive(reaction, got('r1'))).to.deep.equal({ kind: 'done' });
    expect(await ticketIds()).to.deep.equal([id]);
  });

  const minutes = (count: number) =>
    new Date(Date.parse('2026-07-03T03:30:00Z') + count * 60_000).toISOString();
  const said = async (ticketId: string) =>
    (await its.store.read(`conversation-${ticketId}`)).map(
      ({ data }) => (data as { sentAt?: string }).sentAt,
    );

  it('a time from the future is that of the arrival; of the past, and of a clock that runs ahead, it is kept', async () => {
    const { receive } = commandsOn(its.store);
    const times = ['9999-12-31T23:59:59.000Z', minutes(7 * 60), minutes(30), minutes(-3 * 24 * 60)];
    for (const [n, sentAt] of times.entries()) {
      await receive(message(`m${n}`, { sentAt }), got(`m${n}`));
      // Delivered again, also by a process that knows nothing of it: still the same message.
      await commandsOn(its.store).receive(message(`m${n}`, { sentAt }), got(`m${n}`));
    }
    const [id = ''] = await ticketIds();
    expect(await said(id)).to.deep.equal([minutes(0), minutes(0), minutes(30), minutes(-3 * 24 * 60)]);
  });

  it('a last word of the bot that is delivered late closes nothing that the customer began again', async () => {
    const { receive } = commandsOn(its.store);
    const resolved = { ...from(), kind: 'resolved' as const };
    await receive(message('m1', { sentAt: minutes(-10) }), got('m1'));
    await receive(message('m2', { sentAt: minutes(-2) }), got('m2'));
    expect(await receive({ ...resolved, sentAt: minutes(-5) }, got('r1'))).to.deep.equal({ kind: 'done' });
    expect(await types('ticket-')).to.deep.equal(['TicketOpened']);
    await receive({ ...resolved, sentAt: minutes(-2) }, got('r2'));
    expect(await types('ticket-')).to.deep.equal(['TicketOpened', 'TicketClosed']);
  });

  it('who tells WhatsApp that they want no more offers is opted out, once, without a word in the talk', async () => {
    const { receive } = commandsOn(its.store);
    const optedOut = { ...from(), kind: 'opted_out' as const };
    await receive(message('m1'), got('m1'));
    for (const id of ['p1', 'p2']) expect(await receive(optedOut, got(id))).to.deep.equal({ kind: 'done' });
    expect(await types('customer-')).to.deep.equal([
      'CustomerRegistered',
      'CustomerTicketStarted',
      'CustomerOptedOut',
    ]);
    expect(await types('ticket-')).to.deep.equal(['TicketOpened', 'TicketOffersChanged']);
    expect(await types('conversation-')).to.deep.equal(['MessageReceived']);
  });

  it('who tells WhatsApp so before they ever wrote is known for it, and their first ticket shows it', async () => {
    const { receive, commands } = commandsOn(its.store);
    const optedOut = { ...from(), kind: 'opted_out' as const };
    for (const id of ['p1', 'p2']) expect(await receive(optedOut, got(id))).to.deep.equal({ kind: 'done' });
    expect(await types('customer-')).to.deep.equal(['CustomerRegistered', 'CustomerOptedOut']);
    expect(await types('ticket-')).to.deep.equal([]);
    await receive(message('m1'), got('m1'));
    const [id = ''] = await ticketIds();
    expect(await commands.handler.load(ticket, id)).to.include({ status: 'free', optedOut: true });
    await receive(message('m2', { content: 'MULAI' }), got('m2'));
    expect(await commands.handler.load(ticket, id)).to.include({ optedOut: false });
    expect((await types('customer-')).at(-1)).to.equal('CustomerOptedIn');
    await receive(message('m3', { content: 'Stop promo 🙏' }), got('m3'));
    expect(await commands.handler.load(ticket, id)).to.include({ optedOut: true });
  });

  it('a failure for who opted out is heard also where the channel does not echo our own id', async () => {
    const { receive } = commandsOn(its.store);
    await receive(message('m1'), got('m1'));
    const failed = { ...from(), kind: 'status' as const, channelMessageId: 'w', status: 'failed' as const };
    await receive({ ...failed, error: '131026 Undeliverable' }, got('s1'));
    expect(await types('customer-')).to.have.length(2);
    await receive({ ...failed, channelMessageId: 'v', error: '131050 Stopped' }, got('s2'));
    expect((await types('customer-')).at(-1)).to.equal('CustomerOptedOut');
  });

  it('a changed number and a message taken back open no ticket and no service window', async () => {
    const { commands, receive } = commandsOn(its.store);
    await receive(message('m1', { sentAt: minutes(-25 * 60) }), got('m1'));
    const [id = ''] = await ticketIds();
    const agent = { ...ani, id: uuids.next() };
    await commands.selfTakeover(contextOf(agent), id);
    const reply = () =>
      commands
        .reply(contextOf(agent), id, { message: 'Halo' })
        .catch((error: unknown) => (error as Error).message);
    for (const contentKind of ['system', 'deleted']) {
      await receive(message(contentKind, { contentKind, sentAt: minutes(0) }), got(contentKind));
      expect(await reply(), contentKind).to.equal('SERVICE_WINDOW_CLOSED');
    }
    await receive(message('m2', { sentAt: minutes(0) }), got('m2'));
    expect(await reply()).to.include.keys('message_id');
    await commands.close(contextOf(agent), id, {});
    for (const contentKind of ['system', 'deleted'])
      await receive(message(`late ${contentKind}`, { contentKind }), got(`late ${contentKind}`));
    expect(await ticketIds()).to.deep.equal([id]);
  });

  it('a message at night routes a ticket whose bot has handed off again, once, and no other', async () => {
    const { commands, receive, time } = commandsOn(its.store);
    const gaveUp = { ...from(), kind: 'handoff' as const, reason: null };
    const labels = async (id: string) =>
      (await its.store.read(`ticket-${id}`)).flatMap(({ type, data }) =>
        type === 'TicketQueued' ? [(data as { label: string }).label] : [],
      );
    await receive(message('m1'), got('m1'));
    const [id = ''] = await ticketIds();
    time.now = new Date(minutes(11 * 60));
    await receive(message('with the bot'), got('with the bot'));
    expect(await labels(id)).to.deep.equal([]);
    time.now = new Date(minutes(0));
    await receive(gaveUp, got('h1'));
    await receive(message('by day'), got('by day'));
    expect(await labels(id)).to.deep.equal(['waiting_agent']);
    // 21:30 in Jakarta.
    time.now = new Date(minutes(11 * 60));
    for (const key of ['n1', 'n2', 'n1']) await receive(message(key), got(key));
    expect(await labels(id)).to.deep.equal(['waiting_agent', 'off_hours']);
    // What the bot's own clock says about the hours counts more than ours.
    await commands.close(contextOf(ani), id, {});
    await commands.reopen(contextOf(ani), id, {});
    await receive(message('d', { isOfficeHours: true }), got('d'));
    expect(await labels(id)).to.have.length(2);
    await receive(message('n3'), got('n3'));
    expect(await labels(id)).to.deep.equal(['waiting_agent', 'off_hours', 'off_hours']);
  });
});
