import { decideReplyAsSa } from '../../../src/commands/conversation/reply-as-sa.ts';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../../src/domain/conversation/conversation.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { requireVisible } from '../../../src/commands/tickets/ticket-access.ts';
import { wrote } from '../../support/scenarios/conversation-events.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani, rina, uuidOf } from '../../support/scenarios/people.ts';
import { opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(conversation);
const NOW = '2026-07-02T10:00:00.000Z';
const said = { messageId: uuidOf(7), content: 'Baik', senderId: rina.id, displayName: 'Saga Team' };
const reply =
  (now: string, ...more: TicketEvent[]) =>
  (talk: Conversation) =>
    decideReplyAsSa(talk, requireVisible(fold(ticket, [opened(), ...more]), rina), said, now);
const replied = (notifiedAgentId: string | null): ConversationEvent => ({
  type: 'TeamReplied',
  data: { ticketId: TICKET, division: 'sari', ...said, sentAt: NOW, notifiedAgentId },
});

describe('reply as super admin', () => {
  it('speaks for the team, and names the agent who is notified', () =>
    given(wrote())
      .when(reply(NOW, takenOver(ani)))
      .then(replied(ani.id)));
  it('names nobody where nobody has the ticket', () => given(wrote()).when(reply(NOW)).then(replied(null)));
  it('is no longer than the channel of the ticket takes', () =>
    given(wrote())
      .when((talk) =>
        decideReplyAsSa(
          talk,
          { ...requireVisible(fold(ticket, [opened()]), rina), channel: 'instagram' },
          { ...said, content: 'x'.repeat(1001) },
          NOW,
        ),
      )
      .thenRefused('MESSAGE_TOO_LONG'));
  it('is refused outside the service window', () =>
    given(wrote()).when(reply('2026-07-02T10:00:00.001Z')).thenRefused('SERVICE_WINDOW_CLOSED'));
});
