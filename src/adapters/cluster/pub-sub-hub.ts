import type { Logger } from '../../ports.ts';

export interface PubSubMessage {
  readonly topic: string;
  readonly message: unknown;
}

/** The subscribers of this process. */
export interface Hub {
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  /** Calls every subscriber now; one that throws is logged and harms neither the others nor the caller. */
  deliver(envelope: PubSubMessage): void;
}

export function createHub(logger: Logger): Hub {
  const topics = new Map<string, Set<(message: unknown) => void>>();
  return {
    subscribe: (topic, onMessage) => {
      const subscribers = topics.get(topic) ?? new Set();
      topics.set(topic, subscribers);
      // The same function subscribed twice is two subscriptions.
      const subscriber = (message: unknown): void => {
        onMessage(message);
      };
      subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size === 0 && topics.get(topic) === subscribers) topics.delete(topic);
      };
    },
    deliver: ({ topic, message }) => {
      for (const subscriber of [...(topics.get(topic) ?? [])]) {
        try {
          subscriber(message);
        } catch (err) {
          logger.error({ topic, err }, 'a fan-out subscriber failed');
        }
      }
    },
  };
}
