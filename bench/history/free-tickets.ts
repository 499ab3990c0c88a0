/** FREE tickets with the short history that a bot leaves behind, each in a stream of its own. */
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { type DomainEvent, encode } from '../../src/domain/codec.ts';
import { conversationStream } from '../../src/domain/conversation/conversation.ts';
import { ticketStream } from '../../src/domain/tickets/ticket.ts';
import type { EventStore, NewEvent } from '../../src/ports.ts';

const AT_ONCE = 1_000;

const bot = (): Parameters<typeof encode>[2] => {
  const id = uuids.next();
  return {
    actor: { kind: 'bot' },
    correlationId: id,
    causationId: id,
    requestId: id,
    at: systemClock.now().toISOString(),
  };
};

const stored = (events: readonly DomainEvent[]): NewEvent[] =>
  events.map((event) => encode(event, uuids.next(), bot()));

function history(ticketId: string): NewEvent[] {
  const about = { ticketId, division: 'sari' } as const;
  return stored([
    {
      type: 'TicketOpened',
      data: {
        ...about,
        customerId: uuids.next(),
        customerKey: `sari_${ticketId}`,
        channel: 'whatsapp',
        botId: 'sari',
        waPhoneId: 'PHONE_ID_001',
        waDisplayName: 'Saga Kargo',
        customerName: 'Budi Santoso',
        customerPhone: '+6280001110001',
        isReturningCustomer: false,
        previousAgentId: null,
        isOffHours: false,
      },
    },
    {
      type: 'LeadDetected',
      data: { ...about, fields: { asal: 'Jakarta', tujuan: 'Batam', berat: '250 kg' }, confidence: 0.9 },
    },
    { type: 'TicketTagged', data: { ...about, tag: 'b2b' } },
    { type: 'TicketTagged', data: { ...about, tag: 'kargo' } },
  ]);
}

/** @returns the ids of `count` new tickets */
export async function openTickets(store: EventStore, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () => uuids.next());
    await Promise.all(some.map((id) => store.append(ticketStream(id), history(id), { expected: 'none' })));
    ids.push(...some);
  }
  return ids;
}

/** Makes the talk of each ticket so many messages longer. */
export async function talk(store: EventStore, tickets: readonly string[], messages: number): Promise<void> {
  for (const ticketId of tickets) {
    for (let written = 0; written < messages; written += AT_ONCE / 4) {
      const some = Array.from({ length: Math.min(AT_ONCE / 4, messages - written) }, (): DomainEvent => {
        const said = { ticketId, division: 'sari', messageId: uuids.next() } as const;
        const content = 'Halo, berapa ongkos kirim dari Batam ke Jakarta untuk minggu depan?';
        const sentAt = systemClock.now().toISOString();
        return {
          type: 'BotReplied',
          data: { ...said, channelMessageId: uuids.next(), content, confidence: 1, sentAt },
        };
      });
      await store.append(conversationStream(ticketId), stored(some), { expected: 'any' });
    }
  }
}
