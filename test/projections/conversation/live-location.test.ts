/** A place that moves, and other things that became of a message (docs/design/channels.md#a-place-that-moves). */
import { deliveryErrorOf } from '../../../src/channels/errors.ts';
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { customerStream } from '../../../src/domain/customers/customer.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { type MessageObject, messageShape } from '../../../src/projections/conversation/message-object.ts';
import { messagesByIds, listMessages } from '../../../src/projections/conversation/messages.ts';
import { customerOf, type Desk, inDivision, openDesk, opening, receiving, uuid } from '../desk.ts';

const wording = { explain: deliveryErrorOf, fileUrl: (_ticket: string, id: string) => `/files/${id}` };
const T = uuid(1);
const OTHER = uuid(2);
const THIRD = uuid(3);
const ANI = uuid(4);
const scope = inDivision('sari');
const at = (minute: number): string =>
  new Date(Date.parse('2026-11-20T03:00:00Z') + minute * 60_000).toISOString();

describe('what became of a message', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.append(...opening(T, 'sari'));
    await desk.append(...opening(OTHER, 'sari'));
    await desk.append(...opening(THIRD, 'sari'));
  });
  after(() => desk.close());

  const shown = async (ticketId: string, limit = 50): Promise<readonly MessageObject[]> => {
    await desk.settled();
    return JSON.parse(
      (await listMessages(desk.postgres.reads, scope, ticketId, { limit }, wording))?.json ?? 'null',
    ) as MessageObject[];
  };
  const place = (minute: number, latitude: number, of: string | null, ticketId = T) =>
    desk.append(
      ...receiving(ticketId, 'sari', {
        kind: of === null ? 'location' : 'moved',
        content: `[Lokasi langsung] ${String(latitude)}, 104`,
        channelMessageId: of === null ? 'place' : `step ${String(minute)}`,
        replyTo: of,
        sentAt: at(minute),
        parts: { location: { latitude, longitude: 104, name: null, address: null } },
      }),
    );

  it('is one entry that moves, in the order of the sender’s times', async () => {
    await place(0, 1, null);
    await place(2, 3, 'place');
    // Late: the customer was there before.
    await place(1, 2, 'place');
    await desk.append(...receiving(T, 'sari', { content: 'sudah dekat', sentAt: at(3) }));
    const [entry, words, ...more] = await shown(T);
    expect(more).to.deep.equal([]);
    expect(entry).to.include({ content: '[Lokasi langsung] 3, 104', edited_at: at(2) });
    expect(entry?.location?.latitude).to.equal(3);
    expect(words?.content).to.equal('sudah dekat');
    expect((await shown(T, 2)).map(({ content }) => content)).to.deep.equal([entry?.content, 'sudah dekat']);
    const live = await desk.postgres.reads.scoped(scope, (sql) =>
      messagesByIds(sql, { division: 'sari', ticketId: T }, [], ['place'], wording),
    );
    expect(live.map(({ json }) => JSON.parse(json) as MessageObject)).to.deep.equal([entry]);
  });

  it('is shown by itself where its entry is in another ticket', async () => {
    await place(4, 5, 'place', OTHER);
    expect((await shown(OTHER)).map(({ content }) => content)).to.deep.equal(['[Lokasi langsung] 5, 104']);
  });

  it('says what a message of ours was, what it quotes and what the client called it', async () => {
    const quoted = randomUUID();
    await desk.append(...receiving(THIRD, 'sari', { messageId: quoted, sentAt: at(1), content: 'Berapa?' }));
    const file = {
      ...{ kind: 'document' as const, mediaId: uuid(91), mimeType: 'application/pdf', fileName: 'harga.pdf' },
      ...{ size: 9, caption: 'Ini' },
    };
    const saying = (minute: number, more: object) =>
      desk.append(conversationStream(THIRD), {
        type: 'AgentReplied',
        data: {
          ...{
            ticketId: THIRD,
            division: 'sari' as const,
            messageId: randomUUID(),
            content: '[Dokumen] harga.pdf, Ini',
            sentAt: at(minute),
          },
          ...{ agentId: ANI, ...more },
        },
      });
    await saying(2, { attachments: [file], replyTo: quoted, clientRef: 'tab-1' });
    const template = { name: 'tanya_kabar', language: 'id', parameters: [] };
    await saying(3, { followUp: { templateId: null }, template });
    const said = await shown(THIRD);
    expect(said.map(({ kind }) => kind)).to.deep.equal(['message', 'reply', 'followup']);
    expect(said[1]).to.deep.include({
      reply_to: { id: quoted, preview: 'Berapa?', story: null },
      client_ref: 'tab-1',
      template: null,
    });
    const [sent] = said[1]?.attachments ?? [];
    expect(sent).to.include({
      state: 'ready',
      name: 'harga.pdf',
      size: 9,
      caption: 'Ini',
      kind: 'document',
    });
    expect(sent?.url).to.equal(`/files/${String(said[1]?.id)}-0`);
    expect(said[2]).to.deep.include({ template: { id: null, name: 'tanya_kabar' } });
    expect(Object.keys(said[0] ?? {})).to.have.members(Object.keys(messageShape));
  });

  it('says whether there are earlier ones, and knows no message that is not there', async () => {
    await desk.settled();
    const read = (page: { limit: number; before?: string }) =>
      listMessages(desk.postgres.reads, scope, THIRD, page, wording);
    const last = await read({ limit: 2 });
    expect(last?.hasMore).to.equal(true);
    const [first] = JSON.parse(last?.json ?? '[]') as { id: string }[];
    expect((await read({ limit: 2, before: first?.id ?? '' }))?.hasMore).to.equal(false);
    expect(await read({ limit: 2, before: randomUUID() })).to.equal(null);
  });

  it('of a customer, the last word on what they are called and called at is in their row', async () => {
    const id = uuid(7);
    const [, { data }] = customerOf('sari', id, '62811');
    await desk.append(...customerOf('sari', id, '62811'));
    const changed = (name: string): DomainEvent => ({
      type: 'CustomerContactChanged',
      data: { customerId: id, channelUserId: 'wa_62822', phone: '+62822', name },
    });
    const stream = customerStream((data as { customerKey: string }).customerKey);
    for (const name of ['Rina', 'Rina Kusuma']) await desk.append(stream, changed(name));
    await desk.settled();
    expect(
      await desk.rows('select channel_user_id, phone, name from read.customers where id = $1', [id]),
    ).to.deep.equal([{ channel_user_id: 'wa_62822', phone: '+62822', name: 'Rina Kusuma' }]);
  });
});
