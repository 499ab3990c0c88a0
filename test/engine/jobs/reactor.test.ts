import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createReactor, type Reaction, type ReactorOptions } from '../../../src/engine/jobs/reactor.ts';
import type { CheckpointOptions } from '../../../src/engine/jobs/subscription-checkpoint.ts';
import { type EventStore, type NewEvent, START } from '../../../src/ports.ts';
import { noLease, uuid } from '../../projections/desk.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const metadata = {
  actor: { kind: 'system', process: 'test' },
  correlationId: 'c',
  causationId: 'c',
  requestId: 'r',
  at: '2026-07-03T03:00:00.000Z',
  schemaVersion: 1,
} as const;

describe('a reactor', () => {
  let its: TestStore;
  let postgres: Postgres;
  const stops: (() => Promise<void>)[] = [];
  let users = 0;

  beforeEach(async () => {
    its = await testStore();
    postgres = createPostgres({ url: its.url, logger: silentLogger(), poolSize: 2 });
    users = 0;
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await postgres.close();
    await its.close();
  });

  const checkpoints = () => createJobCheckpoints(postgres.writes);
  const onRecord = () => checkpoints().read('test');

  /** @returns the id of the user that the event is about */
  async function append(over: Partial<NewEvent> = {}): Promise<string> {
    users += 1;
    const userId = uuid(users);
    const event = { id: randomUUID(), type: 'UserDeactivated', data: { userId }, metadata, ...over };
    await its.store.append(`user-${userId}`, [event], { expected: 'any' });
    return userId;
  }

  function running(
    start: ReactorOptions['start'],
    over: Partial<CheckpointOptions> & {
      readonly position?: 'read tables';
      readonly store?: EventStore;
    } = {},
  ) {
    const log = silentLogger();
    const skipped = skippedEvents(log);
    const stopping = new AbortController();
    const { position, store = its.store, ...rest } = over;
    const done = createReactor(
      { store, leases: noLease, log, skipped },
      {
        name: 'test',
        streamPrefixes: ['user-'],
        position: position ?? {
          checkpoints: checkpoints(),
          firstRun: 'first event',
          wrongStore: 'stay off',
          ...rest,
        },
        start,
      },
    ).run(stopping.signal);
    const stop = (): Promise<void> => {
      stopping.abort();
      return done;
    };
    stops.push(stop);
    return { log, skipped, stop };
  }

  /** Notes each event in `handled`. */
  const noting =
    (handled: string[], more: Partial<Reaction> = {}) =>
    (): Reaction => ({
      handle: (event) => void handled.push((event.data as { userId: string }).userId),
      ...more,
    });

  it('handles every event once and in order, and goes on after its checkpoint', async () => {
    const before = [await append(), await append()];
    const handled: string[] = [];
    const first = running(noting(handled));
    await eventually('both', () => handled.length === 2);
    await first.stop();
    const after = [await append()];
    running(noting(handled));
    await eventually('the third', () => handled.length === 3);
    expect(handled).to.deep.equal([...before, ...after]);
  });

  it('begins at the end of the store when the job says so, and never ran', async () => {
    await append();
    const handled: string[] = [];
    running(noting(handled), { firstRun: 'end of store' });
    await eventually('it has begun', async () => (await onRecord()) !== null);
    const fresh = await append();
    await eventually('the new one', () => handled.length > 0);
    expect(handled).to.deep.equal([fresh]);
  });

  it('keeps its checkpoint behind what is not settled, and says how far it has looked', async () => {
    const [first, second] = [await append(), await append()];
    const pending = new Map<string, string>();
    const seen: string[] = [];
    const start = (): Reaction => ({
      handle: (event, { before }) => {
        const { userId } = event.data as { userId: string };
        seen.push(userId);
        pending.set(userId, before);
      },
      unsettledFrom: () => pending.values().next().value,
    });
    const one = running(start);
    const head = await its.store.head();
    await eventually('it has looked at both', async () => (await onRecord())?.seenTo === head);
    expect((await onRecord())?.position).to.equal(START);
    pending.delete(first);
    await one.stop();
    expect(await onRecord()).to.deep.include({ position: pending.get(second), seenTo: head });
    pending.clear();
    running(start);
    await eventually('the second one again', () => seen.length === 3);
    expect(seen).to.deep.equal([first, second, second]);
  });

  it('starts again after a failure, with nothing kept in memory, from its checkpoint', async () => {
    await append();
    let starts = 0;
    const handled: string[] = [];
    const { log } = running(() => {
      starts += 1;
      return {
        handle: (event) => {
          if (starts < 3) throw new Error('not yet');
          handled.push(event.id);
        },
      };
    });
    await eventually('it got on', () => handled.length === 1);
    expect(starts).to.equal(3);
    const failures = log.lines.filter(({ level }) => level === 'warn');
    expect(failures.map(({ fields }) => fields)).to.have.length(2);
    expect(failures[0]?.fields).to.include({ job: 'test', backoff: 100 });
  });

  it('says when the end of the store is reached, for the first time and later', async () => {
    await append();
    const calls: string[] = [];
    running(() => ({
      handle: (_event, { isLive }) => void calls.push(isLive ? 'live' : 'on record'),
      caughtUp: (isFirst) => void calls.push(isFirst ? 'first end' : 'end'),
    }));
    await eventually('the end', () => calls.length === 2);
    await append();
    await eventually('the end again', () => calls.length === 4);
    expect(calls).to.deep.equal(['on record', 'first end', 'live', 'end']);
  });

  it('skips what it cannot read: one error, one count, and nothing waits for it', async () => {
    const eventId = randomUUID();
    const first = await append();
    await append({ id: eventId, type: 'FromTheFuture', data: { name: 'kenari' } });
    const last = await append();
    const handled: string[] = [];
    const { log, skipped, stop } = running(noting(handled));
    await eventually('the last one', () => handled.length === 2);
    await stop();
    expect(handled).to.deep.equal([first, last]);
    expect(skipped.counted).to.deep.equal(['test']);
    expect(skipped.list()).to.deep.equal([{ job: 'test', count: 1, lastEventId: eventId }]);
    expect(skipped.list(new Set([eventId])), 'a person has skipped it').to.deep.equal([]);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ fields }) => fields)).to.have.length(1);
    expect(errors[0]?.fields).to.include({ job: 'test', eventId });
    expect((errors[0]?.fields as { err: Error }).err.message).not.to.include('kenari');
    expect((await onRecord())?.position).to.equal(await its.store.head());
  });

  it('stays off with a checkpoint of another store, and says what to do', async () => {
    await append();
    await checkpoints().move('test', 'another', null, START);
    const handled: string[] = [];
    const { log, stop } = running(noting(handled));
    await eventually('it says so', () =>
      log.lines.some(({ fields }) =>
        String((fields as { err?: unknown }).err).includes('another event store'),
      ),
    );
    await stop();
    expect(handled).to.deep.equal([]);
    expect(await onRecord()).to.deep.include({ storeId: 'another', position: START });
    expect(
      JSON.stringify(log.lines.map(({ fields }) => String((fields as { err?: unknown }).err))),
    ).to.include('npm run store:accept');
  });

  it('starts over when the job says so; the checkpoint of another store is kept', async () => {
    const userId = await append();
    await checkpoints().move('test', 'another', null, START);
    const handled: string[] = [];
    const { stop } = running(noting(handled), { wrongStore: 'start over' });
    await eventually('all of it', () => handled.length === 1);
    await stop();
    expect(handled).to.deep.equal([userId]);
    expect(await onRecord()).to.deep.include({ storeId: 'another', position: START });
  });

  it('gives way when another process moved its checkpoint, and goes on from there', async () => {
    const storeId = await its.store.storeId();
    const handled: string[] = [];
    const { log } = running(noting(handled));
    await append();
    const head = await eventually('it is saved', async () => {
      const position = (await onRecord())?.position;
      return position !== undefined && position === (await its.store.head()) ? position : undefined;
    });
    await checkpoints().move('test', storeId, head, START);
    await append();
    await eventually('the first one again', () => handled.length >= 3);
    expect(
      log.lines.some(({ fields }) => String((fields as { err?: unknown }).err).includes('moved')),
    ).to.equal(true);
  });

  it('waits at a stop for what is under way, and takes nothing new', async () => {
    const [first] = [await append(), await append()];
    let letGo = (): void => undefined;
    let drained = false;
    const handled: string[] = [];
    const { stop } = running(() => ({
      handle: async (event) => {
        handled.push((event.data as { userId: string }).userId);
        await new Promise<void>((resolve) => (letGo = resolve));
      },
      drain: async () => {
        await Promise.resolve();
        drained = true;
      },
    }));
    await eventually('the first one', () => handled.length === 1);
    const stopped = stop();
    letGo();
    await stopped;
    expect([handled, drained]).to.deep.equal([[first], true]);
  });

  it('keeps no checkpoint when it begins with the read tables', async () => {
    await append();
    const after = await its.store.head();
    const fresh = await append();
    const handled: string[] = [];
    running(noting(handled, { after }), { position: 'read tables' });
    await eventually('the second one', () => handled.length > 0);
    expect(handled).to.deep.equal([fresh]);
    expect(await onRecord()).to.equal(null);
  });
});
