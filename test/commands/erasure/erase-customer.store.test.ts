import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { eraseCustomer } from '../../../src/commands/erasure/erase-customer.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { refusalOf } from '../../support/rejection.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('erasing a customer, on a real store', () => {
  let its: TestStore;
  before(async () => {
    its = await testStore();
  });
  after(() => its.close());

  it('decides against the customer’s next message: either it is refused, or the message is of somebody new', async () => {
    const destroyed: string[] = [];
    const { commands, receive, time } = commandsOn(its.store);
    const erase = eraseCustomer({
      handler: commands.handler,
      clock: { now: () => time.now },
      blindIndex: (_purpose, value) => value,
      rememberAtProviders: () => Promise.resolve(),
      keys: {
        destroy: (ids) => {
          destroyed.push(...ids);
          return Promise.resolve(ids);
        },
      },
    });
    const ctx = contextOf({
      id: randomUUID(),
      role: 'super_admin',
      division: 'all',
      privileges: new Set(PRIVILEGES),
    });
    const got = (id: string) => ({ key: `wa:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
    await receive(message('a'), got('a'));
    const [{ stream } = { stream: '' }] = await eventsOf(its.store, 'customer-');
    const key = stream.slice('customer-'.length);
    const known = await commands.handler.load(customer, key);
    if (known.status !== 'known') throw new Error('nobody is there');
    const target = { customerId: known.id, customerKey: key, reason: null };
    expect(await refusalOf(erase(ctx, target))).to.equal('CUSTOMER_HAS_OPEN_TICKET');
    await commands.close(ctx, known.ticketIds[0] ?? '', {});
    const [said] = await Promise.all([refusalOf(erase(ctx, target)), receive(message('b'), got('b'))]);
    const now = await commands.handler.load(customer, key);
    expect(now.status).to.equal('known');
    if (said === 'done') expect(now).not.to.include({ id: known.id });
    else expect(now).to.include({ id: known.id });
    expect(destroyed).to.deep.equal(said === 'done' ? [known.id] : []);
    const listed = await eventsOf(its.store, 'erasures-');
    expect(listed).to.have.length(destroyed.length);
  });
});
