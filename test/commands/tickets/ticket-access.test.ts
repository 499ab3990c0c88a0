import { expect } from 'chai';
import { assigneeOf, requireOpen, requireVisible } from '../../../src/commands/tickets/ticket-access.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { fold, refusalIn } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';
import { assigned, closed, opened, queued, takenOver } from '../../support/scenarios/ticket-events.ts';

const after = (...events: TicketEvent[]) => fold(ticket, events);
const existing = (...events: TicketEvent[]) => requireVisible(after(opened(), ...events), rina);

describe('a ticket', () => {
  it('is visible in its division, to leads and super admins, and to the agent who has it', () => {
    for (const caller of [ani, budi, vera, tono, rina])
      expect(requireVisible(after(opened()), caller).status).to.equal('free');
    expect(refusalIn(() => requireVisible(after(opened()), sena)).code).to.equal('DIVISION_FORBIDDEN');
    expect(requireVisible(after(opened(), assigned(sena, 'bot')), sena).status).to.equal('assigned');
    expect(requireVisible(after(opened(), assigned(sena, 'bot'), closed()), sena).status).to.equal('closed');
    expect(refusalIn(() => requireVisible(ticket.initial, rina)).code).to.equal('TICKET_NOT_FOUND');
  });
  it('belongs to the agent it was closed with, and in the queue to nobody', () => {
    expect(assigneeOf(existing())).to.equal(null);
    expect(assigneeOf(existing(queued('returning_customer', ani.id)))).to.equal(null);
    expect(assigneeOf(existing(takenOver(ani)))).to.equal(ani.id);
    expect(assigneeOf(existing(takenOver(ani), closed()))).to.equal(ani.id);
    expect(assigneeOf(existing(closed()))).to.equal(null);
  });
  it('is open until it is closed', () => {
    expect(requireOpen(existing(takenOver(ani))).status).to.equal('assigned');
    expect(refusalIn(() => requireOpen(existing(closed()))).code).to.equal('TICKET_CLOSED');
  });
});
