/** The way to one reader: writes until the reader is too slow, then cuts them off instead of keeping more for them. */
import type { HttpResponse } from '../request.ts';

export interface Outlet {
  /** @returns false when the reader does not keep up: wait for `drained` before more */
  write(chunk: Buffer): boolean;
  /** Resolves when what was written is gone, or the reader is. */
  drained(): Promise<void>;
  /** Cuts off who has not taken anything for too long. */
  inspect(): void;
  /** Says goodbye, as a server does that wants the client to come again. */
  end(): void;
  cut(): void;
  readonly closed: () => boolean;
}

export interface OutletLimits {
  /** Bytes that may wait for one reader. */
  readonly bytes: number;
  /** How long they may wait. */
  readonly milliseconds: number;
}

export function createOutlet(res: HttpResponse, limits: OutletLimits, onCut: () => void): Outlet {
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

  const cut = (): void => {
    if (closed) return;
    onCut();
    res.destroy();
  };

  return {
    closed: () => closed,
    write(chunk) {
      if (closed) return false;
      if (res.writableLength + chunk.length > limits.bytes) {
        cut();
        return false;
      }
      const taken = res.write(chunk);
      if (!taken) stuckSince ??= performance.now();
      return taken;
    },
    drained: () =>
      closed || !res.writableNeedDrain ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve)),
    inspect() {
      if (stuckSince !== null && performance.now() - stuckSince > limits.milliseconds) cut();
    },
    end() {
      if (!closed) res.end();
    },
    cut,
  };
}
