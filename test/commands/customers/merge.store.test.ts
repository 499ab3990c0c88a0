import { expect } from 'chai';
import { currentCustomer } from '../../../src/commands/customers/current-customer.ts';
import { finishMerge } from '../../../src/commands/customers/merge.ts';
import { eraseCustomer } from '../../../src/commands/erasure/erase-customer.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { decode } from '../../../src/domain/codec.ts';
import { customer, identity, type KnownCustomer } from '../../../src/domain/customers/customer.ts';
import { job } from '../../../src/domain/field-jobs/job.ts';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { createAddresses } from '../../../src/jobs/outbound/addresses.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { ani, rina } from '../../support/scenarios/people.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const blindIndex = createBlindIndex('a key for tests only, 32 characters');
const NUMBER = 'wa_6281234567890';
const SCOPED = 'ID.7Kq2mZ81';
const keyOf = (name: string) => `sari_${blindIndex('customer', name)}`;
const lead = { ...rina, role: 'super_admin' as const, division: 'all' as const };

const byNumber = (id: string) => message(id);
const byId = (id: string) =>
  message(id, { userId: `wa_${SCOPED}`, businessScopedId: SCOPED, phone: null, userName: 'Budi (id)' });
const byBoth = (id: string) => message(id, { businessScopedId: SCOPED });

describe('one person whom a channel names in two ways, on a real store', () => {
  let its: TestStore;
  beforeEach(async () => {
    its = await testStore();
  });
  afterEach(() => its.close());

  const got = (id: string) => ({ key: `wa:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
  type Desk = ReturnType<typeof commandsOn>;
  const whoIs = async ({ commands }: Desk, name: string): Promise<KnownCustomer> => {
    const { customerKey } = await commands.handler.load(identity, keyOf(name));
    const own = await currentCustomer(commands.handler, keyOf(name));
    const { known } =
      own.known.status === 'known' || customerKey === null
        ? own
        : await currentCustomer(commands.handler, customerKey);
    if (known.status !== 'known') throw new Error(`${name} is nobody`);
    return known;
  };
  const count = async (prefix: string, type: string) =>
    (await eventsOf(its.store, prefix)).filter((event) => event.type === type).length;
  /** Of all tickets: open, or closed and why. */
  const tickets = async ({ commands }: Desk, ids: readonly string[]) =>
    Promise.all(ids.map((id) => commands.handler.load(ticket, id)));

  /** What must hold once both names are said to be one person. */
  async function areOne(desk: Desk, messages: number): Promise<KnownCustomer> {
    const [a, b] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    expect(a).to.equal(b);
    const all = await tickets(desk, a.ticketIds);
    for (const one of all) expect(one).to.include({ customerId: a.id, customerKey: a.key });
    const open = all.filter(({ status }) => status !== 'closed' && status !== 'absent');
    expect(open.map((one) => 'id' in one && one.id)).to.deep.equal([a.currentTicketId]);
    expect(await count('conversation-', 'MessageReceived')).to.equal(messages);
    return a;
  }

  it('number first, id next, then both: one customer, the older ticket goes on, the talk of the other stays', async () => {
    const desk = commandsOn(its.store);
    await desk.receive(byNumber('n1'), got('n1'));
    await desk.receive(byId('i1'), got('i1'));
    const [first, second] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    expect(first.id).not.to.equal(second.id);
    await desk.commands
      .assign(contextOf(lead), second.currentTicketId ?? '', { assign_to: ani.id })
      .catch(() => undefined);
    await desk.receive(byBoth('b1'), got('b1'));
    const known = await areOne(desk, 3);
    expect(known.id, 'the older one').to.equal(first.id);
    expect(known).to.include({ phone: '+6281234567890', channelUserId: NUMBER });
    expect(known.currentTicketId).to.equal(first.currentTicketId);
    const [closed] = await tickets(desk, [second.currentTicketId ?? '']);
    expect(closed).to.include({ status: 'closed' });
    const last = (await its.store.read(`ticket-${second.currentTicketId ?? ''}`)).at(-1);
    expect(last && decode(last).data).to.include({ outcome: 'joined', joinedTo: first.currentTicketId });
    // Whichever name comes next, it is the same talk.
    await desk.receive(byId('i2'), got('i2'));
    await desk.receive(byNumber('n2'), got('n2'));
    await areOne(desk, 5);
    const talk = await its.store.read(`conversation-${first.currentTicketId ?? ''}`);
    expect(talk.filter(({ type }) => type === 'MessageReceived')).to.have.length(4);
    // What is still to be sent on the old ticket goes to where they are reached.
    const addressOf = createAddresses({ store: its.store, handler: desk.commands.handler });
    const [kept, joined] = [
      await addressOf(first.currentTicketId ?? ''),
      await addressOf(second.currentTicketId ?? ''),
    ];
    expect(kept).to.include({ userId: NUMBER.slice(3) });
    expect(joined).to.deep.equal(kept);
  });

  it('all three at once, in two processes, again and again: one customer, one open ticket, each message once', async () => {
    const desks = [commandsOn(its.store), commandsOn(await its.another())] as const;
    const made = [byNumber, byId, byBoth];
    await Promise.all(
      Array.from({ length: 18 }, (_, n) => desks[n % 2]!.receive(made[n % 3]!(`m${n}`), got(`m${n}`))),
    );
    await desks[0].receive(byBoth('last'), got('last'));
    await areOne(desks[0], 19);
    const before = await eventsOf(its.store, '');
    for (const one of ['m0', 'm1', 'm2']) await desks[1].receive(made[Number(one.slice(1))]!(one), got(one));
    expect(await eventsOf(its.store, '')).to.deep.equal(before);
  });

  it('by two leads at once, with a message on its way: merged once, and asked again nothing happens', async () => {
    const desk = commandsOn(its.store);
    const other = commandsOn(await its.another());
    await desk.receive(byNumber('n1'), got('n1'));
    await desk.receive(byId('i1'), got('i1'));
    const [a, b] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    const meant = ({ id, key }: KnownCustomer) => ({ customerId: id, customerKey: key });
    await Promise.all([
      desk.commands.mergeCustomers(contextOf(lead, 'k1'), [meant(a), meant(b)], true),
      other.commands.mergeCustomers(contextOf(lead), [meant(b), meant(a)], true),
      other.receive(byId('i2'), got('i2')),
      desk.receive(byNumber('n2'), got('n2')),
    ]);
    await areOne(desk, 4);
    for (const type of ['CustomerMerged', 'CustomerAbsorbed'])
      expect(await count('customer-', type), type).to.equal(1);
    const before = await eventsOf(its.store, '');
    await desk.commands.mergeCustomers(contextOf(lead), [meant(b), meant(a)], true);
    expect(await eventsOf(its.store, '')).to.deep.equal(before);
  });

  it('without joining, both tickets stay open, and an opt-out of either holds on both', async () => {
    const desk = commandsOn(its.store);
    await desk.receive(byNumber('n1'), got('n1'));
    await desk.receive(byId('i1'), got('i1'));
    const [a, b] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    await desk.commands.setOffers(
      contextOf(lead),
      'stop',
      { customerId: b.id, customerKey: b.key },
      { reason: 'telepon' },
    );
    const both = [a, b].map(({ id, key }) => ({ customerId: id, customerKey: key }));
    await desk.commands.mergeCustomers(contextOf(lead), [both[0]!, both[1]!], false);
    const known = await whoIs(desk, NUMBER);
    expect(known.optedOut).to.equal(true);
    for (const one of await tickets(desk, known.ticketIds))
      expect(one).to.include({ status: 'free', optedOut: true, customerId: a.id });
    // By the old id, as a screen that was not refreshed has it.
    await desk.commands.setOffers(contextOf(lead), 'start', both[1]!, { reason: 'telepon' });
    expect((await whoIs(desk, NUMBER)).optedOut).to.equal(false);
  });

  it('a merge that a killed process left half done is finished by the next message, or by the job', async () => {
    for (const finish of ['message', 'job']) {
      const store = await testStore();
      const desk = commandsOn(store.store);
      await desk.receive(byNumber('n1'), got('n1'));
      await desk.receive(byId('i1'), got('i1'));
      const [a, b] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
      const { handler } = desk.commands;
      const context = {
        actor: { kind: 'system', process: 'test' } as const,
        correlationId: 'c',
        causationId: 'c',
        requestId: 'c',
        at: '2026-07-03T03:30:00.000Z',
      };
      await handler.executeCommand(customer, b.key, context, () => [
        {
          type: 'CustomerMerged',
          data: { customerId: b.id, into: a.id, intoKey: a.key, because: 'agent', joinTickets: true },
        },
      ]);
      if (finish === 'message') await desk.receive(byId('i2'), got('i2'));
      else await finishMerge({ handler, blindIndex }, b.key, context);
      const known = await whoIs(desk, NUMBER);
      expect(known.absorbed, finish).to.deep.equal([{ customerId: b.id, customerKey: b.key }]);
      expect(known.currentTicketId).to.equal(a.currentTicketId);
      const [joined] = await tickets(desk, [b.currentTicketId ?? '']);
      expect(joined, finish).to.include({ status: 'closed', customerId: a.id });
      await store.close();
    }
  });

  it('is erased as one, with every key and whatever name is asked for, and comes back as one', async () => {
    const desk = commandsOn(its.store);
    await desk.receive(byNumber('n1'), got('n1'));
    await desk.receive(byId('i1'), got('i1'));
    const [a, b] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    await desk.receive(byBoth('b1'), got('b1'));
    await desk.commands.close(contextOf(lead), a.currentTicketId ?? '', {});
    const destroyed: string[] = [];
    const erase = eraseCustomer({
      handler: desk.commands.handler,
      clock: { now: () => desk.time.now },
      blindIndex,
      rememberAtProviders: () => Promise.resolve(),
      keys: { destroy: (ids) => (destroyed.push(...ids), Promise.resolve(ids)) },
    });
    await erase(contextOf(lead), { customerId: b.id, customerKey: b.key, reason: null });
    expect(destroyed).to.have.members([a.id, b.id]);
    expect(await count('customer-', 'CustomerErased')).to.equal(2);
    expect(await count('erasures-', 'ErasureListed')).to.equal(2);
    await desk.receive(byId('i9'), got('i9'));
    await desk.receive(byNumber('n9'), got('n9'));
    const [x, y] = [await whoIs(desk, NUMBER), await whoIs(desk, `wa_${SCOPED}`)];
    expect(x).to.equal(y);
    expect([a.id, b.id]).not.to.include(x.id);
  });

  describe('in the instant of a merge', () => {
    interface Two {
      readonly desk: Desk;
      /** Who stays. */
      readonly a: KnownCustomer;
      /** By whose id the command is given. */
      readonly b: KnownCustomer;
      now(): Promise<KnownCustomer>;
      /** From here on the merge may come between. */
      begin(): Promise<unknown>;
    }
    const meant = ({ id, key }: KnownCustomer) => ({ customerId: id, customerKey: key });
    const setOffers = ({ desk }: Two, wish: 'stop' | 'start', of: KnownCustomer) =>
      desk.commands.setOffers(contextOf(lead), wish, meant(of), { reason: 'telepon' });
    const closeBoth = async ({ desk, a, b }: Two) => {
      for (const id of [a.currentTicketId, b.currentTicketId])
        await desk.commands.close(contextOf(lead), id ?? '', {});
    };
    /** Every command that a person gives on the id of a customer, and whether it took hold of who stays. */
    const COMMANDS: Readonly<Record<string, (two: Two) => Promise<boolean>>> = {
      'opt-out': async (two) => {
        await two.begin();
        await setOffers(two, 'stop', two.b);
        return (await two.now()).optedOut;
      },
      'opt-in': async (two) => {
        await setOffers(two, 'stop', two.b);
        await two.begin();
        await setOffers(two, 'start', two.b);
        return !(await two.now()).optedOut;
      },
      edit: async (two) => {
        await two.begin();
        await two.desk.commands.editCustomer(contextOf(lead), meant(two.b), { notes: 'sore saja' });
        return (await two.now()).notes === 'sore saja';
      },
      phone: async (two) => {
        await two.begin();
        await two.desk.commands.changePhone(contextOf(lead), meant(two.b), '628111222333');
        return (await two.now()).phone === '+628111222333';
      },
      archive: async (two) => {
        await closeBoth(two);
        await two.begin();
        await two.desk.commands.archiveCustomer(contextOf(lead), meant(two.b), 'archive', false);
        return (await two.now()).archived;
      },
      merge: async (two) => {
        await two.begin();
        await two.desk.commands.mergeCustomers(contextOf(lead), [meant(two.b), meant(two.a)], true);
        return (await two.now()).absorbed.some(({ customerId }) => customerId === two.b.id);
      },
      erasure: async (two) => {
        const { handler } = two.desk.commands;
        await closeBoth(two);
        await two.begin();
        const erase = eraseCustomer({
          handler,
          clock: { now: () => two.desk.time.now },
          blindIndex,
          rememberAtProviders: () => Promise.resolve(),
          keys: { destroy: (ids) => Promise.resolve([...ids]) },
        });
        await erase(contextOf(lead), { ...meant(two.b), reason: null });
        const left = await Promise.all([two.a, two.b].map(({ key }) => handler.load(customer, key)));
        return left.every(({ status }) => status === 'unknown');
      },
      visit: async (two) => {
        await two.begin();
        const { job_id } = await two.desk.commands.fieldJobs.open(contextOf(lead), meant(two.b), {
          kind: 'jemput_kargo',
          problem: 'Jemput dua peti',
          place: { address: 'Jalan Melati 7', district: 'Tebet', city: 'Jakarta Selatan' },
          window: { from: '2026-07-06T02:00:00.000Z', to: '2026-07-06T05:00:00.000Z' },
          base_price: 500_000,
        });
        const opened = await two.desk.commands.handler.load(job, job_id);
        return opened.status !== 'absent' && opened.customerId === two.a.id;
      },
    };
    /** @param from of a number that nobody has */
    async function twoCustomers(desk: Desk, from: number) {
      const [one, other] = [`62812340${from}1`, `62812340${from}2`];
      for (const digits of [one, other]) {
        const said = message(digits, { userId: `wa_${digits}`, phone: `+${digits}` });
        await desk.receive(said, got(digits));
      }
      return { a: await whoIs(desk, `wa_${one}`), b: await whoIs(desk, `wa_${other}`) };
    }
    /** What another process decides. */
    const decideMerged = (desk: Desk, a: KnownCustomer, b: KnownCustomer) => {
      const systemContext = {
        actor: { kind: 'system', process: 'test' } as const,
        ...{ correlationId: 'c', causationId: 'c', requestId: 'c', at: '2026-07-03T03:30:00.000Z' },
      };
      return desk.commands.handler.executeCommand(customer, b.key, systemContext, () => [
        {
          type: 'CustomerMerged',
          data: { customerId: b.id, into: a.id, intoKey: a.key, because: 'agent', joinTickets: true },
        },
      ]);
    };

    it('by the id of one whose merge was only just decided, every command is about the one who stays', async () => {
      for (const [n, [name, give]] of Object.entries(COMMANDS).entries()) {
        const desk = commandsOn(its.store);
        const { a, b } = await twoCustomers(desk, 200 + n);
        const now = async () => (await currentCustomer(desk.commands.handler, a.key)).known as KnownCustomer;
        if (name === 'opt-in')
          await setOffers({ desk, a, b, now, begin: () => Promise.resolve() }, 'stop', b);
        const closes = name === 'archive' || name === 'erasure';
        if (!closes) await decideMerged(desk, a, b);
        // Whose tickets are closed by then is merged after that.
        const begin = () => (closes ? decideMerged(desk, a, b) : Promise.resolve());
        expect(await give({ desk, a, b, now, begin }), name).to.equal(true);
      }
    });

    it('when the merge comes while it decides, too', async () => {
      for (const [n, [name, give]] of Object.entries(COMMANDS).entries()) {
        // A visit is on a stream of its own.
        if (name === 'visit') continue;
        const store = await its.another();
        const [desk, other] = [commandsOn(store), commandsOn(its.store)];
        const { a, b } = await twoCustomers(desk, 300 + n);
        const now = async () => (await currentCustomer(desk.commands.handler, a.key)).known as KnownCustomer;
        let state: 'before' | 'armed' | 'came' = 'before';
        const { append } = store;
        store.append = async (stream, ...rest) => {
          if (stream === `customer-${b.key}` && state === 'armed') {
            state = 'came';
            await decideMerged(other, a, b);
          }
          return append.call(store, stream, ...rest);
        };
        const given = await give({ desk, a, b, now, begin: () => Promise.resolve((state = 'armed')) });
        expect([name, state, given]).to.deep.equal([name, 'came', true]);
      }
    });
  });
});
