import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { deliveryErrorOf } from '../../../src/channels/errors.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../src/domain/vocabulary.ts';
import { listAudit } from '../../../src/projections/audit/audit-log.ts';
import { getTicket, listInbox } from '../../../src/projections/tickets/inbox.ts';
import { listInternalMessages } from '../../../src/projections/conversation/internal-messages.ts';
import { advances, listMessages } from '../../../src/projections/conversation/messages.ts';
import {
  agentOf,
  type Desk,
  everywhere,
  inDivision,
  noting,
  openDesk,
  opening,
  receiving,
  registered,
  taking,
  uuid,
} from '../desk.ts';

const words = { explain: deliveryErrorOf, fileUrl: (_ticket: string, id: string) => `/files/${id}` };
const T = uuid(1);
const ANI = uuid(2);
const SA = uuid(3);
const division = 'sari' as const;
const about = { ticketId: T, division };
const scope = inDivision('sari');
const at = (minute: number): string =>
  new Date(Date.parse('2026-11-20T03:00:00Z') + minute * 60_000).toISOString();

describe('what a ticket shows', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'));
    await desk.append(...registered(SA, 'Rina', 'all'));
    await desk.append(...opening(T, division), { at: at(0), id: uuid(77) });
  });
  afterEach(() => desk.close());

  const talk = conversationStream(T);
  const messages = async (page: { limit: number; before?: string } = { limit: 50 }) => {
    await desk.settled();
    const read = await listMessages(desk.postgres.reads, scope, T, page, words);
    return JSON.parse(read?.json ?? 'null') as Record<string, unknown>[];
  };
  const ticket = async () => {
    await desk.settled();
    const found = await getTicket(desk.postgres.reads, scope, T, { now: new Date(at(600)), afterHours: 4 });
    return JSON.parse(found?.json ?? 'null') as Record<string, unknown>;
  };
  const replied = (minute: number, messageId: string = randomUUID()) =>
    desk.append(
      talk,
      {
        type: 'AgentReplied',
        data: { ...about, messageId, content: 'Siap', sentAt: at(minute), agentId: ANI },
      },
      { at: at(minute), actor: agentOf(ANI) },
    );
  const report = (status: DeliveryStatus, channelMessageId = 'wamid.1') =>
    desk.append(talk, {
      type: 'DeliveryReported',
      data: { ...about, channelMessageId, status, error: null, reportedAt: at(9) },
    });
  const bot = (channelMessageId: string, minute = 1) =>
    desk.append(talk, {
      type: 'BotReplied',
      data: {
        ...about,
        messageId: randomUUID(),
        content: 'Halo',
        sentAt: at(minute),
        channelMessageId,
        confidence: 0.9,
      },
    });

  it('has exactly the members of the contract', async () => {
    expect(Object.keys(await ticket())).to.have.members(
      `id customer_id customer_name customer_phone division channel bot_id wa_phone_id wa_display_name status queue_status
       queue_label waiting_for_agent assigned_to assigned_at is_returning_customer is_off_hours is_idle tags crm_stage
       last_message_preview last_message_at last_message_from last_customer_message_at waiting_since queued_at
       opted_out assignment_note
       snoozed_until line first_reply_at response_due_at window_expires_at closed_at version created_at updated_at`.split(
        /\s+/,
      ),
    );
  });

  it('goes from new over in_progress and awaiting_response to closed and back', async () => {
    expect(await ticket()).to.include({
      status: 'new',
      queue_status: 'free',
      assigned_to: null,
      is_idle: false,
    });
    await desk.append(
      ticketStream(T),
      { type: 'TicketQueued', data: { ...about, label: 'returning_customer', waitingFor: ANI } },
      { at: at(1) },
    );
    expect(await ticket()).to.deep.include({
      status: 'new',
      queue_status: 'queued',
      queue_label: 'returning_customer',
      queued_at: at(1),
      waiting_for_agent: { id: ANI, name: 'Ani' },
    });
    await desk.append(...taking(T, division, ANI), { at: at(2) });
    const taken = await ticket();
    expect(taken).to.deep.include({
      status: 'in_progress',
      queue_status: 'assigned',
      queue_label: null,
      queued_at: null,
      waiting_for_agent: null,
      assigned_at: at(2),
      is_idle: true,
    });
    expect(taken['assigned_to']).to.deep.equal({ id: ANI, name: 'Ani' });
    await desk.append(...receiving(T, division, { sentAt: at(3) }), { at: at(3) });
    expect(await ticket()).to.include({ waiting_since: at(3), last_customer_message_at: at(3) });
    await replied(4);
    expect(await ticket()).to.include({ waiting_since: null });
    await replied(5);
    expect(await ticket()).to.include({
      status: 'awaiting_response',
      first_reply_at: at(4),
      last_message_from: 'agent',
      window_expires_at: at(3 + 24 * 60),
    });
    await desk.append(
      ...receiving(T, division, { sentAt: at(500), content: '  Baik,\n terima   kasih \u0000' }),
      { at: at(500) },
    );
    expect(await ticket()).to.include({
      status: 'in_progress',
      is_idle: false,
      last_message_preview: 'Baik, terima kasih \uFFFD',
      last_message_at: at(500),
    });
    await desk.append(
      ticketStream(T),
      { type: 'TicketClosed', data: { ...about, outcome: 'closed', reason: null } },
      { at: at(501) },
    );
    expect(await ticket()).to.include({
      status: 'closed',
      queue_status: null,
      waiting_since: null,
      closed_at: at(501),
    });
    await desk.append(
      ticketStream(T),
      { type: 'TicketReopened', data: { ...about, agentId: ANI, reason: null } },
      { at: at(502) },
    );
    expect(await ticket()).to.include({ status: 'in_progress', closed_at: null });
    await desk.append(
      ticketStream(T),
      { type: 'TicketWithdrawn', data: { ...about, agentId: ANI } },
      { at: at(503) },
    );
    expect(await ticket()).to.include({
      status: 'new',
      queue_status: 'queued',
      queue_label: 'waiting_agent',
      assigned_to: null,
      assigned_at: null,
    });
  });

  it('an old message that comes late neither becomes the last one nor moves the ticket', async () => {
    await desk.append(...receiving(T, division, { sentAt: at(30), content: 'baru' }), { at: at(30) });
    const before = await ticket();
    await desk.append(...receiving(T, division, { sentAt: at(10), content: 'lama' }), { at: at(40) });
    expect(await ticket()).to.include({
      last_message_preview: 'baru',
      last_message_at: before['last_message_at'],
      window_expires_at: before['window_expires_at'],
    });
    expect((await messages()).map(({ content }) => content)).to.deep.equal(['lama', 'baru']);
  });

  it('a changed number and a message taken back open no window and answer nobody', async () => {
    await desk.append(...receiving(T, division, { sentAt: at(1) }), { at: at(1) });
    await desk.append(...taking(T, division, ANI), { at: at(2) });
    await replied(3);
    for (const kind of ['system', 'deleted', 'moved'])
      await desk.append(...receiving(T, division, { kind, sentAt: at(90), content: kind }), { at: at(90) });
    expect(await ticket()).to.include({
      status: 'awaiting_response',
      window_expires_at: at(1 + 24 * 60),
      last_message_preview: 'Siap',
    });
  });

  it('a reaction, an edit and a call answer nobody and hide no words', async () => {
    await desk.append(...receiving(T, division, { sentAt: at(1) }), { at: at(1) });
    await desk.append(...taking(T, division, ANI), { at: at(2) });
    await replied(3);
    for (const kind of ['reaction', 'edited', 'call'])
      await desk.append(...receiving(T, division, { kind, sentAt: at(90), content: kind }), { at: at(90) });
    expect(await ticket()).to.include({
      status: 'awaiting_response',
      last_message_preview: 'Siap',
      last_message_from: 'agent',
    });
  });

  it('lists the last messages, oldest first by the channel’s time, and pages backwards', async () => {
    for (const minute of [5, 1, 4, 2, 3])
      await desk.append(...receiving(T, division, { sentAt: at(minute), content: String(minute) }));
    const last = await messages({ limit: 2 });
    expect(last.map(({ content }) => content)).to.deep.equal(['4', '5']);
    const earlier = await messages({ limit: 2, before: String(last[0]?.['id']) });
    expect(earlier.map(({ content }) => content)).to.deep.equal(['2', '3']);
    expect(await messages({ limit: 5, before: uuid(12_345) })).to.equal(null);
  });

  it('names who spoke: customer, bot, agent of today’s name, team by the name it chose', async () => {
    await desk.append(
      ...receiving(T, division, {
        sentAt: at(1),
        attachments: [{ kind: 'image', mediaId: 'm', mimeType: null, fileName: 'a\u0000' }],
      }),
    );
    await bot('wamid.9', 2);
    await replied(3);
    await desk.append(`user-${ANI}`, { type: 'UserRenamed', data: { userId: ANI, name: 'Ani Baru' } });
    await desk.append(talk, {
      type: 'TeamReplied',
      data: {
        ...about,
        messageId: randomUUID(),
        content: 'Kami bantu',
        sentAt: at(4),
        senderId: SA,
        displayName: 'Saga Team',
        notifiedAgentId: ANI,
      },
    });
    const said = await messages();
    expect(said.map(({ sender_type, sender_name }) => [sender_type, sender_name])).to.deep.equal([
      ['customer', 'Budi'],
      ['bot', null],
      ['agent', 'Ani Baru'],
      ['sa', 'Saga Team'],
    ]);
    expect(said[0]).to.include({ kind: 'message', delivery_status: null, confidence: null });
    const { id } = said[0] as { id: string };
    const file = {
      ...{ id: `${id}-0`, kind: 'image', name: 'a\uFFFD', mime_type: null, size: null, state: 'pending' },
      ...{ reason: null, url: null, width: null, height: null, duration_s: null, caption: null },
    };
    expect(said[0]?.['attachments']).to.deep.equal([file]);
    const stored = { ...about, messageId: id, index: 0, mimeType: 'image/png', size: 7, sha256: 'ab' };
    await desk.append(`media-${id}`, { type: 'AttachmentStored', data: stored });
    expect((await messages())[0]?.['attachments']).to.deep.equal([
      { ...file, mime_type: 'image/png', size: 7, state: 'ready', url: `/files/${id}-0` },
    ]);
    expect(said[1]).to.deep.include({ confidence: 0.9, attachments: [], delivery_status: null });
    expect(said[3]).to.include({ kind: 'reply', sent_as: 'Saga Team' });
    expect(said[2]).to.include({ delivery_status: 'queued' });
  });

  it('a report that comes before the message counts, and no report moves a message back', async () => {
    await report('delivered');
    await bot('wamid.1');
    expect((await messages())[0]).to.include({ delivery_status: 'delivered' });
    for (const late of ['sent', 'queued', 'unknown', 'failed'] as const) await report(late);
    expect((await messages())[0]).to.include({ delivery_status: 'delivered' });
    await report('read');
    expect((await messages())[0]).to.include({ delivery_status: 'read' });
  });

  it('gives the same status in one batch as one by one, in every order of two reports', async () => {
    const pairs = DELIVERY_STATUSES.flatMap((a) => DELIVERY_STATUSES.map((b) => [a, b] as const));
    for (const [index, [first, second]] of pairs.entries()) {
      await report(first, `batch.${String(index)}`);
      await report(second, `batch.${String(index)}`);
      await report(first, `single.${String(index)}`);
    }
    await desk.settled();
    for (const [index, [, second]] of pairs.entries()) await report(second, `single.${String(index)}`);
    await desk.settled();
    const rows = await desk.rows<{ channel_message_id: string; status: string }>(
      'select channel_message_id, status from read.deliveries',
    );
    const status = new Map(rows.map((row) => [row.channel_message_id, row.status]));
    for (const [index, [first, second]] of pairs.entries()) {
      const expected = advances(first, second) ? second : first;
      expect(status.get(`single.${String(index)}`), `${first} ${second}`).to.equal(expected);
      expect(status.get(`batch.${String(index)}`), `${first} ${second}`).to.equal(expected);
    }
  });

  it('keeps L2 out of everything but the notes', async () => {
    const before = await ticket();
    await desk.append(...noting(T, division, ANI, 'diskon maksimal 10%'), {
      actor: agentOf(ANI),
      at: at(50),
    });
    expect(await ticket()).to.deep.equal(before);
    expect(await messages()).to.deep.equal([]);
    const notes = JSON.parse(
      await listInternalMessages(desk.postgres.reads, scope, T, { limit: 200 }),
    ) as unknown[];
    expect(notes).to.have.length(1);
    expect(notes[0]).to.deep.include({
      sender_id: ANI,
      sender_name: 'Ani',
      content: 'diskon maksimal 10%',
      tagged_agent: null,
      sent_at: at(50),
    });
    const found = await listInbox(desk.postgres.reads, everywhere, {
      divisions: 'all',
      q: 'diskon',
      limit: 10,
    });
    expect(found).to.include({ json: '[]', total: 0 });
    expect((await listAudit(desk.postgres.reads, scope, T, { limit: 50 })).json)
      .to.include('internal_note_posted')
      .and.not.include('diskon');
  });

  it('logs every action with its actor, by the event’s own id, without words of the talk', async () => {
    await desk.append(...receiving(T, division, { content: 'nomor saya 62899' }), { at: at(1) });
    await desk.append(...taking(T, division, ANI), { at: at(2), actor: agentOf(ANI) });
    await replied(3);
    await desk.append(
      ticketStream(T),
      {
        type: 'TicketAssigned',
        data: {
          ...about,
          agentId: SA,
          agentDivision: 'all',
          from: ANI,
          note: 'tolong\u0000',
          reason: { rule: 'fewest_tickets', load: 0, online: 2 },
        },
      },
      { at: at(4), actor: { kind: 'system', process: 'routing' } },
    );
    await desk.settled();
    const { json } = await listAudit(desk.postgres.reads, scope, T, { limit: 50 });
    const log = JSON.parse(json) as Record<string, unknown>[];
    expect(log.map(({ event }) => event)).to.deep.equal([
      'ticket_opened',
      'self_takeover',
      'replied',
      'assigned',
    ]);
    expect(log[0]).to.deep.include({ id: uuid(77), actor: null, actor_role: 'customer', timestamp: at(0) });
    expect(log[1])
      .to.deep.include({ actor: { id: ANI, name: 'Ani' }, actor_role: 'sales_agent', from: 'bot', to: ANI })
      .and.not.have.property('metadata');
    expect(log[3]).to.deep.include({
      actor_role: 'system',
      from: ANI,
      to: SA,
      metadata: {
        note: 'tolong\uFFFD',
        reason: { rule: 'fewest_tickets', load: 0, online: 2 },
        process: 'routing',
      },
    });
    expect(json).to.not.match(/62899|Siap|62812/);
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listAudit(desk.postgres.reads, scope, T, {
        limit: 1,
        ...(cursor !== undefined && { cursor }),
      });
      pages.push(...(JSON.parse(page.json) as { event: string }[]).map(({ event }) => event));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).to.deep.equal(log.map(({ event }) => event));
  });
});
