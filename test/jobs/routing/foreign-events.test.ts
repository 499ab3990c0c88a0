/** Events of somebody else in streams that look like ours: the router goes on with every ticket of ours. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createRouter } from '../../../src/jobs/routing/router.ts';
import type { NewEvent } from '../../../src/ports.ts';
import { commandsOn, contextOf, from, message } from '../../support/scenarios/commands.ts';
import { someMetadata } from '../../support/scenarios/events.ts';
import { eventually } from '../../support/eventually.ts';
import { ani, rina } from '../../support/scenarios/people.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const STRANGER = randomUUID();
const queued = { ticketId: STRANGER, division: 'sari', label: 'waiting_agent', waitingFor: null };
const event = (type: string, data: unknown, metadata: unknown = someMetadata(randomUUID())): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: metadata as NewEvent['metadata'],
});

/** What a program that is not ours may write, by what is odd about it. */
const FOREIGN: Readonly<Record<string, { readonly stream: string; readonly events: () => NewEvent[] }>> = {
  'a type of theirs': {
    stream: `ticket-${STRANGER}`,
    events: () => [event('OrderPlaced', { order: 1 }, {})],
  },
  'a type of theirs, with nothing in it': {
    stream: `ticket-${STRANGER}`,
    events: () => [event('OrderPlaced', null, null)],
  },
  'a type of theirs in a stream without an id': {
    stream: 'ticket-orders',
    events: () => [event('OrderPlaced', 'text', 'text')],
  },
  'a type of ours with data of theirs': {
    stream: `ticket-${STRANGER}`,
    events: () => [event('TicketQueued', { ticketId: 7 })],
  },
  'a ticket in the queue that was never opened': {
    stream: `ticket-${STRANGER}`,
    events: () => [event('TicketQueued', queued)],
  },
  'a ticket in the queue that was never opened, without an id': {
    stream: 'ticket-orders',
    events: () => [event('TicketQueued', { ...queued, ticketId: 'orders' })],
  },
  'a ticket in the queue whose stream begins with an event of theirs': {
    stream: `ticket-${STRANGER}`,
    events: () => [event('OrderPlaced', {}, {}), event('TicketQueued', queued)],
  },
  'an agent who was never hired': {
    stream: 'user-stranger',
    events: () => [
      event('UserRegistered', { userId: 'stranger', role: 'sales_agent', division: 'sari' }),
      event('PresenceChanged', { userId: 'stranger', status: 'online' }),
    ],
  },
  'an opened ticket with a seal of another installation': {
    stream: `ticket-${STRANGER}`,
    events: () => [
      event('TicketOpened', { ticketId: STRANGER, division: 'sari', customerId: randomUUID(), sealed: 'x' }),
    ],
  },
};

describe('the router and events of somebody else', () => {
  let its: TestStore;
  let postgres: Postgres;
  let on: ReturnType<typeof commandsOn>;

  beforeEach(async () => {
    its = await testStore();
    postgres = createPostgres({ url: its.url, logger: silentLogger(), poolSize: 2 });
    on = commandsOn(its.store);
  });
  afterEach(async () => {
    await postgres.close();
    await its.close();
  });

  async function assigned(): Promise<string[]> {
    const stop = new AbortController();
    const ids: string[] = [];
    const filter = { streamPrefixes: ['ticket-'] };
    for await (const batch of its.store.subscribe({ after: '', filter, signal: stop.signal })) {
      for (const { type, data } of batch.events)
        if (type === 'TicketAssigned') ids.push((data as { ticketId: string }).ticketId);
      if (batch.caughtUp) stop.abort();
    }
    return ids;
  }

  async function handedOff(n: number): Promise<void> {
    const who = { userId: `wa_62811${String(n)}`, phone: `62811${String(n)}` };
    await on.receive(message(`m${String(n)}`, who), { key: `wa:m${String(n)}`, receivedAt: '' });
    const handoff = { ...from(who), kind: 'handoff' as const, reason: null };
    await on.receive(handoff, { key: `h${String(n)}`, receivedAt: '' });
  }

  for (const [odd, { stream, events }] of Object.entries(FOREIGN)) {
    it(`${odd}: tickets of ours are given out`, async () => {
      const { user_id } = await on.commands.createUser(contextOf(rina), {
        name: 'one',
        email: 'one@demo.saga',
        password: 'a long password',
        role: 'sales_agent',
        division: 'sari',
      });
      await on.commands.patchUser(contextOf(rina), user_id, { max_active_tickets: 2 });
      const log = silentLogger();
      const stopping = new AbortController();
      const router = createRouter({
        store: its.store,
        read: postgres.reads,
        write: postgres.writes,
        routeTicket: on.commands.routeTicket,
        raiseAlert: on.commands.raiseAlert,
        clock: systemClock,
        leases: createLeases({ url: its.url, logger: silentLogger() }),
        log,
        skipped: skippedEvents(log),
      });
      await its.store.append(stream, events(), { expected: 'any' });
      const working = router.run(stopping.signal);
      try {
        await on.commands.setPresence(contextOf({ ...ani, id: user_id }), user_id, { status: 'online' });
        await handedOff(1);
        await handedOff(2);
        await eventually('both have an agent', async () => (await assigned()).length === 2, 10_000);
        expect(await assigned()).not.to.include(STRANGER);
        expect(log.lines.filter(({ message: text }) => text.includes('interrupted'))).to.deep.equal([]);
      } finally {
        stopping.abort();
        await working;
      }
    });
  }
});
