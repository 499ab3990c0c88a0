/** What a transport of messages between processes offers. */

/** The way to the other processes. Both directions are best effort. */
export interface Transport {
  /** Largest frame in bytes. */
  readonly limit: number;
  /** Resolves when the frames are on their way or lost; never rejects. */
  send(frames: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export type Connect = (onFrame: (frame: string) => void) => Transport;
