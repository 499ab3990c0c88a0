import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiter } from '../../ports.ts';
import type { RedisClient } from './redis.ts';

const KEY_PREFIX = 'saga:limit';
/** A request waits no longer than this for Redis; then Redis is not used for a while. */
const PATIENCE_MS = 250;
const LEFT_ALONE_MS = 2_000;

interface Limiter {
  readonly shared: RateLimiterRedis | undefined;
  readonly own: RateLimiterMemory;
}

type TakeResult = Awaited<ReturnType<RateLimiter['take']>>;
const GRANTED: TakeResult = { allowed: true, retryAfter: 0 };

const refused = ({ msBeforeNext }: RateLimiterRes): TakeResult => ({
  allowed: false,
  retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
});

/** A refusal is an answer, not an error. */
async function take(from: RateLimiterRedis | RateLimiterMemory, key: string): Promise<TakeResult> {
  try {
    await from.consume(key);
    return GRANTED;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refused(refusal);
    throw refusal;
  }
}

/**
 * Counts in Redis when there is one, and in this process while Redis is away or slow or when there is none: then each
 * process allows `limit` of its own, and nobody is locked out by a dead Redis.
 */
export function createRateLimiter(redis: RedisClient | undefined): RateLimiter {
  const limiters = new Map<string, Limiter>();
  let leftAloneUntil = 0;

  const limiterFor = (limit: number, windowSeconds: number): Limiter => {
    const name = `${String(limit)}/${String(windowSeconds)}`;
    const known = limiters.get(name);
    if (known) return known;
    // The window is part of the key: the same name under another limit counts on its own.
    const settings = { keyPrefix: `${KEY_PREFIX}:${name}`, points: limit, duration: windowSeconds };
    // A client that continues after a refusal is refused here, without a call to Redis.
    const inRedis = {
      ...settings,
      storeClient: redis,
      useRedisPackage: true,
      inMemoryBlockOnConsumed: limit + 1,
    };
    const limiter = {
      shared: redis && new RateLimiterRedis(inRedis),
      own: new RateLimiterMemory(settings),
    };
    limiters.set(name, limiter);
    return limiter;
  };

  /** `ask` of Redis when it answers in time, else of this process. */
  const ask = async <T>(
    { shared, own }: Limiter,
    question: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>,
  ): Promise<T> => {
    if (!shared || !redis?.isReady || performance.now() < leftAloneUntil) return await question(own);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('Redis is too slow'));
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([question(shared), tooLong]);
    } catch {
      // The listener of the client logs problems of Redis once.
      leftAloneUntil = performance.now() + LEFT_ALONE_MS;
      return await question(own);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    take: (key, limit, windowSeconds) =>
      ask(limiterFor(limit, windowSeconds), (limiter) => take(limiter, key)),
    peek: async (key, limit, windowSeconds) => {
      const found = await ask(limiterFor(limit, windowSeconds), (limiter) => limiter.get(key));
      return found && found.consumedPoints >= limit && found.msBeforeNext > 0 ? refused(found) : GRANTED;
    },
  };
}
