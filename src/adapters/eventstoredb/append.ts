import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendExpectedRevision, EventData } from '@eventstore/db-client';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import type { AppendResult, ExpectedRevision, Logger, NewEvent } from '../../ports.ts';
import { withinPatience } from '../../engine/jobs/patience.ts';
import { EventTooLarge, START, StoreChanged, StreamDeleted, VersionConflict } from '../../ports.ts';
import { encodeAppend } from '../event-encoding.ts';
import { type Clients, inTime } from './clients.ts';
import { failureOf, reasonOf } from './grpc-errors.ts';
import { positionOf } from './position.ts';
import { readStream } from './reads.ts';

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
  encodeAppend(request.stream, request.events, request.expected);
  if (request.events.length === 0) return onlyCheck(clients, limits, request.stream, request.expected);
  const deadline = performance.now() + withinPatience(limits.budgetMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      // The connection may have broken, and who answers now may be another.
      if (attempt > 0) await inTime(Math.max(deadline - performance.now(), 1), limits.verify());
      const left = deadline - performance.now();
      return await appendOnce(clients, Math.min(limits.timeoutMs, Math.max(left, 1)), request);
    } catch (error) {
      if (error instanceof StoreChanged) throw error;
      if (error instanceof WrongExpectedVersionError) throw conflictOf(request, error);
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

async function appendOnce(
  clients: Clients,
  timeoutMs: number,
  request: {
    readonly stream: string;
    readonly events: readonly NewEvent[];
    readonly expected: ExpectedRevision;
  },
): Promise<AppendResult> {
  const expectedRevision: AppendExpectedRevision =
    request.expected === 'none' ? 'no_stream' : request.expected;
  // The client's deadline frees the call; ours, a little later, frees the caller should that fail.
  const result = await clients.call(timeoutMs + 100, (client) =>
    client.appendToStream(request.stream, request.events.map(eventData), {
      ...clients.callOptions,
      expectedRevision,
      deadline: timeoutMs,
    }),
  );
  if (!result.position) throw new Error(`append to ${request.stream}: the server gave no position`);
  return { revision: result.nextExpectedRevision, position: positionOf(result.position) };
}

/** `jsonEvent` of the client without its narrower idea of JSON: encodeAppend looked at the data. */
function eventData(event: NewEvent): EventData {
  return {
    id: event.id,
    contentType: 'application/json',
    type: event.type,
    data: event.data as Record<string, unknown>,
    metadata: { ...event.metadata },
  };
}

/** The actual version is a bigint or the word no_stream. */
function conflictOf(
  request: { readonly stream: string; readonly expected: ExpectedRevision },
  { actualVersion }: WrongExpectedVersionError,
): VersionConflict {
  return new VersionConflict(
    request.stream,
    request.expected,
    typeof actualVersion === 'bigint' ? actualVersion : -1n,
  );
}

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
