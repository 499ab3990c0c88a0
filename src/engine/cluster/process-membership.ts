/**
 * Which other processes answer requests, and that they have heard: what must hold in all of them from the next
 * request on is told before the request that changed it is answered (docs/design/api.md#changes-hold-at-once,
 * docs/design/architecture.md#news-between-processes).
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PubSub } from '../../ports.ts';

const TOPIC = 'peers';

export interface ProcessMembership {
  /**
   * Publishes. Resolves when every other process has taken the message in, or after `patienceMs`: a peer that is
   * silent is then counted out until it is heard of again. At once where there is no other process.
   */
  tell(topic: string, message: unknown, patienceMs: number): Promise<void>;
  /** No other process is known of. */
  alone(): boolean;
  /** One fell silent without a goodbye: it may still answer requests, and no message reaches it. */
  missing(): boolean;
  /** Says goodbye. */
  close(): void;
}

const word = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['here', 'gone']), from: z.string() }),
  z.object({ kind: z.literal('told'), from: z.string(), id: z.number() }),
  z.object({ kind: z.literal('heard'), from: z.string(), to: z.string(), id: z.number() }),
]);

/** How often a process says that it is there, and how long the others believe it without a word. */
const BEAT_MS = 500;
const FIRST_BEAT_MS = 10;
const BELIEVED_MS = 5_000;
/** A process that has not answered for so long is not waited for again. */
const SILENT_MS = 1_500;
/** Who has been silent for so long was killed: messages find their way again within an hour. */
const MISSED_MS = 3_600_000;

/** One per process with an API. Messages of one process arrive in the order in which it published them. */
export function createProcessMembership(pubSub: PubSub): ProcessMembership {
  const self = randomUUID();
  const lastHeard = new Map<string, number>();
  /** Who was counted out, and when. */
  const missed = new Map<string, number>();
  const waiting = new Map<number, { readonly missing: Set<string>; readonly done: () => void }>();
  let last = 0;

  const say = (what: object): void => {
    pubSub.publish(TOPIC, { from: self, ...what });
  };
  const isSilent = (peer: string, milliseconds: number): boolean =>
    performance.now() - (lastHeard.get(peer) ?? 0) > milliseconds;
  const countOut = (peers: Iterable<string>, milliseconds: number): void => {
    for (const peer of peers) {
      if (!lastHeard.has(peer) || !isSilent(peer, milliseconds)) continue;
      lastHeard.delete(peer);
      missed.set(peer, performance.now());
    }
  };
  const settle = (peer: string, id?: number): void => {
    for (const [each, { missing, done }] of waiting) {
      if (id !== undefined && each !== id) continue;
      missing.delete(peer);
      if (missing.size === 0) done();
    }
  };

  const unsubscribe = pubSub.subscribe(TOPIC, (message) => {
    const { data } = word.safeParse(message);
    if (!data || data.from === self) return;
    missed.delete(data.from);
    if (data.kind === 'gone') {
      lastHeard.delete(data.from);
      settle(data.from);
      return;
    }
    const isNew = !lastHeard.has(data.from);
    lastHeard.set(data.from, performance.now());
    if (isNew) say({ kind: 'here' });
    // Its messages came before this one and are handled.
    if (data.kind === 'told') say({ kind: 'heard', to: data.from, id: data.id });
    if (data.kind === 'heard' && data.to === self) settle(data.from, data.id);
  });

  // The first ones in quick succession: the way to the others may not be open yet.
  let pause = FIRST_BEAT_MS;
  let beat: NodeJS.Timeout | undefined;
  const introduce = (): void => {
    say({ kind: 'here' });
    countOut(lastHeard.keys(), BELIEVED_MS);
    for (const [peer, at] of missed) if (performance.now() - at > MISSED_MS) missed.delete(peer);
    beat = setTimeout(introduce, pause).unref();
    pause = Math.min(pause * 2, BEAT_MS);
  };
  introduce();

  return {
    async tell(topic, message, patienceMs) {
      pubSub.publish(topic, message);
      if (lastHeard.size === 0) return;
      const id = (last += 1);
      const missing = new Set(lastHeard.keys());
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(() => {
          countOut(missing, SILENT_MS);
          done();
        }, patienceMs);
        waiting.set(id, { missing, done });
        say({ kind: 'told', id });
      });
    },
    alone: () => lastHeard.size === 0,
    missing: () => missed.size > 0,
    close() {
      clearTimeout(beat);
      unsubscribe();
      say({ kind: 'gone' });
    },
  };
}
