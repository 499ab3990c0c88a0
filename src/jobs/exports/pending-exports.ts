/** Exports that have to be made, and files that have to go some day, as the events tell it. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import type { ExportWish } from '../../domain/exports/export.ts';
import type { Position } from '../../ports.ts';

interface Owed {
  readonly wish: ExportWish;
  /** A place before it in the store. */
  readonly before: Position;
  made: boolean;
}

export interface PendingExports {
  see(event: Recorded): void;
  seenTo(position: Position): void;
  settle(exportId: string): void;
  made(exportId: string): void;
  /** The one that waits longest, not counting `except`; undefined: nothing to do. */
  next(except: ReadonlySet<string>): ExportWish | undefined;
  /** Those whose time is over. */
  over(now: Date): readonly string[];
  /** Nothing at or before it needs to be read again. */
  checkpoint(): Position;
}

export function createPendingExports(start: Position): PendingExports {
  /** In commit order. */
  const owed = new Map<string, Owed>();
  let seen = start;
  return {
    see: (event) => {
      const before = seen;
      seen = event.position;
      if (event.type === 'ExportRequested')
        owed.set(event.data.exportId, { wish: event.data, before, made: false });
      else if (event.type === 'ExportCompleted') {
        const one = owed.get(event.data.exportId);
        if (one) one.made = true;
      } else if (event.type === 'ExportFailed' || event.type === 'ExportExpired')
        owed.delete(event.data.exportId);
    },
    seenTo: (position) => {
      if (position > seen) seen = position;
    },
    settle: (exportId) => {
      owed.delete(exportId);
    },
    made: (exportId) => {
      const one = owed.get(exportId);
      if (one) one.made = true;
    },
    next: (except) => [...owed.values()].find(({ made, wish }) => !made && !except.has(wish.exportId))?.wish,
    over: (now) =>
      [...owed.values()]
        .filter(({ wish }) => Date.parse(wish.expiresAt) <= now.getTime())
        .map(({ wish }) => wish.exportId),
    checkpoint: () => {
      const oldest = owed.values().next();
      return oldest.done === true ? seen : oldest.value.before;
    },
  };
}
