import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { AppendResult, Logger } from '../../ports.ts';
import { InvalidEvent, StoreUnavailable, VersionConflict } from '../../ports.ts';
import type { GroupCommit } from './group-commit.ts';
import { groupCommit } from './group-commit.ts';
import type { Append, AppendOutcome } from './append.ts';
import { appendMany, appendOne, compatibleGroups } from './append.ts';
import type { Connection } from './connection.ts';
import { failureOf, reasonOf } from './append-errors.ts';
import { findRepeats } from './repeats.ts';
import { streamRevision } from './stream-reads.ts';

const MAX_BATCH = 128;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const PAUSES_MS = [20, 100, 300, 1_000];

/**
 * The only writer of this process: appends of all callers go through one connection, as many as are waiting
 * in one transaction. The lock that keeps the commit order is then taken once per batch and costs nothing
 * (docs/design/performance.md#group-commit).
 *
 * @param onWritten runs after each batch that wrote something
 * @param budgetMs how long a batch may be tried again before its callers get StoreUnavailable
 */
export function createWriter(options: {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly budgetMs: number;
  readonly onWritten: () => void;
}): GroupCommit<Append, AppendResult> {
  const { connection, logger } = options;

  async function flush(appends: readonly Append[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    for (const group of compatibleGroups(appends)) {
      const answers = await tryAgain(group.map((index) => appends[index] as Append));
      group.forEach((index, at) => {
        outcomes[index] = answers[at] as AppendOutcome;
      });
    }
    if (outcomes.some((outcome) => !(outcome instanceof Error))) options.onWritten();
    return outcomes;
  }

  /** After an unknown outcome the same appends are sent again: what was committed is then found as a repeat. */
  async function tryAgain(appends: readonly Append[]): Promise<AppendOutcome[]> {
    const deadline = performance.now() + options.budgetMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await writeOnce(appends);
      } catch (error) {
        const delayMs = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] as number;
        if (failureOf(error) !== 'unknown') throw error;
        logger.warn({ attempt, appends: appends.length, reason: reasonOf(error) }, 'append outcome unknown');
        if (performance.now() + delayMs > deadline) throw new StoreUnavailable('events', { cause: error });
        await sleep(delayMs);
      }
    }
  }

  async function writeOnce(appends: readonly Append[]): Promise<AppendOutcome[]> {
    return connection.run(async (client) => {
      try {
        const [only] = appends;
        const outcomes =
          only && appends.length === 1 ? [await appendOne(client, only)] : await appendMany(client, appends);
        return await recogniseRepeats(client, appends, outcomes);
      } catch (error) {
        if (failureOf(error) === 'unknown') {
          // The reply may still come: on this connection it would be taken for the reply to the next statement.
          connection.drop(client);
          throw error;
        }
        const [only] = appends;
        return only && appends.length === 1
          ? [await refused(client, only, error)]
          : await oneByOne(client, appends);
      }
    });
  }

  async function recogniseRepeats(
    client: pg.Client,
    appends: readonly Append[],
    outcomes: AppendOutcome[],
  ): Promise<AppendOutcome[]> {
    const suspects = appends.filter((append, index) => {
      const outcome = outcomes[index];
      return outcome instanceof VersionConflict && append.events.length > 0;
    });
    if (suspects.length === 0) return outcomes;
    const repeats = await findRepeats(client, suspects, 'conflict');
    const resultOf = new Map(suspects.map((append, index) => [append, repeats[index]]));
    return outcomes.map((outcome, index) => resultOf.get(appends[index] as Append) ?? outcome);
  }

  /** One bad append fails the whole transaction: find it, and let the others through. */
  async function oneByOne(client: pg.Client, appends: readonly Append[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    for (const append of appends) {
      try {
        outcomes.push(...(await recogniseRepeats(client, [append], [await appendOne(client, append)])));
      } catch (error) {
        if (failureOf(error) === 'unknown') throw error;
        outcomes.push(await refused(client, append, error));
      }
    }
    return outcomes;
  }

  async function refused(client: pg.Client, append: Append, error: unknown): Promise<AppendOutcome> {
    const failure = failureOf(error);
    if (failure === 'invalid') return new InvalidEvent(`${append.stream}: ${reasonOf(error)}`);
    if (failure !== 'duplicate') throw error;
    const [first] = await findRepeats(client, [append], 'duplicate');
    if (first) return first;
    // Some ids are known and some are not: no repetition of anything (EventStoreDB: CorruptedIdempotency).
    return new VersionConflict(append.stream, append.expected, await streamRevision(client, append.stream));
  }

  return groupCommit<Append, AppendResult>({
    flush,
    maxBatch: MAX_BATCH,
    weight: { of: (append) => append.bytes, max: MAX_BATCH_BYTES },
    patience: { milliseconds: options.budgetMs, error: () => new StoreUnavailable('events') },
  });
}
