/** A talk of thousands of messages comes page by page, each once and in order (docs/design/reliability.md#long-talks). */
import { expect } from 'chai';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { type DomainEvent, encode } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { internalStream } from '../../../src/domain/conversation/internal-notes.ts';
import type { Actor, EventStore } from '../../../src/ports.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';

const MESSAGES = 5_000;
const NOTES = 450;
const AT_ONCE = 500;

describe('a talk of five thousand messages', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let store: EventStore;
  let ticketId: string;
  const idOf = (kind: number, n: number): string =>
    `01900000-0000-700${String(kind)}-8000-${String(n).padStart(12, '0')}`;

  before(async () => {
    app = await startTestProgram();
    store = await createPostgresEventStore({ connection: app.databaseUrl, logger: app.log });
    [ticketId = ''] = await app.openTickets('sari', 1);
    const about = { ticketId, division: 'sari' as const };
    const begun = Date.now() + 1_000;
    // Many in the same second: the channel's time alone does not order them.
    const sentAt = (n: number): string => new Date(begun + Math.floor(n / 100) * 1_000).toISOString();
    const agent: Actor = { kind: 'user', id: app.person('tl').id, role: 'team_lead', division: 'all' };
    const write = async (
      stream: string,
      count: number,
      actor: Actor,
      eventOf: (n: number) => DomainEvent,
    ) => {
      for (let from = 0; from < count; from += AT_ONCE) {
        const events = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, k) => {
          const id = crypto.randomUUID();
          const metadata = { actor, correlationId: id, causationId: id, requestId: id, at: sentAt(from + k) };
          return encode(eventOf(from + k), id, metadata);
        });
        await store.append(stream, events, { expected: 'any' });
      }
    };
    await write(conversationStream(ticketId), MESSAGES, { kind: 'customer' }, (n) => ({
      type: 'MessageReceived',
      data: {
        ...about,
        messageId: idOf(1, n),
        content: `pesan ${String(n)}`,
        sentAt: sentAt(n),
        channel: 'whatsapp',
        channelMessageId: `c${String(n)}`,
        kind: 'text',
        senderName: null,
        attachments: [],
        replyTo: null,
      },
    }));
    await write(internalStream(ticketId), NOTES, agent, (n) => ({
      type: 'InternalNotePosted',
      data: {
        ...about,
        noteId: idOf(2, n),
        senderId: app.person('tl').id,
        content: `catatan ${String(n)}`,
        taggedAgentId: null,
      },
    }));
    await eventually(
      'the views',
      async () => {
        const [last] = await notes('?limit=1');
        const [message] = await talk('?limit=1');
        return last?.id === idOf(2, NOTES - 1) && message?.id === idOf(1, MESSAGES - 1);
      },
      60_000,
    );
  });
  after(async () => {
    await store.close();
    await app.close();
  });

  interface Item {
    readonly id: string;
  }
  const page = async (path: string, query: string): Promise<readonly Item[]> => {
    const reply = await app.get(`/api/admin/ticket/${ticketId}/${path}${query}`, 'sa');
    expect(reply.status, reply.text.slice(0, 300)).to.equal(200);
    return reply.json.data['messages'] as Item[];
  };
  const talk = (query: string) => page('messages', query);
  const notes = (query: string) => page('internal-messages', query);

  /** From the last to the first, as a dashboard scrolls. */
  async function scrolled(list: typeof talk, limit: number): Promise<readonly string[]> {
    const all: string[] = [];
    for (;;) {
      const [first = ''] = all;
      const before = first === '' ? '' : `&before=${first}`;
      const found = await list(`?limit=${String(limit)}${before}`);
      expect(found.length).to.be.at.most(limit);
      if (found.length === 0) return all;
      all.unshift(...found.map(({ id }) => id));
    }
  }
  const ids = (kind: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, n) => idOf(kind, n));

  it('is scrolled through without a gap or a repetition', async () => {
    const all = await scrolled(talk, 200);
    // The customer's first message opened the ticket.
    expect(all.slice(-MESSAGES)).to.deep.equal(ids(1, MESSAGES));
    expect(all).to.have.length(MESSAGES + 1);
  });

  it('has notes that come in pages, too, and never more than 200', async () => {
    expect((await notes('')).map(({ id }) => id)).to.deep.equal(ids(2, NOTES).slice(-200));
    expect(await scrolled(notes, 70)).to.deep.equal(ids(2, NOTES));
    expect(await notes(`?before=${idOf(3, 1)}`)).to.deep.equal([]);
    const tooMany = await app.get(`/api/admin/ticket/${ticketId}/internal-messages?limit=201`, 'sa');
    expect(tooMany.status).to.equal(400);
  });

  it('has a history whose pages are small, and that leads back to the beginning', async () => {
    const seen: string[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const reply = await app.get(
        `/api/admin/ticket/${ticketId}/history?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
        'sa',
      );
      expect(reply.status, reply.text.slice(0, 300)).to.equal(200);
      expect(reply.text.length).to.be.lessThan(500_000);
      const events = reply.json.data['events'] as { id: string; type: string }[];
      expect(events.length).to.be.at.most(200);
      seen.unshift(...events.map(({ id }) => id));
      cursor = (reply.json.meta?.['next_cursor'] as string | undefined) ?? '';
      pages += 1;
    } while (cursor !== '');
    expect(pages).to.be.at.least(27);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen.length).to.be.at.least(MESSAGES + NOTES + 2);
  });
});
