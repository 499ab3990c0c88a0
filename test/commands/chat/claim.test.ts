import { decideClaim } from '../../../src/commands/chat/claim.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { openedOnWeb } from './talk-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, sena } from '../../support/scenarios/people.ts';
import { assigned, handoff, opened, queued, takenOver } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);

describe('claim', () => {
  const claim =
    (caller: Caller = ani) =>
    (state: Ticket) =>
      decideClaim(state, caller);

  it('takes a FREE talk, and one that waits for nobody by name', () => {
    given(openedOnWeb()).when(claim()).then(takenOver(ani));
    given(openedOnWeb(), handoff(), queued('waiting_agent')).when(claim()).then(assigned(ani, 'queue'));
  });

  it('takes none that somebody has, or that waits for somebody', () => {
    given(openedOnWeb(), takenOver(budi)).when(claim()).thenRefused('TICKET_ALREADY_TAKEN');
    given(openedOnWeb(), queued('returning_customer', budi.id))
      .when(claim())
      .thenRefused('TICKET_ALREADY_TAKEN');
  });

  it('is for agents of the division who may answer, and talks of the web', () => {
    given(openedOnWeb(), queued('waiting_agent')).when(claim(sena)).thenRefused('DIVISION_FORBIDDEN');
    const mute = { ...ani, privileges: new Set([...ani.privileges].filter((one) => one !== 'reply')) };
    given(openedOnWeb(), queued('waiting_agent')).when(claim(mute)).thenRefused('NOT_AN_AGENT');
    given(opened()).when(claim()).thenRefused('TICKET_NOT_FOUND');
  });
});
