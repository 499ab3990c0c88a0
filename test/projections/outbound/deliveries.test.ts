import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { deliveryErrorOf } from '../../../src/channels/errors.ts';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { deliveryStream } from '../../../src/domain/outbound/delivery.ts';
import type { DeliveryStatus } from '../../../src/domain/vocabulary.ts';
import { advances } from '../../../src/projections/outbound/deliveries.ts';
import { listMessages } from '../../../src/projections/conversation/messages.ts';
import { type Desk, inDivision, openDesk, opening, registered, uuid } from '../desk.ts';

const words = { explain: deliveryErrorOf, fileUrl: (_ticket: string, id: string) => `/files/${id}` };
const T = uuid(1);
const LATER = uuid(2);
const ANI = uuid(3);
const division = 'sari' as const;
const scope = inDivision('sari');

describe('how far a message came', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'));
    await desk.append(...opening(T, division));
    await desk.append(...opening(LATER, division));
  });
  after(() => desk.close());

  const said = async (messageId: string): Promise<Record<string, unknown>> => {
    await desk.settled();
    const all = JSON.parse(
      (await listMessages(desk.postgres.reads, scope, T, { limit: 200 }, words))?.json ?? 'null',
    ) as {
      id: string;
    }[];
    return all.find(({ id }) => id === messageId) as unknown as Record<string, unknown>;
  };
  const reply = async (messageId: string = randomUUID()): Promise<string> => {
    await desk.append(conversationStream(T), {
      type: 'AgentReplied',
      data: {
        ticketId: T,
        division,
        messageId,
        content: 'Siap',
        sentAt: new Date().toISOString(),
        agentId: ANI,
      },
    });
    return messageId;
  };
  const report = (
    status: DeliveryStatus,
    channelMessageId: string,
    over: { messageId?: string; ticketId?: string; error?: string } = {},
  ): [string, DomainEvent] => {
    const { ticketId = T, error = null, ...named } = over;
    const reportedAt = new Date().toISOString();
    return [
      conversationStream(ticketId),
      {
        type: 'DeliveryReported',
        data: { ticketId, division, channelMessageId, status, error, reportedAt, ...named },
      },
    ];
  };
  const sent = (messageId: string, what: 'accepted' | 'failed' | 'unknown'): [string, DomainEvent] => {
    const about = { ticketId: T, division, messageId };
    const event: DomainEvent =
      what === 'accepted'
        ? { type: 'DeliveryAccepted', data: { ...about, channelMessageId: `wamid.${messageId}` } }
        : what === 'failed'
          ? { type: 'DeliveryFailed', data: { ...about, code: '131026', reason: 'Undeliverable' } }
          : { type: 'DeliveryLeftUnknown', data: { ...about, reason: 'timeout' } };
    return [deliveryStream(messageId), event];
  };

  it('goes from queued to sent when the channel took it', async () => {
    const id = await reply();
    expect(await said(id)).to.include({ delivery_status: 'queued' });
    await desk.append(...sent(id, 'accepted'));
    expect(await said(id))
      .to.include({ delivery_status: 'sent' })
      .and.have.property('delivery_error', null);
  });

  it('says why it failed', async () => {
    const id = await reply();
    await desk.append(...sent(id, 'failed'));
    expect(await said(id)).to.deep.include({
      delivery_status: 'failed',
      delivery_error: deliveryErrorOf('131026 Undeliverable'),
    });
    const late = await reply();
    await desk.append(...sent(late, 'accepted'));
    await desk.append(...report('failed', `wamid.${late}`, { error: '131047 Re-engagement' }));
    expect(await said(late)).to.deep.include({
      delivery_status: 'failed',
      delivery_error: deliveryErrorOf('131047 Re-engagement'),
    });
  });

  it('is known again when a report names our id although the answer was lost', async () => {
    const id = await reply();
    await desk.append(...sent(id, 'unknown'));
    expect(await said(id)).to.deep.include({
      delivery_status: 'unknown',
      delivery_error: deliveryErrorOf('timeout'),
    });
    await desk.append(...report('sent', 'wamid.never-told', { messageId: id }));
    expect(await said(id)).to.include({ delivery_status: 'sent' });
    // From then on the channel's id is known as well.
    await desk.append(...report('read', 'wamid.never-told'));
    expect(await said(id))
      .to.include({ delivery_status: 'read' })
      .and.have.property('delivery_error', null);
  });

  it('is told by a report that came while the customer already had another ticket', async () => {
    const id = await reply();
    await desk.append(...sent(id, 'accepted'));
    await desk.append(...report('delivered', `wamid.${id}`, { ticketId: LATER }));
    expect(await said(id)).to.include({ delivery_status: 'delivered' });
  });

  it('is the same whatever comes first, in one batch or in many', async () => {
    const words = (id: string) => [
      sent(id, 'accepted'),
      report('sent', `wamid.${id}`, { messageId: id }),
      report('delivered', `wamid.${id}`),
      report('failed', `wamid.${id}`, { messageId: id }),
      report('read', `wamid.${id}`, { messageId: id, ticketId: T }),
      report('delivered', `wamid.${id}`, { ticketId: LATER }),
    ];
    const statuses: readonly DeliveryStatus[] = ['sent', 'sent', 'delivered', 'failed', 'read', 'delivered'];
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), fc.boolean(), async (picked, oneByOne, messageLast) => {
        const id = randomUUID();
        if (!messageLast) await reply(id);
        // Without our own record the channel's id is not known: those words cannot be matched yet.
        const using = picked.includes(0) ? picked : [0, ...picked];
        for (const index of using) {
          await desk.append(...words(id)[index]!);
          if (oneByOne) await desk.settled();
        }
        if (messageLast) await reply(id);
        const expected = using
          .map((index) => statuses[index]!)
          .reduce((furthest, next) => (advances(furthest, next) ? next : furthest), 'queued');
        expect(await said(id)).to.include({ delivery_status: expected });
      }),
      { numRuns: 40 },
    );
  });
});
