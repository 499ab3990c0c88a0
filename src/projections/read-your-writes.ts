/** Read your own write (architecture.md 5): what a user changed, their next read shows, in whatever process. */
import { LRUCache } from 'lru-cache';
import type { Fanout, Position } from '../ports.ts';
import type { Progress } from './progress.ts';

const TOPIC = 'wrote';

export interface ReadYourWrites {
  /** This user's reads must show everything up to `position`. */
  wrote(userId: string, position: Position): void;
  /** Waits, at most `timeoutMs`, until they do. `stale`: they do not yet. */
  ready(userId: string): Promise<{ readonly stale: boolean }>;
  close(): void;
}

const isWrite = (message: unknown): message is { readonly userId: string; readonly position: Position } =>
  typeof message === 'object' &&
  message !== null &&
  'userId' in message &&
  typeof message.userId === 'string' &&
  'position' in message &&
  typeof message.position === 'string';

/** @param timeoutMs longest wait before an answer is called stale. Default 1 s */
export function createReadYourWrites(options: {
  readonly progress: Pick<Progress, 'waitFor'>;
  readonly fanout: Fanout;
  readonly timeoutMs?: number;
}): ReadYourWrites {
  const { progress, fanout, timeoutMs = 1_000 } = options;
  // Whom it forgets wrote long ago: their write is in the views, or a stale answer is the least of the troubles.
  const wrote = new LRUCache<string, Position>({ max: 10_000 });

  const remember = (userId: string, position: Position): void => {
    if (position > (wrote.get(userId) ?? '')) wrote.set(userId, position);
  };
  const unsubscribe = fanout.subscribe(TOPIC, (message) => {
    if (isWrite(message)) remember(message.userId, message.position);
  });

  return {
    wrote(userId, position) {
      if (position === '') return;
      remember(userId, position);
      fanout.publish(TOPIC, { userId, position });
    },
    async ready(userId) {
      const position = wrote.get(userId);
      if (position === undefined) return { stale: false };
      const reached = await progress.waitFor(position, timeoutMs);
      if (reached && wrote.get(userId) === position) wrote.delete(userId);
      return { stale: !reached };
    },
    close: unsubscribe,
  };
}
