import { expect } from 'chai';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { tono } from '../../support/scenarios/people.ts';
import { refusalOf } from '../../support/rejection.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

type Side = ReturnType<typeof commandsOn>;

describe('reopening while the customer writes, on a real store', () => {
  let its: TestStore;
  before(async () => {
    its = await testStore();
  });
  after(() => its.close());

  let messages = 0;
  const writes = (on: Side, phone: string) => {
    const id = `again-${String((messages += 1))}`;
    return on.receive(message(id, { userId: `wa_${phone}`, phone }), { key: `wa:${id}`, receivedAt: '' });
  };
  const ticketIds = async (): Promise<readonly string[]> => {
    const opened = (await eventsOf(its.store, 'ticket-')).filter(({ type }) => type === 'TicketOpened');
    return opened.map(({ stream }) => stream.slice('ticket-'.length));
  };
  async function closedTicket(on: Side, phone: string): Promise<string> {
    await writes(on, phone);
    const ticketId = (await ticketIds()).at(-1) ?? '';
    await on.commands.close(contextOf(tono), ticketId, {});
    return ticketId;
  }
  const openAmong = async (on: Side, ids: readonly string[]): Promise<readonly string[]> => {
    const states = await Promise.all(ids.map((id) => on.commands.handler.load(ticket, id)));
    return ids.filter((_, n) => states[n]?.status !== 'closed');
  };

  it('leaves one open ticket, whoever is quicker, also in two processes', async () => {
    const here = commandsOn(its.store);
    const there = commandsOn(await its.another());
    for (let round = 0; round < 25; round += 1) {
      const phone = `62870${String(round)}`;
      const before = await ticketIds();
      const ticketId = await closedTicket(here, phone);
      const outcomes = await Promise.all([
        refusalOf(here.commands.reopen(contextOf(tono), ticketId, {})),
        writes(here, phone),
        writes(there, phone),
        refusalOf(there.commands.reopen(contextOf(tono), ticketId, {})),
      ]);
      const theirs = (await ticketIds()).filter((id) => !before.includes(id));
      const open = await openAmong(here, theirs);
      expect(open, `round ${String(round)}: ${JSON.stringify(outcomes)}`).to.have.length(1);
      const reopened = [outcomes[0], outcomes[3]].filter((outcome) => outcome === 'done');
      if (reopened.length > 0) expect(open).to.deep.equal([ticketId]);
    }
  });

  it('is finished by the next message when it broke off in the middle', async () => {
    const here = commandsOn(its.store);
    const ticketId = await closedTicket(here, '628711');
    const failing = commandsOn({
      ...its.store,
      append: (stream, events, options) =>
        stream.startsWith('ticket-')
          ? Promise.reject(new StoreUnavailable('events'))
          : its.store.append(stream, events, options),
    });
    let broken = false;
    await failing.commands.reopen(contextOf(tono), ticketId, {}).catch(() => (broken = true));
    expect(broken).to.equal(true);
    const before = await ticketIds();
    await writes(here, '628711');
    expect(await ticketIds()).to.deep.equal(before);
    expect(await openAmong(here, [ticketId])).to.deep.equal([ticketId]);
    // Closed again it is closed: the next message starts another.
    await here.commands.close(contextOf(tono), ticketId, {});
    await writes(here, '628711');
    expect(await ticketIds()).to.have.length(before.length + 1);
  });

  it('is refused while the customer has a newer open ticket', async () => {
    const here = commandsOn(its.store);
    const phone = '62871';
    const before = await ticketIds();
    const theirs = async () => (await ticketIds()).filter((id) => !before.includes(id));
    const first = await closedTicket(here, phone);
    await writes(here, phone);
    const reopen = () => refusalOf(here.commands.reopen(contextOf(tono), first, {}));
    expect(await reopen()).to.equal('CUSTOMER_HAS_OPEN_TICKET');
    const second = (await theirs()).find((id) => id !== first) ?? '';
    await here.commands.close(contextOf(tono), second, {});
    expect(await reopen()).to.equal('done');
    await writes(here, phone);
    expect(await theirs()).to.have.members([first, second]);
    expect(await its.store.read(`conversation-${first}`)).to.have.length(2);
  });
});
