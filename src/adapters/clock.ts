import { v5, v7 } from 'uuid';
import type { Clock, Ids } from '../ports.ts';

export const systemClock: Clock = { now: () => new Date() };

/** Stored for ever: ids made from words would all change with it. */
const NAMESPACE = '5f0c3e0a-2f1d-5c7a-9e64-0c8f6f2b7a11';

export const uuids: Ids = {
  next: () => v7(),
  // As JSON, so that ('ab', 'c') and ('a', 'bc') differ.
  from: (...words) => v5(JSON.stringify(words), NAMESPACE),
  fromAt: (at, ...words) => {
    const random = new Uint8Array(16);
    v5(JSON.stringify(words), NAMESPACE, random);
    return v7({ msecs: at.getTime(), random, seq: new DataView(random.buffer).getUint32(12) >>> 1 });
  },
};
