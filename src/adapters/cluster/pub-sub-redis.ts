import type { Logger } from '../../ports.ts';
import type { Connect } from './pub-sub-transport.ts';
import { createRedis } from './redis.ts';

const CHANNEL = 'saga:fanout';

/** Redis pub/sub. A subscribing connection can do nothing else, hence two. */
export function connectRedis(url: string, logger: Logger): Connect {
  return (onFrame) => {
    const publisher = createRedis({ url, use: 'fan-out', logger });
    const subscriber = createRedis({ url, use: 'fan-out, listening', logger });
    let subscribed = false;
    // The client subscribes again by itself after a reconnect, but only to what it was subscribed to once.
    subscriber.on('ready', () => {
      if (subscribed) return;
      subscribed = true;
      subscriber.subscribe(CHANNEL, onFrame).catch((err: unknown) => {
        subscribed = false;
        logger.debug({ err }, 'fan-out could not subscribe yet');
      });
    });
    return {
      limit: 512 * 1024,
      send: async (frames) => {
        if (!publisher.isReady) return;
        try {
          for (const frame of frames) await publisher.publish(CHANNEL, frame);
        } catch (err) {
          logger.debug({ err }, 'fan-out message lost');
        }
      },
      close: () => {
        publisher.destroy();
        subscriber.destroy();
        return Promise.resolve();
      },
    };
  };
}
