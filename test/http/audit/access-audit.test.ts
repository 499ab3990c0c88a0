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
import { type AccessJournal, StoreUnavailable } from '../../../src/ports.ts';
import { createAccessJournal } from '../../../src/adapters/operational/access-journal.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { unchecked } from '../../support/stores/unchecked.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const KEY = 'a key for tests only, 32 characters long';
const observer = { appended: () => undefined, conflicted: () => undefined };

describe('record of accesses', () => {
  let home: TestStore;
  const time = { now: new Date('2026-11-20T03:00:00Z') };
  /** What stands between the program and its store. */
  let state: 'there' | 'away' | 'hanging';

  before(async () => {
    home = await testStore();
    postgres = createPostgres({ url: home.url, logger: silentLogger(), poolSize: 3 });
    journal = createAccessJournal(postgres.writes);
  });
  after(async () => {
    await postgres.close();
    await home.close();
  });
  beforeEach(() => {
    state = 'there';
  });
  afterEach(async () => {
    state = 'there';
    for (const one of open.splice(0)) await one.close();
  });

  let postgres: Postgres;
  let journal: AccessJournal;
  /** Of those that a test began, so that none goes on after it. */
  const open: { close(): Promise<void> }[] = [];
  function recorder(kept: AccessJournal = journal) {
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
    const blindIndex = createBlindIndex(KEY);
    const made = createAccessAudit({
      handler,
      journal: kept,
      clock: { now: () => time.now },
      ids: uuids,
      blindIndex,
      log: silentLogger(),
    });
    open.push(made);
    return made;
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
    expect(last?.data).to.deep.equal({
      userId: one.caller.id,
      ...ofTicket(ticket),
      searched: null,
      origin: null,
    });
    expect(last?.metadata.at).to.equal(time.now.toISOString());
    expect(last?.metadata.actor).to.deep.include({ kind: 'user', id: one.caller.id });
  });

  it('lets ordinary reads go on without a store, and writes them when it is back, with their own times', async () => {
    const access = recorder();
    const person = somebody();
    state = 'away';
    const began = time.now.toISOString();
    for (let n = 0; n < 5; n += 1) await access.read(person, ofTicket(uuids.next()));
    expect(await access.waiting()).to.equal(5);
    expect(await recorded(person.caller.id)).to.have.length(0);
    time.now = new Date(time.now.getTime() + 1_000);
    state = 'there';
    await eventually('all are written', async () => (await access.waiting()) === 0 || undefined, 20_000);
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
    await eventually('all are written', async () => (await access.waiting()) === 0 || undefined, 30_000);
    expect(await recorded(person.caller.id)).to.have.length(21);
  });

  it('refuses what is for few, and forgets that it was asked', async () => {
    const access = recorder();
    const person = somebody();
    const read = { ...ofTicket(uuids.next()), kind: 'history' as const };
    state = 'away';
    const refused: unknown = await access.read(person, read).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreUnavailable);
    expect(await access.waiting()).to.equal(0);
    state = 'there';
    await access.read(person, read);
    expect(await recorded(person.caller.id)).to.have.length(1);
  });

  it('refuses a read that neither the store nor the journal takes, and records the next try', async () => {
    const gone = (): Promise<never> => Promise.reject(new StoreUnavailable('events'));
    const access = recorder({ ...journal, put: gone });
    const person = somebody();
    const ticket = uuids.next();
    state = 'away';
    const refused: unknown = await access.read(person, ofTicket(ticket)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreUnavailable);
    state = 'there';
    await eventually('the store is known to be back', async () => {
      await access.read(person, ofTicket(ticket)).catch(() => undefined); // as above, until it is
      return (await recorded(person.caller.id)).length === 1 || undefined;
    });
  });

  it('leaves to the next process what a process that died could not store, once', async () => {
    const dying = recorder();
    const person = somebody();
    state = 'hanging';
    // Its append is under way when it dies, and may still end well.
    await dying.read(person, ofTicket(uuids.next()));
    await dying.read(person, ofTicket(uuids.next()));
    expect(await dying.waiting()).to.equal(2);
    const next = recorder();
    state = 'there';
    await eventually('all are stored', async () => (await next.waiting()) === 0 || undefined, 20_000);
    await eventually(
      'each is there',
      async () => (await recorded(person.caller.id)).length >= 2 || undefined,
      20_000,
    );
    await dying.close();
    expect(await recorded(person.caller.id)).to.have.length(2);
  });

  it('is drained by two processes at once without a record twice', async () => {
    const one = recorder();
    const person = somebody();
    state = 'away';
    for (let n = 0; n < 100; n += 1) await one.read(person, ofTicket(uuids.next()));
    const two = recorder();
    state = 'there';
    await Promise.all([one.close(), two.close()]);
    await eventually('all are stored', async () => (await journal.count()) === 0 || undefined, 20_000);
    expect(await recorded(person.caller.id)).to.have.length(100);
  });

  it('stores what waits before it closes', async () => {
    const access = recorder();
    const person = somebody();
    state = 'away';
    for (let n = 0; n < 3; n += 1) await access.read(person, ofTicket(uuids.next()));
    state = 'there';
    await access.close();
    expect(await recorded(person.caller.id)).to.have.length(3);
  });

  it('records each search for a phone number, by a keyed hash and never the number', async () => {
    const { read, keyOfNumber } = recorder();
    const person = somebody();
    const list: AccessedData = { kind: 'inbox', ticketId: null, subjectId: null, filters: ['q'] };
    for (const number of ['628123456789', '628123456789', '62812', null, null])
      await read(person, { ...list, number });
    const data = (await recorded(person.caller.id)).map((event) => event.data as { searched: string | null });
    expect(data.map(({ searched }) => searched)).to.deep.equal([
      keyOfNumber('628123456789'),
      keyOfNumber('628123456789'),
      keyOfNumber('62812'),
      null,
    ]);
    expect(JSON.stringify(data)).to.not.include('62812');
    expect(keyOfNumber('628123456789')).to.equal(createBlindIndex(KEY)('searched-number', '628123456789'));
  });

  it('records a person at another address again', async () => {
    const { read } = recorder();
    const person = somebody();
    const ticket = ofTicket(uuids.next());
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) await read(person, ticket, address);
    const events = await recorded(person.caller.id);
    expect(events).to.have.length(2);
    expect(JSON.stringify(events.map(({ data }) => data))).to.not.include('192.0.2');
  });

  it('records what was refused once in 15 minutes, at most 60 a minute of one person, and counts the others', async () => {
    const { refused } = recorder();
    const person = somebody();
    const what = { action: 'getTicket', code: 'TICKET_NOT_FOUND', subjectId: null };
    const ticketId = uuids.next();
    for (let n = 0; n < 3; n += 1) await refused(person, { ...what, ticketId }, '192.0.2.9');
    expect(await recorded(person.caller.id)).to.have.length(1);
    for (let n = 0; n < 80; n += 1) await refused(person, { ...what, ticketId: uuids.next() });
    expect(await recorded(person.caller.id)).to.have.length(60);
    time.now = new Date(time.now.getTime() + 60_000);
    await refused(person, { ...what, ticketId: uuids.next() });
    const last = (await recorded(person.caller.id)).at(-1);
    expect(last?.data).to.deep.include({ userId: person.caller.id, ...what, unrecorded: 21 });
  });

  it('refuses nobody the answer that they are refused', async () => {
    const gone = (): Promise<never> => Promise.reject(new StoreUnavailable('events'));
    const access = recorder({ ...journal, put: gone });
    state = 'away';
    await access.refused(somebody(), {
      action: 'getTicket',
      code: 'FORBIDDEN',
      ticketId: null,
      subjectId: null,
    });
  });

  it('records five failed sign-ins of an account a minute, counts the others, and never the address', async () => {
    const access = recorder();
    const userId = uuids.next();
    const from = { requestId: 'r', correlationId: 'c', address: '192.0.2.7' };
    for (let n = 0; n < 20; n += 1) access.signInFailed('budi@saga.test', userId, 'wrong_password', from);
    time.now = new Date(time.now.getTime() + 60_000);
    access.signInFailed('siapa@saga.test', null, 'unknown_account', from);
    const key = createBlindIndex(KEY)('email', 'siapa@saga.test');
    // Nobody waits for a failure to be written.
    const [unknown] = await eventually(
      'the last one is written',
      async () => {
        const found = await recorded(`unknown-${key}`);
        return found.length > 0 ? found : undefined;
      },
      20_000,
    );
    await access.close();
    const events = await recorded(userId);
    expect(events).to.have.length(5);
    expect(unknown?.data).to.deep.include({ userId: null, emailKey: key, unrecorded: 15 });
    const text = JSON.stringify([events, unknown], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).to.not.match(/saga\.test|192\.0\.2/);
  });

  it('records at most 300 failures a minute, whatever the accounts', async () => {
    const access = recorder();
    time.now = new Date(time.now.getTime() + 60_000);
    const from = { requestId: 'many', correlationId: 'c', address: undefined };
    for (let n = 0; n < 1_000; n += 1)
      access.signInFailed(`${String(n)}@saga.test`, null, 'unknown_account', from);
    await access.close();
    const [found] = await postgres.writes.query<{ n: number }>(
      unchecked({
        text: `select count(*)::int as n from es.events where type = 'SignInFailed' and metadata ->> 'requestId' = 'many'`,
        values: [],
      }),
    );
    expect(found?.n).to.equal(300);
  });
});
