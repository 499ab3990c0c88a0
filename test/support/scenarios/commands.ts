/** Commands and reception on a real store, with a clock the test moves. */
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { createCommands } from '../../../src/commands/commands.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { createReceive } from '../../../src/commands/inbound/receive.ts';
import { createReceiveTogether } from '../../../src/commands/inbound/receive-together.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import type { EventStore } from '../../../src/ports.ts';

export { from, message } from './inbound.ts';

export function commandsOn(store: EventStore, options: { statesKept?: number } = {}) {
  const time = { now: new Date('2026-07-03T03:30:00Z') };
  const clock = { now: () => time.now };
  const conflicts: string[] = [];
  const blindIndex = createBlindIndex('a key for tests only, 32 characters');
  const commands = createCommands({
    store,
    clock,
    ids: uuids,
    blindIndex,
    passwords: { hash: (word) => Promise.resolve(`hash of ${word}`), verify: () => Promise.resolve(true) },
    observer: { appended: () => undefined, conflicted: (category) => conflicts.push(category) },
    ...options,
  });
  const receiving = {
    handler: commands.handler,
    clock,
    ids: uuids,
    blindIndex,
    timezone: 'Asia/Jakarta',
  };
  const receive = createReceive(receiving);
  const receiveTogether = createReceiveTogether(receiving);
  return { commands, receive, receiveTogether, time, conflicts };
}

export const contextOf = (caller: Caller, key?: string): CommandContext => ({
  caller,
  requestId: uuids.next(),
  correlationId: uuids.next(),
  key,
});

/** Every event of every stream of one category, as stored, in order. */
export async function eventsOf(
  store: EventStore,
  prefix: string,
): Promise<{ stream: string; type: string }[]> {
  const stop = new AbortController();
  const found: { stream: string; type: string }[] = [];
  const filter = { streamPrefixes: [prefix] };
  for await (const batch of store.subscribe({ after: '', filter, signal: stop.signal })) {
    found.push(...batch.events.map(({ stream, type }) => ({ stream, type })));
    if (batch.caughtUp) stop.abort();
  }
  return found;
}
