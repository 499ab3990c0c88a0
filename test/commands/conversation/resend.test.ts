import { expect } from 'chai';
import {
  decideResend,
  findSent,
  requireResendAllowed,
  type SentMessage,
} from '../../../src/commands/conversation/resend.ts';
import { conversation, type Conversation } from '../../../src/domain/conversation/conversation.ts';
import { furthestOf } from '../../../src/domain/outbound/furthest.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { DeliveryStatus } from '../../../src/domain/vocabulary.ts';
import { replied, wrote } from '../../support/scenarios/conversation-events.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono, uuidOf } from '../../support/scenarios/people.ts';
import { rejection } from '../../support/rejection.ts';
import { closed, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(conversation);
const NOW = '2026-07-01T11:00:00.000Z';
const METADATA = {
  actor: { kind: 'system', process: 'test' },
  correlationId: uuidOf(1),
  causationId: uuidOf(1),
  requestId: uuidOf(1),
  at: NOW,
} as const;
const LATE = '2026-07-03T11:00:00.000Z';
const answer = replied(ani) as SentMessage;
const followUp = {
  ...answer,
  data: { ...answer.data, followUp: { templateId: uuidOf(0xee) } },
} as SentMessage;
const form = { name: 'sapa_lagi', language: 'id', parameters: [] };
const templated = { ...followUp, data: { ...followUp.data, template: form } } as SentMessage;

interface Over {
  readonly original?: SentMessage;
  readonly status?: DeliveryStatus;
  readonly confirmUnknown?: boolean;
  readonly optedOut?: boolean;
}
const again =
  (over: Over = {}, caller = ani, now = NOW, history: readonly TicketEvent[] = [opened(), takenOver(ani)]) =>
  (state: Conversation) => {
    const wanted = {
      original: answer,
      status: 'failed' as const,
      confirmUnknown: false,
      optedOut: false,
      messageId: uuidOf(9),
      ...over,
    };
    const found = requireResendAllowed(fold(ticket, history), caller);
    return decideResend(state, found, wanted, caller, now);
  };
const sent = { ...answer.data, messageId: uuidOf(9), sentAt: NOW, resendOf: answer.data.messageId };
const resent = { type: 'AgentReplied', data: { ...sent, agentId: ani.id } } as SentMessage;

describe('sending again', () => {
  it('is a message of its own that names the one that failed', () =>
    given(wrote(), answer).when(again()).then(resent));
  it('happens once', () => given(wrote(), answer, resent).when(again()).thenRefused('NOT_FAILED'));
  it('is for what failed; for what may have arrived only when a person says so', () => {
    for (const status of ['queued', 'sent', 'delivered', 'read', 'unknown'] as const)
      given(wrote(), answer).when(again({ status })).thenRefused('NOT_FAILED');
    given(wrote(), answer)
      .when(again({ status: 'unknown', confirmUnknown: true }))
      .then(resent);
    given(wrote(), answer)
      .when(again({ status: 'delivered', confirmUnknown: true }))
      .thenRefused('NOT_FAILED');
  });
  it('keeps the rules of what it sends: window, open ticket, offers', () => {
    given(wrote(), answer)
      .when(again({}, ani, LATE))
      .thenRefused('SERVICE_WINDOW_CLOSED');
    const over = [opened(), takenOver(ani), closed()];
    given(wrote(), answer)
      .when(again({}, ani, NOW, over))
      .thenRefused('TICKET_CLOSED');
    given(wrote(), followUp)
      .when(again({ original: followUp, optedOut: true }))
      .thenRefused('CUSTOMER_OPTED_OUT');
    const [event] = again({ original: templated }, ani, LATE, over)(given(wrote(), templated).state);
    expect(event?.data).to.deep.include({
      template: form,
      followUp: { templateId: uuidOf(0xee) },
      sentAt: LATE,
    });
  });
  it('of a blast is a follow-up by who asks', () => {
    const said: Partial<{ agentId: string }> & object = { ...answer.data };
    delete said.agentId;
    const original = {
      type: 'BlastMessagePosted',
      data: { ...said, blastId: uuidOf(3), senderId: tono.id, senderRole: 'team_lead', template: null },
    } as SentMessage;
    const [event] = again({ original })(given(wrote(), original).state);
    expect(event).to.deep.include({ type: 'AgentReplied' });
    expect(event?.data).to.deep.include({ agentId: ani.id, followUp: { templateId: null } });
  });
  it('by a super admin is said as the team, and the agent of the ticket is told', () => {
    const [event] = again({}, rina)(given(wrote(), answer).state);
    expect(event).to.deep.include({ type: 'TeamReplied' });
    expect(event?.data).to.include({ senderId: rina.id, notifiedAgentId: ani.id, displayName: 'Saga Team' });
  });
});

describe('who may send again', () => {
  const code = (caller: typeof ani, ...history: TicketEvent[]) =>
    refusalIn(() => requireResendAllowed(fold(ticket, history), caller)).code;

  it('is who has the ticket, and super admins', () => {
    const had = [opened(), takenOver(ani)];
    for (const caller of [ani, rina])
      expect(requireResendAllowed(fold(ticket, had), caller).id).to.be.a('string');
    for (const caller of [budi, tono]) expect(code(caller, ...had)).to.equal('NOT_ASSIGNEE');
    expect(code(sena, ...had)).to.equal('DIVISION_FORBIDDEN');
    expect(code(ani)).to.equal('TICKET_NOT_FOUND');
  });
});

describe('the message to send again', () => {
  it('is looked for to the beginning of the talk; what customer or bot wrote is none', async () => {
    const stored = [wrote(), answer].map(({ type, data }, at) => ({
      id: uuidOf(100 + at),
      stream: 's',
      revision: BigInt(at),
      position: String(at),
      type,
      data,
      metadata: { ...METADATA, schemaVersion: 1 },
    }));
    // One at a time, from the end, as a long talk is read.
    const read = (_stream: string, { from }: { from?: bigint } = {}) =>
      Promise.resolve(stored.filter(({ revision }) => revision === (from ?? 1n)));
    const found = await findSent({ read }, TICKET, answer.data.messageId);
    expect(found.original).to.include({ type: 'AgentReplied' });
    const none = { read: () => Promise.resolve([]) };
    for (const store of [{ read }, none])
      expect(await rejection(findSent(store, TICKET, uuidOf(77)))).to.include({ code: 'MESSAGE_NOT_FOUND' });
  });
});

describe('how far a message came', () => {
  it('is the furthest of all reports, in whatever order', () => {
    expect(furthestOf([])).to.equal('queued');
    expect(furthestOf(['failed', 'sent'])).to.equal('failed');
    expect(furthestOf(['read', 'failed', 'delivered'])).to.equal('read');
    expect(furthestOf(['unknown', 'queued'])).to.equal('unknown');
  });
});
