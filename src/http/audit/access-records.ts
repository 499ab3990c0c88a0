/**
 * Records that are on a disk before anybody is answered (docs/design/reliability.md#records-of-reads): in the event store, or, where
 * that does not take them in time, in a journal from which they go there later.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessEvent } from '../../domain/audit/access.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { EventContext } from '../../engine/commands/command-handler.ts';
import { type AccessJournal, type JournalEntry, type Logger, StoreUnavailable } from '../../ports.ts';

export interface AccessRecord extends JournalEntry {
  readonly event: AccessEvent;
  readonly context: EventContext;
}

export interface AccessRecords {
  /** Resolves when it is on a disk. @throws StoreUnavailable neither the store nor the journal took it */
  add(record: AccessRecord): Promise<void>;
  /** How many the event store does not have yet, of all processes. */
  waiting(): Promise<number>;
  /** One more try for everything that waits; what is left waits on the disk. */
  close(): Promise<void>;
}

/** How long the event store has before a record goes to the journal. */
const PATIENCE_MS = 250;
/** A store that takes so long is taken for away: less than the patience, so that only the first one waits. */
const SLOW_MS = 200;
const PAUSE_MS = 1_000;
/** What a process that died left behind is looked for so often. */
const IDLE_PAUSE_MS = 15_000;

const CONTENDED_TIMES = 40;
const CONTENDED_PAUSE_MS = 50;

const isContention = (error: unknown): boolean => error instanceof Refusal && error.code === 'BUSY';
const passes = (error: unknown): boolean => error instanceof StoreUnavailable || isContention(error);

/** @param store appends; a repeated record with `again` makes no second event */
export function createAccessRecords(deps: {
  readonly store: (record: AccessRecord, again: boolean) => Promise<void>;
  readonly journal: AccessJournal;
  readonly log: Logger;
}): AccessRecords {
  const { journal, log } = deps;
  /** When each was begun, oldest first. */
  const underWay = new Map<Promise<unknown>, number>();
  let away = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let due = Infinity;
  let draining: Promise<void> | undefined;

  function isAway(): boolean {
    const [oldest = Infinity] = underWay.values();
    return away || performance.now() - oldest > SLOW_MS;
  }

  /** @returns false: the store was away. @throws what else went wrong */
  function attempt(record: AccessRecord): Promise<boolean> {
    const done = deps.store(record, false).then(
      () => true,
      (error: unknown) => {
        if (!passes(error)) throw error;
        return false;
      },
    );
    underWay.set(done, performance.now());
    const forget = (): void => {
      underWay.delete(done);
    };
    done.then(forget, forget);
    return done;
  }

  async function add(record: AccessRecord): Promise<void> {
    if (isAway()) {
      await journal.put(record);
      plan(PAUSE_MS);
      return;
    }
    const impatience = new AbortController();
    const late = sleep(PATIENCE_MS, 'late' as const, { signal: impatience.signal }).catch(
      () => 'late' as const,
    );
    const written = attempt(record);
    let outcome: boolean | 'late';
    try {
      outcome = await Promise.race([written, late]);
    } finally {
      impatience.abort();
    }
    if (outcome === true) return;
    away = true;
    // If the append ends well all the same, the journal need not keep it. The drain makes no second event either way.
    await journal.put(record).finally(() => {
      written
        .then((stored) => (stored ? journal.remove(record.id) : undefined))
        .catch((err: unknown) => {
          log.warn({ err }, 'the record of an access stays in the journal for now');
        });
    });
    plan(PAUSE_MS);
  }

  function plan(pause: number): void {
    const at = performance.now() + pause;
    // Reads that go on must not put it off again and again.
    if (closed || at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      due = Infinity;
      void (draining ??= drain().finally(() => {
        draining = undefined;
      }));
    }, pause);
    timer.unref();
  }

  async function drain(): Promise<void> {
    let left = true;
    try {
      left = await drainAll();
    } catch (err) {
      log.warn({ err }, 'the journal of accesses could not be read');
    }
    plan(left ? PAUSE_MS : IDLE_PAUSE_MS);
  }

  /** @returns whether some are left, because the store does not take them */
  async function drainAll(): Promise<boolean> {
    for (let contended = 0; ;) {
      const { taken, failed } = await journal.drain((entry) => deps.store(entry as AccessRecord, true));
      for (const err of failed) if (!passes(err)) log.error({ err }, 'an access could not be recorded');
      away = failed.some((error) => error instanceof StoreUnavailable);
      // Another process writes for the same person: it is through in a moment.
      if (failed.length > 0 && failed.every(isContention) && (contended += 1) <= CONTENDED_TIMES) {
        await sleep(CONTENDED_PAUSE_MS);
        continue;
      }
      if (failed.length > 0) return true;
      if (taken === 0) return false;
    }
  }

  plan(0);
  return {
    add,
    waiting: () => journal.count(),
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.allSettled([...underWay.keys(), draining]);
      await drainAll().catch((err: unknown) => {
        log.warn({ err }, 'records of accesses stay in the journal until the next start');
      });
    },
  };
}
