import { expect } from 'chai';
import { createKeyRing, type KeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { createEncryptedEventStore } from '../../../src/adapters/personal-data/encrypted-event-store.ts';
import { decode, type DomainEvent, encode } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { customerStream } from '../../../src/domain/customers/customer.ts';
import { deliveryStream } from '../../../src/domain/outbound/delivery.ts';
import { internalStream } from '../../../src/domain/conversation/internal-notes.ts';
import { mediaStream } from '../../../src/domain/media/media.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import type { EventStore } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { agentOf, type Desk, openDesk, opening, uuid } from '../desk.ts';

const AGENT = uuid(7);
const at = (minute: number): string => `2026-07-03T10:${String(minute).padStart(2, '0')}:00.000Z`;

/** Everything a customer may leave behind, as events. `n` tells customers apart. */
function lifeOf(
  n: number,
  name: string,
): { customerId: string; ticketId: string; events: [string, DomainEvent][] } {
  const customerId = uuid(n * 1000);
  const ticketId = uuid(n * 1000 + 1);
  const phone = `62812000${String(n).padStart(4, '0')}`;
  const about = { ticketId, division: 'sari' as const };
  const message = (k: number) => ({ ...about, messageId: uuid(n * 1000 + 10 + k), sentAt: at(k) });
  const words = (what: string): string => `${what} dari ${name}`;
  const talk = conversationStream(ticketId);
  const events: [string, DomainEvent][] = [
    [
      customerStream(`sari_${String(n)}`),
      {
        type: 'CustomerRegistered',
        data: {
          customerId,
          customerKey: `sari_${String(n)}`,
          division: 'sari',
          channel: 'whatsapp',
          channelUserId: `wa_${phone}`,
          phone,
          name,
        },
      },
    ],
    opening(ticketId, 'sari', {
      customerId,
      customerKey: `sari_${String(n)}`,
      customerName: name,
      customerPhone: phone,
    }),
    [
      talk,
      {
        type: 'MessageReceived',
        data: {
          ...message(1),
          content: words('halo'),
          channel: 'whatsapp',
          channelMessageId: `h${String(n)}`,
          kind: 'image',
          senderName: name,
          attachments: [
            { kind: 'image', mediaId: `m-${name}`, mimeType: 'image/png', fileName: `${name}.png` },
            { kind: 'contact', mediaId: null, mimeType: `x/${name}`, fileName: name },
          ],
          replyTo: null,
        },
      },
    ],
    [
      mediaStream(message(1).messageId),
      {
        type: 'AttachmentStored',
        data: {
          ...about,
          messageId: message(1).messageId,
          index: 0,
          mimeType: 'image/jpeg',
          size: 9,
          sha256: 'x',
        },
      },
    ],
    [
      talk,
      {
        type: 'BotReplied',
        data: { ...message(2), content: words('bot'), channelMessageId: `b${String(n)}`, confidence: 0.5 },
      },
    ],
    [
      talk,
      {
        type: 'DeliveryReported',
        data: {
          ...about,
          channelMessageId: `b${String(n)}`,
          status: 'failed',
          error: `131026 ${words('gagal')}`,
          reportedAt: at(2),
        },
      },
    ],
    [ticketStream(ticketId), { type: 'HandoffRequested', data: { ...about, reason: words('minta orang') } }],
    [
      ticketStream(ticketId),
      { type: 'LeadDetected', data: { ...about, fields: { catatan: words('lead') }, confidence: 0.5 } },
    ],
    [
      ticketStream(ticketId),
      {
        type: 'CrmUpdated',
        data: {
          ...about,
          // As programs before 0.3.0 wrote it: a city in clear.
          changes: [{ field: 'origin_city', from: null, to: `Kota ${name}` }],
          words: [{ field: 'competitor_mentioned', from: null, to: words('pesaing') }],
          source: 'agent',
          confidence: null,
          at: at(3),
        },
      },
    ],
    [
      ticketStream(ticketId),
      {
        type: 'CrmUpdated',
        data: {
          ...about,
          changes: [{ field: 'deal_value', from: null, to: 5 }],
          words: [{ field: 'destination_city', from: null, to: `Desa ${name}` }],
          source: 'agent',
          confidence: null,
          at: at(3),
        },
      },
    ],
    [
      ticketStream(ticketId),
      {
        type: 'TicketAssigned',
        data: { ...about, agentId: AGENT, agentDivision: 'sari', from: 'bot', note: words('catatan') },
      },
    ],
    [ticketStream(ticketId), { type: 'TicketTagged', data: { ...about, tag: words('tetangga') } }],
    [ticketStream(ticketId), { type: 'TicketTagged', data: { ...about, tag: words('keponakan') } }],
    [ticketStream(ticketId), { type: 'TicketUntagged', data: { ...about, tag: words('tetangga') } }],
    [
      talk,
      {
        type: 'AgentReplied',
        data: {
          ...message(4),
          content: words('balas'),
          agentId: AGENT,
          template: { name: 'halo', language: 'id', parameters: [{ name: 'name', text: name }] },
        },
      },
    ],
    [
      deliveryStream(message(4).messageId),
      {
        type: 'DeliveryFailed',
        data: { ...about, messageId: message(4).messageId, code: '131047', reason: words('re-engagement') },
      },
    ],
    [
      talk,
      {
        type: 'TeamReplied',
        data: {
          ...message(5),
          content: words('tim'),
          senderId: AGENT,
          displayName: 'Tim Saga',
          notifiedAgentId: null,
        },
      },
    ],
    [
      talk,
      {
        type: 'MessageReceived',
        data: {
          ...message(6),
          content: '  ',
          channel: 'whatsapp',
          channelMessageId: `e${String(n)}`,
          kind: 'text',
          senderName: null,
          attachments: [],
          replyTo: null,
        },
      },
    ],
    [
      internalStream(ticketId),
      {
        type: 'InternalNotePosted',
        data: {
          ...about,
          noteId: uuid(n * 1000 + 99),
          senderId: AGENT,
          content: words('internal'),
          taggedAgentId: null,
        },
      },
    ],
    [
      ticketStream(ticketId),
      {
        type: 'TicketReassigned',
        data: { ...about, fromAgent: AGENT, toAgent: uuid(8), toDivision: 'sari', reason: words('pindah') },
      },
    ],
    [
      ticketStream(ticketId),
      { type: 'TicketClosed', data: { ...about, outcome: 'closed', reason: words('tutup') } },
    ],
    [
      ticketStream(ticketId),
      { type: 'TicketReopened', data: { ...about, agentId: AGENT, reason: words('buka') } },
    ],
    [
      talk,
      {
        type: 'MessageReceived',
        data: {
          ...message(7),
          content: words('terakhir'),
          channel: 'whatsapp',
          channelMessageId: `l${String(n)}`,
          kind: 'text',
          senderName: name,
          attachments: [],
          replyTo: null,
        },
      },
    ],
    [ticketStream(ticketId), { type: 'TicketClosed', data: { ...about, outcome: 'closed', reason: null } }],
  ];
  return { customerId, ticketId, events };
}

describe('an erasure in the read tables', () => {
  let desk: Desk;
  let keys: KeyRing;
  let store: EventStore;

  const budi = lifeOf(1, 'Budi Rahasia');
  const ani = lifeOf(2, 'Ani Rahasiawati');

  async function append([stream, event]: readonly [string, DomainEvent], n: number): Promise<void> {
    const metadata = {
      actor: agentOf(AGENT),
      correlationId: 'c',
      causationId: 'c',
      requestId: 'r',
      at: at(n % 60),
    };
    await store.append(stream, [encode(event, crypto.randomUUID(), metadata)], { expected: 'any' });
  }

  async function shown(): Promise<Record<string, string[]>> {
    const tables = await desk.rows<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
where s.nspname = 'read' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    );
    const all: Record<string, string[]> = {};
    for (const { name } of tables) {
      const rows = await desk.rows<{ row: string }>(`select t::text as row from read."${name}" t order by 1`);
      // A counter at 0 says nothing.
      const counts = name === 'ticket_counts' || name === 'term_counts';
      all[name] = rows.map(({ row }) => row).filter((row) => !counts || !row.endsWith(',0)'));
    }
    return all;
  }

  const caughtUp = async (): Promise<void> => {
    const head = await store.head();
    await eventually(
      'the views',
      async () => {
        const views = await desk.rows<{ position: string; state: string }>(
          'select position, state from ops.projections',
        );
        expect(views.filter(({ state }) => state !== 'running')).to.deep.equal([]);
        return views.length > 0 && views.every(({ position }) => position >= head);
      },
      30_000,
    );
  };

  const erased = (of: typeof budi): DomainEvent => ({
    type: 'CustomerErased',
    data: {
      customerId: of.customerId,
      customerKey: 'sari_1',
      division: 'sari',
      ticketIds: [of.ticketId],
      orderingKey: 'k',
      reason: null,
    },
  });

  async function run(work: () => Promise<void>): Promise<Record<string, string[]>> {
    const runner = desk.runnerWith({
      store: createEncryptedEventStore(
        desk.store,
        createKeyRing(desk.postgres.writes, 'a master key for tests only, 32 characters'),
      ),
      decode,
    });
    runner.start();
    await work();
    await caughtUp();
    await runner.stop();
    return shown();
  }

  async function forgetTables(): Promise<void> {
    const [row] = await desk.rows<{ names: string }>(
      `select string_agg(format('read.%I', c.relname), ', ') as names from pg_class c join pg_namespace s on s.oid = c.relnamespace
where s.nspname = 'read' and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    await desk.rows(`truncate ${row?.names ?? ''}`);
    await desk.rows('delete from ops.projections');
  }

  beforeEach(async () => {
    desk = await openDesk({ start: false });
    keys = createKeyRing(desk.postgres.writes, 'a master key for tests only, 32 characters');
    store = createEncryptedEventStore(desk.store, keys);
  });
  afterEach(() => desk.close());

  it('leaves what a rebuild makes of it, and nothing of the customer; the other keeps every word', async () => {
    for (const [n, pair] of budi.events.entries()) await append(pair, n);
    for (const [n, pair] of ani.events.entries()) await append(pair, n);
    // Already projected with every word in them.
    const before = await run(() => Promise.resolve());
    expect(JSON.stringify(before)).to.include('Budi Rahasia').and.include('628120000001');
    const live = await run(async () => {
      await append([customerStream('sari_1'), erased(budi)], 50);
      await keys.destroy([budi.customerId]);
    });
    const text = JSON.stringify(live);
    for (const word of ['Budi', 'budi', '628120000001']) expect(text).not.to.include(word);
    expect(text).to.include('halo dari Ani Rahasiawati').and.include('628120000002');
    // Both were called so: one of them still is.
    expect(before['term_counts']).to.include('(sari,rahasia,2)');
    expect(live['term_counts']).to.include('(sari,rahasia,1)');
    // The name of a counter holds a tag; all tickets are still counted.
    expect(live['ticket_counts']).to.deep.equal(
      before['ticket_counts']?.filter((row) => !row.includes('budi rahasia')),
    );
    expect(JSON.stringify(before['analytics_routes'])).to.include('Kota Budi Rahasia');
    expect(live['analytics_days']).to.deep.equal(before['analytics_days']);

    await forgetTables();
    const rebuilt = await run(() => Promise.resolve());
    for (const [table, rows] of Object.entries(live)) expect(rebuilt[table], table).to.deep.equal(rows);
  });

  it('does so where the words and their erasure come in one batch, and what follows is somebody else’s', async () => {
    const live = await run(async () => {
      for (const [n, pair] of budi.events.entries()) await append(pair, n);
      await append([customerStream('sari_1'), erased(budi)], 50);
      for (const [n, pair] of ani.events.entries()) await append(pair, n);
    });
    await keys.destroy([budi.customerId]);
    expect(JSON.stringify(live)).not.to.include('Budi');
    await forgetTables();
    const rebuilt = await run(() => Promise.resolve());
    for (const [table, rows] of Object.entries(live)) expect(rebuilt[table], table).to.deep.equal(rows);
  });
});
