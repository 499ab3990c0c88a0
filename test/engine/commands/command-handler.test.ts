import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { encode, UndecodableEvent } from '../../../src/domain/codec.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { ALL_VIEWS, projectionStream } from '../../../src/domain/projection-events.ts';
import { user } from '../../../src/domain/staff/user.ts';
import { VersionConflict } from '../../../src/ports.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { ani, budi, tono } from '../../support/scenarios/people.ts';
import { refusalOf, rejection } from '../../support/rejection.ts';
import { someMetadata } from '../../support/scenarios/events.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('the command loop, on a real store', () => {
  let its: TestStore;
  before(async () => {
    its = await testStore();
  });
  after(() => its.close());

  /** Opens a ticket for a customer of its own. */
  async function newTicket(on: ReturnType<typeof commandsOn>, phone: string): Promise<string> {
    await on.receive(message(`m-${phone}`, { userId: `wa_${phone}`, phone }), {
      key: `wa:m-${phone}`,
      receivedAt: '',
    });
    const streams = await eventsOf(its.store, 'ticket-');
    return streams.at(-1)!.stream.slice('ticket-'.length);
  }

  it('60 takeovers by two processes while the customer writes: one wins, the rest are told, nothing is lost', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    const ticketId = await newTicket(here, '628111');
    const racers = Array.from({ length: 60 }, (_, n) => {
      const caller = { ...ani, id: `01900000-0000-7000-8000-${String(n).padStart(12, '9')}` };
      return refusalOf((n % 2 ? here : there).commands.selfTakeover(contextOf(caller), ticketId));
    });
    const messages = Array.from({ length: 30 }, (_, n) =>
      here.receive(message(`talk-${n}`, { userId: 'wa_628111' }), { key: `wa:talk-${n}`, receivedAt: '' }),
    );
    const outcomes = await Promise.all(racers);
    await Promise.all(messages);
    expect(outcomes.filter((one) => one === 'done')).to.have.length(1);
    expect(outcomes.filter((one) => one === 'TICKET_ALREADY_TAKEN')).to.have.length(59);
    const stream = await its.store.read(`ticket-${ticketId}`);
    expect(stream.filter((event) => event.type === 'TicketTakenOver')).to.have.length(1);
    expect(await its.store.read(`conversation-${ticketId}`)).to.have.length(31);
  });

  it('a no that memory gave is checked against the store before it is final', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    const ticketId = await newTicket(here, '628222');
    await here.commands.close(contextOf(tono), ticketId, {});
    await there.commands.reopen(contextOf(tono), ticketId, {});
    expect(await refusalOf(here.commands.selfTakeover(contextOf(ani), ticketId))).to.equal('done');
  });

  it('says of what is so already where it came to be so, from memory and from the store', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    const ticketId = await newTicket(here, '628666');
    const closed = await here.commands.close(contextOf(tono), ticketId, {});
    const last = (await its.store.read(`ticket-${ticketId}`)).at(-1)?.position;
    expect(closed.position).to.equal(last);
    for (const on of [here, there, there])
      expect((await on.commands.close(contextOf(ani), ticketId, {})).position).to.equal(last);
  });

  it('goes on without an event that cannot be read only once a person skipped it, and never where it says what somebody may', async () => {
    const here = commandsOn(its.store);
    const ticketId = await newTicket(here, '628777');
    const append = async (stream: string, type: string): Promise<string> => {
      const id = randomUUID();
      await its.store.append(stream, [{ id, type, data: {}, metadata: someMetadata(id) }], {
        expected: 'any',
      });
      return id;
    };
    const skip = async (eventId: string): Promise<void> => {
      const id = randomUUID();
      const data = { view: ALL_VIEWS, eventId, position: '', by: 'Rina', reason: 'uji' };
      const event = encode({ type: 'ProjectionEventSkipped', data }, id, someMetadata(id));
      await its.store.append(projectionStream(ALL_VIEWS), [event], { expected: 'any' });
    };
    const bad = await append(`ticket-${ticketId}`, 'TicketFromTheFuture');
    const there = commandsOn(await its.another());
    for (const on of [here, there])
      expect(await rejection(on.commands.selfTakeover(contextOf(ani), ticketId))).to.be.instanceOf(
        UndecodableEvent,
      );
    await skip(bad);
    expect(await refusalOf(there.commands.selfTakeover(contextOf(ani), ticketId))).to.equal('done');
    expect(await refusalOf(here.commands.selfTakeover(contextOf(budi), ticketId))).to.equal(
      'TICKET_ALREADY_TAKEN',
    );

    const userId = randomUUID();
    await skip(await append(`user-${userId}`, 'UserDeactivatedFromTheFuture'));
    expect(await rejection(here.commands.handler.load(user, userId))).to.be.instanceOf(UndecodableEvent);
    await skip(await append('customer-sari_key', 'CustomerOptedOut'));
    expect(await rejection(here.commands.handler.load(customer, 'sari_key'))).to.be.instanceOf(
      UndecodableEvent,
    );
  });

  it('commands that do not exclude each other all take effect, from two processes at once', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    const ticketId = await newTicket(here, '628333');
    const wanted = Array.from({ length: 20 }, (_, n) => `tag-${n}`);
    await Promise.all(
      wanted.map((tag, n) =>
        (n % 2 ? here : there).commands.tag(contextOf(ani), ticketId, { action: 'add', tag }),
      ),
    );
    const { tags } = await here.commands.tag(contextOf(ani), ticketId, { action: 'add', tag: 'tag-0' });
    expect([...tags].sort()).to.deep.equal([...wanted].sort());
  });

  it('the same idempotency key gives the first answer, also in another process, and appends once', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    const ticketId = await newTicket(here, '628444');
    await here.commands.selfTakeover(contextOf(ani), ticketId);
    const first = await here.commands.reply(contextOf(ani, 'key-1'), ticketId, { message: 'Halo' });
    const second = await there.commands.reply(contextOf(ani, 'key-1'), ticketId, { message: 'Halo' });
    expect(second).to.deep.equal(first);
    const other = await here.commands.reply(contextOf(ani, 'key-2'), ticketId, { message: 'Halo' });
    expect(other.message_id).not.to.equal(first.message_id);
    expect(await its.store.read(`conversation-${ticketId}`)).to.have.length(3);
  });

  it('gives up as BUSY when it can never win', async () => {
    const store = {
      ...its.store,
      append: () => Promise.reject(new VersionConflict('ticket-x', 0n, 1n)),
    };
    const ticketId = await newTicket(commandsOn(its.store), '628555');
    const { commands, conflicts } = commandsOn(store);
    expect(await refusalOf(commands.selfTakeover(contextOf(budi), ticketId))).to.equal('BUSY');
    expect(conflicts).to.have.length(30);
  });
});
