import { randomFillSync } from 'node:crypto';
import { v5, v7 } from 'uuid';
import type { Clock, Ids } from '../ports.ts';

export const systemClock: Clock = { now: () => new Date() };

/** Never change it: every id that is derived from texts would change. */
const NAMESPACE = '5f0c3e0a-2f1d-5c7a-9e64-0c8f6f2b7a11';

/** Random bytes for many ids at once: one system call per id took a fifth of the time of an append. */
const pool = new Uint8Array(16 * 256);
let used = pool.length;

function chance(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

/** The 31 bits of `bytes` from `at` on. */
const numberIn = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) >>> 1;

/** Ids of one millisecond count up, also when the clock is set back (RFC 9562, 6.2 method 1). */
let last = { msecs: 0, seq: 0 };

function nextV7(): string {
  const random = chance();
  const now = Date.now();
  if (now > last.msecs) last = { msecs: now, seq: numberIn(random, 0) };
  else last = { msecs: last.msecs, seq: last.seq + 1 };
  return v7({ random, ...last });
}

export const uuids: Ids = {
  next: nextV7,
  // As JSON, so that ('ab', 'c') and ('a', 'bc') differ.
  from: (...words) => v5(JSON.stringify(words), NAMESPACE),
  fromAt: (at, ...words) => {
    const random = new Uint8Array(16);
    v5(JSON.stringify(words), NAMESPACE, random);
    return v7({ msecs: at.getTime(), random, seq: numberIn(random, 12) });
  },
};
