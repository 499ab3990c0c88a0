import { expect } from 'chai';
import { createRateLimiter } from '../../../src/adapters/cluster/rate-limiter.ts';
import { createRedis, type RedisClient } from '../../../src/adapters/cluster/redis.ts';
import type { RateLimiter } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis, type TestRedis } from '../../support/stores/redis.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const takeMany = async (limiter: RateLimiter, key: string, times: number): Promise<boolean[]> => {
  const answers = await Promise.all(Array.from({ length: times }, () => limiter.take(key, 5, 60)));
  return answers.map(({ allowed }) => allowed);
};
const granted = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

function behaviour(make: () => RateLimiter): void {
  it('grants the limit and not one more, with the time to wait', async () => {
    const limiter = make();
    expect(granted(await takeMany(limiter, 'a', 20))).to.equal(5);
    const refused = await limiter.take('a', 5, 60);
    expect(refused.allowed).to.equal(false);
    expect(refused.retryAfter).to.be.within(1, 60);
    expect(granted(await takeMany(limiter, 'b', 20))).to.equal(5);
  });

  it('looks without taking', async () => {
    const limiter = make();
    for (let n = 0; n < 10; n += 1) expect((await limiter.peek('c', 5, 60)).allowed).to.equal(true);
    await takeMany(limiter, 'c', 4);
    expect((await limiter.peek('c', 5, 60)).allowed).to.equal(true);
    await takeMany(limiter, 'c', 1);
    const looked = await limiter.peek('c', 5, 60);
    expect(looked.allowed).to.equal(false);
    expect(looked.retryAfter).to.be.within(1, 60);
  });

  it('grants again when the window is over', async () => {
    const limiter = make();
    expect((await limiter.take('d', 1, 1)).allowed).to.equal(true);
    expect((await limiter.take('d', 1, 1)).allowed).to.equal(false);
    await eventually('a new window', async () => (await limiter.peek('d', 1, 1)).allowed, 3_000);
    expect((await limiter.take('d', 1, 1)).allowed).to.equal(true);
  });
}

describe('rate limiter', function () {
  this.timeout(30_000);

  describe('in memory', () => {
    behaviour(() => createRateLimiter(undefined));
  });

  describe('in Redis', () => {
    let redis: TestRedis | undefined;
    const clients: RedisClient[] = [];
    const client = async (): Promise<RedisClient> => {
      const made = createRedis({ url: redis!.url, use: 'limits', logger: silentLogger() });
      clients.push(made);
      await eventually('connected', () => made.isReady);
      return made;
    };
    let shared: RedisClient;
    before(async function () {
      redis = await startRedis(this);
      shared = await client();
    });
    after(async () => {
      for (const each of clients) each.destroy();
      await redis?.kill();
    });
    behaviour(() => createRateLimiter(shared));

    it('counts what two processes take together', async () => {
      const [one, two] = [createRateLimiter(await client()), createRateLimiter(await client())];
      const answers = await Promise.all([takeMany(one, 'together', 10), takeMany(two, 'together', 10)]);
      expect(granted(answers.flat())).to.equal(5);
    });

    it('goes on in memory while Redis is away, quickly, and returns to it', async () => {
      const limiter = createRateLimiter(shared);
      await redis!.kill();
      await eventually('noticed', () => !shared.isReady);
      const started = performance.now();
      expect(granted(await takeMany(limiter, 'away', 20))).to.equal(5);
      expect((await limiter.peek('away', 5, 60)).allowed).to.equal(false);
      expect(performance.now() - started).to.be.below(1_000);
      await redis!.start();
      await eventually('counting in Redis again', async () => {
        await limiter.take('back again', 5, 60);
        return shared.isReady && (await shared.keys('*back again*')).length === 1;
      });
    });

    it('adds at most a second per request when Redis accepts and is silent', async () => {
      const limiter = createRateLimiter(await client());
      redis!.pause();
      try {
        const started = performance.now();
        expect(granted(await takeMany(limiter, 'silent', 20))).to.equal(5);
        expect(performance.now() - started).to.be.below(1_000);
      } finally {
        redis!.resume();
      }
    });
  });
});
