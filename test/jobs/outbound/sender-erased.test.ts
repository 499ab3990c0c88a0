import { expect } from 'chai';
import { eraseCustomer } from '../../../src/commands/erasure/erase-customer.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { contextOf } from '../../support/scenarios/commands.ts';
import { rina } from '../../support/scenarios/people.ts';
import { desk } from '../../support/scenarios/sending.ts';

describe('a customer who was erased', () => {
  let d: Awaited<ReturnType<typeof desk>>;
  before(async () => {
    d = await desk();
  });
  after(() => d.close());

  const gone = new Set<string>();
  /** What the store of personal data gives once a key is destroyed. */
  const withoutThem = (): typeof d.store => ({
    ...d.store,
    read: async (...args) =>
      (await d.store.read(...args)).map((event) => {
        const data = event.data as { customerId?: string; channelUserId?: string };
        return data.channelUserId !== undefined && gone.has(data.customerId ?? '')
          ? { ...event, data: { ...data, channelUserId: '[dihapus]' } }
          : event;
      }),
  });

  async function erase(ticketId: string): Promise<void> {
    const found = await d.commands.handler.load(ticket, ticketId);
    if (found.status === 'absent') throw new Error('no ticket');
    const { customerKey } = found;
    const known = await d.commands.handler.load(customer, customerKey);
    if (known.status === 'unknown') throw new Error('nobody is there');
    await eraseCustomer({
      handler: d.commands.handler,
      clock: { now: () => d.time.now },
      blindIndex: (_purpose, value) => value,
      rememberAtProviders: () => Promise.resolve(),
      keys: {
        destroy: (ids) => {
          for (const id of ids) gone.add(id);
          return Promise.resolve(ids);
        },
      },
    })(contextOf(rina), { customerId: known.id, customerKey, reason: null });
  }

  it('is written to no more, and is answered when they come back as somebody new', async () => {
    d.running({}, withoutThem());
    const userId = 'wa_6281999000001';
    const old = await d.talk({ userId });
    await d.outcome(await d.reply(old, 'Halo'));
    await d.commands.close(contextOf(d.me), old, {});
    await erase(old);

    const late = await d.commands.sendFollowUp(contextOf(rina), old, { message: 'Jadi kirim?' });
    expect(await d.outcome(late.message_id)).to.deep.include({ type: 'DeliveryFailed' });
    expect((await d.outcome(late.message_id)).data).to.include({ code: 'no_recipient' });
    expect(d.timesAsked(late.message_id)).to.equal(0);

    const answer = await d.reply(await d.talk({ userId }), 'Halo lagi');
    expect((await d.outcome(answer)).type).to.equal('DeliveryAccepted');
    expect(d.meta.taken.find(({ callbackData }) => callbackData === answer)?.to).to.equal('6281999000001');
  });
});
