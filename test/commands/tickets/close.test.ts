import { decideClose } from '../../../src/commands/tickets/close.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena } from '../../support/scenarios/people.ts';
import { closed, opened, queued, takenOver } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);

describe('close', () => {
  const close = (state: Ticket) => decideClose(state, null, ani);

  it('closes an open ticket, whoever has it, once', () => {
    given(opened()).when(close).thenOnce(closed());
    given(opened(), queued('waiting_agent')).when(close).thenOnce(closed());
    given(opened(), takenOver(ani)).when(close).thenOnce(closed());
  });
  it('keeps the reason', () =>
    given(opened())
      .when((state) => decideClose(state, 'salah sambung', ani))
      .then({
        type: 'TicketClosed',
        data: { ...closed().data, reason: 'salah sambung' },
      } as ReturnType<typeof closed>));
  it('is refused on a ticket that does not exist, or that they may not see', () => {
    given().when(close).thenRefused('TICKET_NOT_FOUND');
    given(opened())
      .when((state) => decideClose(state, null, sena))
      .thenRefused('DIVISION_FORBIDDEN');
  });
});
