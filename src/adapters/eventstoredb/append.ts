import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendResult, ExpectedRevision, Logger, NewEvent } from '../../ports.ts';
import { withinPatience } from '../../engine/jobs/patience.ts';
import { EventTooLarge, START, StoreChanged, StreamDeleted, VersionConflict } from '../../ports.ts';
import { encodeAppend } from '../event-encoding.ts';
import { type Clients, inTime } from './clients.ts';
import { failureOf, reasonOf } from './grpc-errors.ts';
import { readStream } from './reads.ts';
import { sendAppend } from './wire/calls.ts';

const PAUSES_MS = [20, 100, 300, 1_000];

export interface AppendLimits {
  /** Of one try. */
  readonly timeoutMs: number;
  /** Of all tries together. */
  readonly budgetMs: number;
}

/** @throws StoreChanged another store answers now */
interface Repeating {
  readonly verify: () => Promise<void>;
}

/**
 * See `EventStore.append`. With an unknown outcome the same ids go out again with the same expectation: the
 * server then answers what it answered the first time, or would have (docs/design/reliability.md#idempotent-appends).
 */
export async function append(
  clients: Clients,
  logger: Logger,
  limits: AppendLimits & Repeating,
  request: {
    readonly stream: string;
    readonly events: readonly NewEvent[];
    readonly expected: ExpectedRevision;
  },
): Promise<AppendResult> {
  const { stream, expected } = request;
  const { events } = encodeAppend(stream, request.events, expected);
  if (request.events.length === 0) return onlyCheck(clients, limits, request.stream, request.expected);
  const deadline = performance.now() + withinPatience(limits.budgetMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      // The connection may have broken, and who answers now may be another.
      if (attempt > 0) await inTime(Math.max(deadline - performance.now(), 1), limits.verify());
      const left = deadline - performance.now();
      return await appendOnce(clients, Math.min(limits.timeoutMs, Math.max(left, 1)), {
        stream,
        events,
        expected,
      });
    } catch (error) {
      if (error instanceof StoreChanged || error instanceof VersionConflict) throw error;
      const failure = failureOf(error);
      if (failure === 'too-large')
        throw new EventTooLarge(`append to ${request.stream}: over the server's limit`);
      if (failure === 'refused') throw clients.unavailable(error);
      if (failure === 'deleted') throw new StreamDeleted(request.stream, { cause: error });
      if (failure !== 'unknown') throw error;
      const delayMs = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] as number;
      logger.warn({ attempt, reason: reasonOf(error) }, 'append outcome unknown');
      if (performance.now() + delayMs >= deadline) throw clients.unavailable(error);
      await sleep(delayMs);
    }
  }
}

/** The server's deadline frees the call; ours, a little later, frees the caller should that fail. */
const appendOnce = (
  clients: Clients,
  timeoutMs: number,
  request: Parameters<typeof sendAppend>[3],
): Promise<AppendResult> =>
  clients.call(timeoutMs + 100, (client) => sendAppend(client, clients.metadata, timeoutMs, request));

/** Nothing to write: the client would report revision 0 for a stream that does not exist. */
async function onlyCheck(
  clients: Clients,
  limits: AppendLimits,
  stream: string,
  expected: ExpectedRevision,
): Promise<AppendResult> {
  const [last] = await readStream(clients, limits.budgetMs, stream, { direction: 'backwards', limit: 1 });
  const actual = last?.revision ?? -1n;
  const holds = expected === 'any' || actual === (expected === 'none' ? -1n : expected);
  if (!holds) throw new VersionConflict(stream, expected, actual);
  return { revision: actual, position: START };
}
