import { expect } from 'chai';
import {
  decideSendFollowUp,
  requireFollowUpAllowed,
} from '../../../src/commands/follow-ups/send-follow-up.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { wrote } from '../../support/scenarios/conversation-events.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';
import { closed, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const talk = fold(conversation, [wrote()]);
const form = { name: 'sapa_lagi', language: 'id', parameters: [{ name: 'name', text: 'Budi' }] };
const followUp = {
  messageId: '01900000-0000-7000-8000-00000000dddd',
  content: 'Apakah masih berminat?',
  agentId: tono.id,
  templateId: '01900000-0000-7000-8000-00000000eeee',
  form,
};

function at(now: string, over: Partial<typeof followUp> | { form: null } = {}) {
  const found = requireFollowUpAllowed(fold(ticket, [opened()]), tono);
  return decideSendFollowUp(talk, found, { ...followUp, ...over }, now);
}

describe('a follow-up', () => {
  it('goes out as free text inside the 24 hours, whatever template it was written with', () => {
    expect(at('2026-07-02T10:00:00.000Z')).to.deep.equal([
      {
        type: 'AgentReplied',
        data: {
          ticketId: TICKET,
          division: 'sari',
          messageId: followUp.messageId,
          content: followUp.content,
          agentId: tono.id,
          sentAt: '2026-07-02T10:00:00.000Z',
          followUp: { templateId: followUp.templateId },
        },
      },
    ]);
    expect(at('2026-07-02T10:00:00.000Z', { form: null })[0]?.data).not.to.have.property('template');
  });

  it('goes out as the template after them, and not at all without one', () => {
    const [sent] = at('2026-07-02T10:00:00.001Z');
    expect(sent?.data).to.deep.include({ template: form, content: followUp.content });
    expect(() => at('2026-07-02T10:00:00.001Z', { form: null }))
      .to.throw(Refusal)
      .with.property('code', 'SERVICE_WINDOW_CLOSED');
  });

  it('is for agents on tickets of their own, for leads on any, also on a closed one', () => {
    const allowed = (history: TicketEvent[], by: typeof ani): string => {
      try {
        requireFollowUpAllowed(fold(ticket, history), by);
        return 'ok';
      } catch (error) {
        return error instanceof Refusal ? error.code : String(error);
      }
    };
    const had = [opened(), takenOver(ani)];
    expect([ani, budi, sena, tono, rina, vera].map((by) => allowed(had, by))).to.deep.equal([
      'ok',
      'NOT_ASSIGNEE',
      'DIVISION_FORBIDDEN',
      'ok',
      'ok',
      'NOT_ASSIGNEE',
    ]);
    expect(allowed([], tono)).to.equal('TICKET_NOT_FOUND');
    expect(allowed([opened()], ani)).to.equal('NOT_ASSIGNEE');
    expect(allowed([...had, closed()], ani)).to.equal('ok');
    expect(allowed([...had, closed()], tono)).to.equal('ok');
  });
});
