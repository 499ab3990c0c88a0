/**
 * Read your own write (docs/design/architecture.md#read-your-own-write): what a user changed, their next read shows,
 * in whatever process.
 */
import { boundedCache } from '../bounded-cache.ts';
import type { PubSub, Position } from '../../ports.ts';
import type { ProcessMembership } from '../cluster/process-membership.ts';
import type { ProjectionStatus } from './projection-status.ts';

const TOPIC = 'wrote';
/** Longer than a healthy process takes to hear of it; a command waits so long for one that is not. */
const HEARD_WITHIN_MS = 1_000;

export interface ReadYourWrites {
  /**
   * This user's reads must show everything up to `position`. Resolves when every process knows, or soon after; while one
   * cannot be told (the fan-out is away), when the views show it.
   */
  wrote(userId: string, position: Position): Promise<void>;
  /**
   * Waits, at most `timeoutMs`, until they do. `stale`: they do not yet, or a view holds back events of the ticket that
   * is read.
   */
  ready(userId: string, ticketId?: string | null): Promise<{ readonly stale: boolean }>;
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
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor' | 'isParked'>;
  readonly pubSub: Pick<PubSub, 'subscribe'>;
  readonly processes: Pick<ProcessMembership, 'tell' | 'alone' | 'missing'>;
  readonly timeoutMs?: number;
}): ReadYourWrites {
  const { projectionStatus, pubSub, processes, timeoutMs = 1_000 } = options;
  // A user that it forgets wrote long ago: their write is in the views by now.
  const wrote = boundedCache<string, Position>(10_000);

  const remember = (userId: string, position: Position): void => {
    if (position > (wrote.get(userId) ?? '')) wrote.set(userId, position);
  };
  const unsubscribe = pubSub.subscribe(TOPIC, (message) => {
    if (isWrite(message)) remember(message.userId, message.position);
  });

  return {
    async wrote(userId, position) {
      if (position === '') return;
      remember(userId, position);
      const delivered = processes.tell(TOPIC, { userId, position }, HEARD_WITHIN_MS);
      if (processes.alone() && !processes.missing()) return;
      // Once the views hold it, no process needs the message to show it.
      const shown = projectionStatus
        .waitFor(position, HEARD_WITHIN_MS)
        .then((reached) => (reached ? undefined : delivered));
      await (processes.missing() ? shown : Promise.race([delivered, shown]));
    },
    async ready(userId, ticketId = null) {
      const position = wrote.get(userId);
      const parked = ticketId !== null && projectionStatus.isParked(ticketId);
      if (position === undefined) return { stale: parked };
      const reached = await projectionStatus.waitFor(position, timeoutMs);
      if (reached && wrote.get(userId) === position) wrote.delete(userId);
      return { stale: !reached || parked };
    },
    close: unsubscribe,
  };
}
