/** Exports to build, and files to remove when their time is over, as the events show. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import type { ExportWish } from '../../domain/exports/export.ts';
import type { Position } from '../../ports.ts';

interface PendingExport {
  readonly wish: ExportWish;
  /** A position before its request. */
  readonly before: Position;
  isBuilt: boolean;
}

export interface PendingExports {
  /** @param before a position before the event */
  see(event: Recorded, before: Position): void;
  /** Nothing is left to do for it. */
  settle(exportId: string): void;
  /** Its file is there, and is kept until its time is over. */
  built(exportId: string): void;
  /**
   * The one to build: people take turns, and of one person the export that has waited longest, not counting `except`
   * (docs/design/reliability.md#fair-exports). Undefined: there is none.
   */
  next(except: ReadonlySet<string>): ExportWish | undefined;
  /** Ids of those whose time is over. */
  expired(now: Date): readonly string[];
  /** `before` of the oldest one; undefined: there is none. */
  oldest(): Position | undefined;
}

export function createPendingExports(): PendingExports {
  /** In commit order. */
  const pending = new Map<string, PendingExport>();
  /** Of each person who ever asked; there are as many as there is staff. */
  const lastTurn = new Map<string, number>();
  let turns = 0;
  const built = (exportId: string): void => {
    const known = pending.get(exportId);
    if (known) known.isBuilt = true;
  };
  return {
    see: (event, before) => {
      if (event.type === 'ExportRequested')
        pending.set(event.data.exportId, { wish: event.data, before, isBuilt: false });
      else if (event.type === 'ExportCompleted') built(event.data.exportId);
      else if (event.type === 'ExportFailed' || event.type === 'ExportExpired')
        pending.delete(event.data.exportId);
    },
    settle: (exportId) => {
      pending.delete(exportId);
    },
    built,
    next: (except) => {
      const waiting = [...pending.values()].filter(
        ({ isBuilt, wish }) => !isBuilt && !except.has(wish.exportId),
      );
      const turnOf = (one: PendingExport): number => lastTurn.get(one.wish.requestedBy) ?? 0;
      const first = Math.min(...waiting.map(turnOf));
      const chosen = waiting.find((one) => turnOf(one) === first)?.wish;
      if (chosen) lastTurn.set(chosen.requestedBy, (turns += 1));
      return chosen;
    },
    expired: (now) =>
      [...pending.values()]
        .filter(({ wish }) => Date.parse(wish.expiresAt) <= now.getTime())
        .map(({ wish }) => wish.exportId),
    oldest: () => pending.values().next().value?.before,
  };
}
