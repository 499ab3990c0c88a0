import { expect } from 'chai';
import pg from 'pg';
import { createAssembler, toFrames } from '../../../src/adapters/cluster/pub-sub-frames.ts';
import { pubSubFor } from '../../../src/adapters/cluster/pub-sub.ts';
import type { PubSub } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { startRedis, type TestRedis } from '../../support/stores/redis.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const logger = silentLogger();

function listener(pubSub: PubSub, topic: string): unknown[] {
  const heard: unknown[] = [];
  pubSub.subscribe(topic, (message) => heard.push(message));
  return heard;
}

/** Until both processes are connected: a message published before that is lost, which is allowed. */
async function connected(from: PubSub, to: PubSub): Promise<void> {
  const heard = listener(to, 'hello');
  await eventually('connected', async () => {
    from.publish('hello', {});
    await new Promise(setImmediate);
    return heard.length > 0;
  });
}

function behaviour(make: () => PubSub, breakAndMend: () => Promise<void>): void {
  let one: PubSub;
  let two: PubSub;
  beforeEach(async () => {
    one = make();
    two = make();
    await Promise.all([connected(one, two), connected(two, one)]);
  });
  afterEach(() => Promise.all([one.close(), two.close()]));

  it('reaches this process at once and the other one, each once and in order', async () => {
    const here = listener(one, 'topic');
    const there = listener(two, 'topic');
    const elsewhere = listener(two, 'another');
    const messages = Array.from({ length: 500 }, (_, n) => ({ n }));
    for (const message of messages) one.publish('topic', message);
    expect(here).to.deep.equal(messages);
    await eventually('all there', () => there.length >= 500);
    expect(there).to.deep.equal(messages);
    one.publish('end', {});
    const end = listener(two, 'end');
    await eventually('end', () => {
      one.publish('end', {});
      return end.length > 0;
    });
    expect([here.length, there.length, elsewhere.length]).to.deep.equal([500, 500, 0]);
  });

  it('carries a message of 60,000 characters of any script', async () => {
    const there = listener(two, 'large');
    const message = { text: 'Surat jalan “é 漢字 🚚” \u0000'.repeat(3_000) };
    one.publish('large', message);
    await eventually('the message', () => there.length > 0);
    expect(there).to.deep.equal([message]);
  });

  it('does not let one failing subscriber harm the others or the publisher', async () => {
    one.subscribe('topic', () => {
      throw new Error('broken');
    });
    const here = listener(one, 'topic');
    const there = listener(two, 'topic');
    one.publish('topic', 1);
    expect(here).to.deep.equal([1]);
    await eventually('there', () => there.length === 1);
  });

  it('stops calling who unsubscribed', () => {
    const heard: unknown[] = [];
    const stop = one.subscribe('topic', (message) => heard.push(message));
    one.publish('topic', 1);
    stop();
    one.publish('topic', 2);
    expect(heard).to.deep.equal([1]);
  });

  it('never throws while the way is broken, and finds the others again', async () => {
    const here = listener(one, 'topic');
    await breakAndMend();
    one.publish('topic', 'while broken');
    expect(here).to.deep.equal(['while broken']);
    await Promise.all([connected(one, two), connected(two, one)]);
  });
}

describe('fan-out', function () {
  this.timeout(30_000);

  describe('frames', () => {
    it('cut at any size, arrive in any order and give the same messages', () => {
      const envelopes = [{ topic: 't', message: { text: 'é 🚚 "\\ \n'.repeat(50) } }];
      for (let limit = 101; limit < 140; limit += 1) {
        const frames = toFrames('a', envelopes, limit);
        expect(frames.every((frame) => Buffer.byteLength(frame) <= limit)).to.equal(true);
        const assemble = createAssembler('b');
        const all = frames.reverse().flatMap((frame) => [...assemble(frame)]);
        expect(all).to.deep.equal(envelopes);
      }
    });

    it('of this process itself, and noise, give nothing', () => {
      const assemble = createAssembler('a');
      expect(
        toFrames('a', [{ topic: 't', message: 1 }], 500).flatMap((frame) => [...assemble(frame)]),
      ).to.deep.equal([]);
      expect(assemble('noise')).to.deep.equal([]);
    });
  });

  describe('over Postgres', () => {
    let database: TestDatabase;
    before(async () => {
      database = await testDatabase();
    });
    after(() => database.drop());
    behaviour(
      () => pubSubFor({ redisUrl: undefined, databaseUrl: database.url, logger }),
      async () => {
        const client = new pg.Client({ connectionString: database.superuserUrl });
        await client.connect();
        await client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'saga fan-out'",
        );
        await client.end();
      },
    );
  });

  describe('over Redis', () => {
    let redis: TestRedis | undefined;
    before(async function () {
      redis = await startRedis(this);
    });
    after(() => redis?.kill());
    behaviour(
      () => pubSubFor({ redisUrl: redis!.url, databaseUrl: '', logger }),
      async () => {
        await redis!.kill();
        await redis!.start();
      },
    );

    it('starts without Redis and joins in when it comes', async () => {
      await redis!.kill();
      const one = pubSubFor({ redisUrl: redis!.url, databaseUrl: '', logger });
      const two = pubSubFor({ redisUrl: redis!.url, databaseUrl: '', logger });
      one.publish('topic', 1);
      await redis!.start();
      await connected(one, two);
      await Promise.all([one.close(), two.close()]);
    });
  });
});
