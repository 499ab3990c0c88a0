import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { internalStream } from '../../../src/domain/conversation/internal-notes.ts';
import { blastStream } from '../../../src/domain/blasts/blast.ts';
import { notificationsStream } from '../../../src/domain/notifications/notification.ts';
import { deliveryStream } from '../../../src/domain/outbound/delivery.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { listNotifications } from '../../../src/projections/notifications/notifications.ts';
import { agentOf, type Desk, openDesk, opening, receiving, registered, taking, uuid } from '../desk.ts';

const T = uuid(100);
const [ANI, BUDI, TONO] = [uuid(11), uuid(12), uuid(13)];
const about = { ticketId: T, division: 'sari' as const };

describe('notifications that follow from more than their event', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    for (const [id, name] of [
      [ANI, 'Ani'],
      [BUDI, 'Budi'],
      [TONO, 'Tono'],
    ] as const)
      await desk.append(...registered(id, name));
    await desk.append(...opening(T, 'sari'));
  });
  afterEach(() => desk.close());

  const of = async (userId: string) => {
    await desk.settled();
    const scope = { kind: 'division', division: 'sari', userId } as const;
    return (await listNotifications(desk.postgres.reads, scope, { limit: 50 })).notifications;
  };
  const told = async (userId: string) => (await of(userId)).map(({ kind, text }) => [kind, text]);
  const take = () => desk.append(...taking(T, 'sari', ANI), { actor: agentOf(ANI) });
  let n = 1_000;
  const writes = (kind = 'text') =>
    desk.append(...receiving(T, 'sari', { messageId: uuid((n += 1)), content: 'rahasia', kind }));
  const talk = (event: DomainEvent) => desk.append(conversationStream(T), event);
  const replied = (messageId: string, agentId = ANI) =>
    talk({
      type: 'AgentReplied',
      data: { ...about, messageId, content: 'halo', sentAt: '2026-11-20T03:00:00.000Z', agentId },
    });

  it('count the messages of a customer on one ticket until they are read, and begin again then', async () => {
    await writes();
    expect(await told(ANI), 'nobody has it').to.deep.equal([]);
    await take();
    await writes();
    await writes();
    await writes('reaction');
    const [first] = await of(ANI);
    expect(await of(ANI)).to.have.length(1);
    expect(first).to.include({
      kind: 'customer_message',
      layer: 'L1',
      text: 'Pelanggan mengirim 2 pesan',
      count: 2,
    });
    await desk.append(notificationsStream(ANI), {
      type: 'NotificationRead',
      data: { userId: ANI, notificationId: first?.id ?? '' },
    });
    await writes();
    expect((await of(ANI)).map(({ count, read_at }) => [count, read_at !== null])).to.deep.equal([
      [1, false],
      [2, true],
    ]);
  });

  it('are over when the agent answers, and when somebody else has the ticket', async () => {
    await take();
    await writes();
    await replied(uuid(2_000));
    expect((await of(ANI)).map(({ resolved_at }) => resolved_at !== null)).to.deep.equal([true]);
    await writes();
    await desk.append(ticketStream(T), {
      type: 'TicketReassigned',
      data: { ...about, fromAgent: ANI, toAgent: BUDI, toDivision: 'sari', reason: 'tolong lanjutkan' },
    });
    await writes();
    const open = (await of(ANI)).filter(
      ({ kind, resolved_at }) => kind === 'customer_message' && resolved_at === null,
    );
    expect(open).to.deep.equal([]);
    expect((await told(BUDI)).map(([kind]) => kind)).to.deep.equal(['customer_message', 'ticket_assigned']);
    expect((await of(BUDI))[1]?.note, 'what the lead wrote').to.equal('tolong lanjutkan');
  });

  it('tell who has the ticket of a note, unless it is theirs or they are tagged', async () => {
    await take();
    const note = (noteId: string, senderId: string, taggedAgentId: string | null) =>
      desk.append(internalStream(T), {
        type: 'InternalNotePosted',
        data: { ...about, noteId, senderId, content: 'rahasia', taggedAgentId },
      });
    await note(uuid(3_000), TONO, null);
    await note(uuid(3_001), ANI, null);
    await note(uuid(3_002), TONO, ANI);
    expect(await told(ANI)).to.deep.equal([
      ['l2_tagged', 'Anda ditandai di catatan internal'],
      ['internal_note', 'Catatan internal baru oleh Tono'],
    ]);
    expect((await of(ANI))[1]?.layer).to.equal('L2');
  });

  it('tell the writer that a message failed, once, at once or by a later report', async () => {
    await take();
    const delivery = (messageId: string, event: DomainEvent) => desk.append(deliveryStream(messageId), event);
    const [one, two, three] = [uuid(4_000), uuid(4_001), uuid(4_002)];
    for (const id of [one, two, three]) await replied(id);
    await delivery(one, {
      type: 'DeliveryFailed',
      data: { ...about, messageId: one, code: '131026', reason: null },
    });
    await delivery(two, {
      type: 'DeliveryAccepted',
      data: { ...about, messageId: two, channelMessageId: 'hash of two' },
    });
    const reported = (channelMessageId: string, status: 'failed' | 'delivered') =>
      talk({
        type: 'DeliveryReported',
        data: { ...about, channelMessageId, status, error: null, reportedAt: '2026-11-20T03:01:00.000Z' },
      });
    await reported('hash of two', 'failed');
    await reported('hash of two', 'failed');
    await delivery(three, {
      type: 'DeliveryAccepted',
      data: { ...about, messageId: three, channelMessageId: 'hash of three' },
    });
    await reported('hash of three', 'delivered');
    expect((await told(ANI)).map(([kind]) => kind)).to.deep.equal(['message_failed', 'message_failed']);
    expect(await desk.rows('select message_id from read.notify_messages')).to.deep.equal([]);
  });

  it('take a decided blast off the list of everybody who was asked', async () => {
    const blastId = uuid(5_000);
    await desk.append(blastStream(blastId), {
      type: 'BlastCreated',
      data: {
        blastId,
        creatorId: ANI,
        creatorRole: 'sales_agent',
        message: 'Halo',
        template: { id: uuid(6), name: 'a', language: 'id', body: 'Halo', whatsappName: null },
        recipients: [{ ticketId: T, customerId: uuid(7), division: 'sari', category: 'NONE' }],
        hash: 'h',
        approvers: [BUDI, TONO],
      },
    });
    expect((await of(BUDI))[0]).to.include({ blast_id: blastId, resolved_at: null });
    await desk.append(
      blastStream(blastId),
      { type: 'BlastApproved', data: { blastId, creatorId: ANI, hash: 'h' } },
      { actor: agentOf(TONO) },
    );
    for (const who of [BUDI, TONO]) expect((await of(who))[0]?.resolved_at).to.be.a('string');
  });
});
