import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PubSub, Logger } from '../../ports.ts';
import { createAssembler, toFrames } from './pub-sub-frames.ts';
import { createHub, type PubSubMessage } from './pub-sub-hub.ts';
import { connectPostgres } from './pub-sub-postgres.ts';
import { connectRedis } from './pub-sub-redis.ts';
import type { Connect } from './pub-sub-transport.ts';

/** Messages published so soon after a frame go together in the next one: a busy process publishes with every command. */
const PAUSE_MS = 5;
/** More waiting messages would only be old news: the oldest are dropped. */
const MOST_WAITING = 10_000;

/**
 * A message reaches the subscribers of this process before `publish` returns, those of other processes a moment
 * later: what is published while a frame is on its way, or just after, goes together in the next one.
 */
function createFanout(connect: Connect, logger: Logger): PubSub {
  const self = randomUUID();
  const hub = createHub(logger);
  const assemble = createAssembler(self);
  const transport = connect((frame) => {
    try {
      assemble(frame).forEach(hub.deliver);
    } catch (err) {
      logger.warn({ err }, 'a fan-out frame could not be read');
    }
  });

  const closing = new AbortController();
  let waiting: PubSubMessage[] = [];
  let sending: Promise<void> | undefined;

  const sendAll = async (): Promise<void> => {
    await Promise.resolve(); // lets the rest of this tick's messages join
    while (waiting.length > 0) {
      const envelopes = waiting;
      waiting = [];
      await transport.send(toFrames(self, envelopes, transport.limit));
      await sleep(PAUSE_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    sending = undefined;
  };

  return {
    publish: (topic, message) => {
      const envelope = { topic, message };
      hub.deliver(envelope);
      if (waiting.length >= MOST_WAITING) waiting.shift();
      waiting.push(envelope);
      sending ??= sendAll();
    },
    subscribe: hub.subscribe,
    close: async () => {
      closing.abort();
      await sending;
      await transport.close();
    },
  };
}

/** Over Redis when there is one, else over the database, so that processes on one database always see each other. */
export function pubSubFor(options: {
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string;
  readonly logger: Logger;
}): PubSub {
  const { redisUrl, databaseUrl, logger } = options;
  const connect =
    redisUrl === undefined ? connectPostgres(databaseUrl, logger) : connectRedis(redisUrl, logger);
  return createFanout(connect, logger);
}
