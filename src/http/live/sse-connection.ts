/** The connection to one reader, who may be slow: says when enough waits for them, and disconnects who takes nothing. */
import type { HttpResponse } from '../framework/request.ts';

export interface SseConnection {
  write(chunk: Buffer): void;
  /** Something waits for the reader already. */
  readonly behind: () => boolean;
  /** Resolves when what was written is gone, or the reader is. */
  drained(): Promise<void>;
  /** Disconnects who has not taken anything for too long. */
  inspect(): void;
  /** Says goodbye, as a server does that wants the client to come again. */
  end(): void;
  /** Ends the connection at once, without a last word. */
  disconnect(): void;
  readonly closed: () => boolean;
}

export interface SseConnectionLimits {
  /** Most bytes to write at once. */
  readonly bytes: number;
  /** How long they may wait for the reader to take them. */
  readonly milliseconds: number;
}

/** @param onDisconnect called when the reader was disconnected, not when they left */
export function createSseConnection(
  res: HttpResponse,
  limits: Pick<SseConnectionLimits, 'milliseconds'>,
  onDisconnect: () => void,
): SseConnection {
  let stuckSince: number | null = null;
  let closed = false;
  const waiting = new Set<() => void>();
  const release = (): void => {
    stuckSince = null;
    for (const go of waiting) go();
    waiting.clear();
  };
  res.on('drain', release);
  res.on('close', () => {
    closed = true;
    release();
  });

  const disconnect = (): void => {
    if (closed) return;
    onDisconnect();
    res.destroy();
  };

  return {
    closed: () => closed,
    write(chunk) {
      if (!closed && !res.write(chunk)) stuckSince ??= performance.now();
    },
    behind: () => res.writableNeedDrain,
    drained: () =>
      closed || !res.writableNeedDrain ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve)),
    inspect() {
      if (stuckSince !== null && performance.now() - stuckSince > limits.milliseconds) disconnect();
    },
    end() {
      if (!closed) res.end();
    },
    disconnect,
  };
}
