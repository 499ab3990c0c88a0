import type { Position } from './event-store.ts';

/** The checkpoint of a job that follows the store. Apart from those of views: a rebuild must not repeat a job's work. */
export interface JobCheckpoints {
  /** Null: the job never ran. @throws StoreUnavailable */
  read(job: string): Promise<{
    readonly storeId: string;
    readonly position: Position;
    /** The store was restored at this position: open work at or before it must not be done any more. */
    readonly settledTo?: Position | null;
    /** How far it has read; `position` stays before its oldest open work. */
    readonly seenTo?: Position | null;
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
