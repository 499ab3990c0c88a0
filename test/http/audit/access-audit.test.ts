import { expect } from 'chai';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import {
  createCommandHandler,
  createStateCache,
  type CommandHandler,
} from '../../../src/engine/commands/command-handler.ts';
import { createAccessAudit, type AccessedData } from '../../../src/http/audit/access-audit.ts';
import { accessStream, SAME_READ_MS } from '../../../src/domain/audit/access.ts';
import { decode } from '../../../src/domain/codec.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const observer = { appended: () => undefined, conflicted: () => undefined };

describe('record of accesses', () => {
  let home: TestStore;
  const time = { now: new Date('2026-11-20T03:00:00Z') };
  /** What stands between the program and its store. */
  let state: 'there' | 'away' | 'hanging';

  before(async () => {
    home = await testStore();
  });
  after(() => home.close());
  beforeEach(() => {
    state = 'there';
  });

  function recorder(mostWaiting?: number) {
    const real = createCommandHandler({
      store: home.store,
      ids: uuids,
      cache: createStateCache(100),
      observer,
    });
    const handler: CommandHandler = {
      load: real.load,
      executeCommand: async (...asked) => {
        if (state === 'away') throw new StoreUnavailable('events');
        if (state === 'hanging') {
          await eventually(
            'the store hangs no more',
            () => Promise.resolve(state !== 'hanging' || undefined),
            30_000,
          );
        }
        return real.executeCommand(...asked);
      },
    };
    const blindIndex = createBlindIndex('a key for tests only, 32 characters long');
    return createAccessAudit({
      handler,
      clock: { now: () => time.now },
      blindIndex,
      log: silentLogger(),
      ...(mostWaiting === undefined ? {} : { mostWaiting }),
    });
  }
  const somebody = () => ({
    caller: {
      id: uuids.next(),
      role: 'sales_agent',
      division: 'sari',
      privileges: new Set(PRIVILEGES),
    } as const,
    requestId: 'r',
    correlationId: 'c',
  });
  const ofTicket = (ticketId: string): AccessedData => ({
    kind: 'messages',
    ticketId,
    subjectId: null,
    filters: [],
  });
  const recorded = async (key: string) =>
    (await home.store.read(accessStream(key))).map((event) => decode(event));

  it('records a read once per person, kind and ticket in 15 minutes', async () => {
    const { read } = recorder();
    const [one, other] = [somebody(), somebody()];
    const [ticket, another] = [uuids.next(), uuids.next()];
    await read(one, ofTicket(ticket));
    await Promise.all([read(one, ofTicket(ticket)), read(one, ofTicket(ticket))]);
    await read(one, { ...ofTicket(ticket), kind: 'ticket' });
    await read(one, ofTicket(another));
    await read(other, ofTicket(ticket));
    expect(await recorded(one.caller.id)).to.have.length(3);
    expect(await recorded(other.caller.id)).to.have.length(1);

    time.now = new Date(time.now.getTime() + SAME_READ_MS);
    await read(one, ofTicket(ticket));
    const last = (await recorded(one.caller.id)).at(-1);
    expect(last?.data).to.deep.equal({ userId: one.caller.id, ...ofTicket(ticket) });
    expect(last?.metadata.at).to.equal(time.now.toISOString());
    expect(last?.metadata.actor).to.deep.include({ kind: 'user', id: one.caller.id });
  });

  it('lets ordinary reads go on without a store, and writes them when it is back, with their own times', async () => {
    const access = recorder();
    const person = somebody();
    state = 'away';
    const began = time.now.toISOString();
    for (let n = 0; n < 5; n += 1) await access.read(person, ofTicket(uuids.next()));
    expect(access.waiting()).to.equal(5);
    time.now = new Date(time.now.getTime() + 1_000);
    state = 'there';
    await eventually('all are written', () => Promise.resolve(access.waiting() === 0 || undefined), 20_000);
    const events = await recorded(person.caller.id);
    expect(events.map((event) => event.metadata.at)).to.deep.equal(Array.from({ length: 5 }, () => began));
  });

  it('waits a moment and no longer for a store that hangs, and finds out once', async () => {
    const access = recorder();
    const person = somebody();
    state = 'hanging';
    const began = performance.now();
    await access.read(person, ofTicket(uuids.next()));
    expect(performance.now() - began).to.be.within(200, 5_000);
    const again = performance.now();
    for (let n = 0; n < 20; n += 1) await access.read(person, ofTicket(uuids.next()));
    expect(performance.now() - again).to.be.lessThan(200);
    state = 'there';
    await eventually('all are written', () => Promise.resolve(access.waiting() === 0 || undefined), 30_000);
    expect(await recorded(person.caller.id)).to.have.length(21);
  });

  it('refuses what is for few, and forgets that it was asked', async () => {
    const access = recorder();
    const person = somebody();
    const read = { ...ofTicket(uuids.next()), kind: 'history' as const };
    state = 'away';
    const refused: unknown = await access.read(person, read).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreUnavailable);
    expect(access.waiting()).to.equal(0);
    state = 'there';
    await access.read(person, read);
    expect(await recorded(person.caller.id)).to.have.length(1);
  });

  it('refuses every read when too many wait, and writes what waits before it closes', async () => {
    const access = recorder(3);
    const person = somebody();
    state = 'away';
    for (let n = 0; n < 3; n += 1) await access.read(person, ofTicket(uuids.next()));
    const refused: unknown = await access
      .read(person, ofTicket(uuids.next()))
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreUnavailable);
    state = 'there';
    await access.close();
    expect(await recorded(person.caller.id)).to.have.length(3);
  });

  it('records five failed sign-ins of an account a minute, counts the others, and never the address', async () => {
    const access = recorder();
    const userId = uuids.next();
    const from = { requestId: 'r', correlationId: 'c', address: '192.0.2.7' };
    for (let n = 0; n < 20; n += 1) access.signInFailed('budi@saga.test', userId, 'wrong_password', from);
    time.now = new Date(time.now.getTime() + 60_000);
    access.signInFailed('siapa@saga.test', null, 'unknown_account', from);
    await eventually('all are written', () => Promise.resolve(access.waiting() === 0 || undefined), 20_000);
    const events = await recorded(userId);
    expect(events).to.have.length(5);
    const key = createBlindIndex('a key for tests only, 32 characters long')('email', 'siapa@saga.test');
    const [unknown] = await recorded(`unknown-${key}`);
    expect(unknown?.data).to.deep.include({ userId: null, emailKey: key, unrecorded: 15 });
    const text = JSON.stringify([events, unknown], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).to.not.match(/saga\.test|192\.0\.2/);
  });

  it('records at most 300 failures a minute, whatever the accounts', async () => {
    const access = recorder();
    time.now = new Date(time.now.getTime() + 60_000);
    const from = { requestId: 'r', correlationId: 'c', address: undefined };
    for (let n = 0; n < 1_000; n += 1)
      access.signInFailed(`${String(n)}@saga.test`, null, 'unknown_account', from);
    expect(access.waiting()).to.be.within(1, 300);
    await access.close();
  });
});
