import type { Position } from './event-store.ts';

/** How far a job that follows the store has come. Not a view's: a rebuild must never repeat what a job did. */
export interface JobCheckpoints {
  /** Null: the job never ran. @throws StoreUnavailable */
  read(job: string): Promise<{
    readonly storeId: string;
    readonly position: Position;
    /** The store was restored there: what is open at or before it must not leave any more. */
    readonly settledTo?: Position | null;
    /** How far it had looked; `position` stays behind what it still owes. */
    readonly seenTo?: Position | null;
    /** How far any view of the same store has come: looked at in passing, a store that lost its end shows here first. */
    readonly viewsTo?: Position | null;
  } | null>;
  /**
   * Compare-and-set; `from` null: begin.
   * @throws JobCheckpointTaken somebody else moved it
   * @throws StoreUnavailable
   */
  move(job: string, storeId: string, from: Position | null, to: Position, seenTo?: Position): Promise<void>;
}

export class JobCheckpointTaken extends Error {
  override readonly name = 'JobCheckpointTaken';
}
