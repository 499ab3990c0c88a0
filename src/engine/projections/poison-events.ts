/** Finding the one event that a view cannot take in. */
import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '../../ports.ts';

/** Codes of Postgres for what passes when tried again: serialization failure, deadlock. */
const PASSING_CODES = new Set(['40001', '40P01']);

/** May this failure pass by itself? Then trying again is right, and no event is to blame. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && PASSING_CODES.has(code);
}

/** 42: a table or column is missing, or a right. Every event would fail in the same way, so none is to blame. */
export const isOfTheMachine = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('42');

export interface PoisonFinding {
  readonly eventId: string;
  /** Kind of failure and place; never what the event holds. */
  readonly because: string;
  readonly error: unknown;
}

const TRIES = 3;
const PAUSE_MS = 50;

/**
 * Feeds events one by one until one fails, and that one three times.
 * @returns the event, or undefined when all of them succeed this time
 * @throws what may pass by itself, and CheckpointTaken
 */
export async function findPoisonEvent<Event extends { readonly id: string }>(
  events: readonly Event[],
  feed: (event: Event, isLast: boolean) => Promise<void>,
): Promise<PoisonFinding | undefined> {
  for (const [index, event] of events.entries()) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await feed(event, index === events.length - 1);
        break;
      } catch (error) {
        if (isTransient(error) || (error instanceof Error && error.name === 'CheckpointTaken')) throw error;
        if (attempt >= TRIES) return { eventId: event.id, because: describe(error), error };
        await delay(PAUSE_MS);
      }
    }
  }
  return undefined;
}

/** Messages of Postgres and of programs may quote values: only the error's name, its code and the object's name are used. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const { code, constraint, table, column } = error as Error &
    Record<'code' | 'constraint' | 'table' | 'column', unknown>;
  const places = [code, table, column, constraint].filter((part) => typeof part === 'string');
  return [error.name, ...places].join(' ');
}
