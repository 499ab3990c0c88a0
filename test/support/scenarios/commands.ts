/** Commands and reception on a real store, with a clock the test moves. */
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { createCommands } from '../../../src/commands/commands.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { createReceive } from '../../../src/commands/inbound/receive.ts';
import type { InboundMessage } from '../../../src/domain/inbound/inbound.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import type { EventStore } from '../../../src/ports.ts';

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
  const receive = createReceive({
    handler: commands.handler,
    clock,
    ids: uuids,
    blindIndex,
    timezone: 'Asia/Jakarta',
  });
  return { commands, receive, time, conflicts };
}

export const contextOf = (caller: Caller, key?: string): CommandContext => ({
  caller,
  requestId: uuids.next(),
  correlationId: uuids.next(),
  key,
});

/** Whom and which line an inbound item is about. */
export const from = (over: Partial<InboundMessage> = {}) => ({
  division: 'sari' as const,
  channel: 'whatsapp' as const,
  userId: 'wa_6281234567890',
  businessScopedId: null,
  phone: '+6281234567890',
  userName: 'Budi Santoso',
  botId: 'sari',
  waPhoneId: 'PHONE_ID_001',
  waDisplayName: 'Saga Kargo',
  sentAt: '2026-07-03T03:30:00.000Z',
  isOfficeHours: null,
  ...over,
});

export const message = (id: string, over: Partial<InboundMessage> = {}): InboundMessage => ({
  ...from(),
  kind: 'message',
  channelMessageId: id,
  contentKind: 'text',
  content: `text of ${id}`,
  attachments: [],
  replyTo: null,
  ...over,
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
