import { expect } from 'chai';
import { decideMarkRead } from '../../../src/commands/conversation/mark-read.ts';
import { reading, type ReadingEvent } from '../../../src/domain/conversation/reading.ts';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani, budi, sena } from '../../support/scenarios/people.ts';
import { opened, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(reading);
const found = fold(ticket, [opened()]);
const read = (userId: string, seen: number): ReadingEvent => ({
  type: 'TicketRead',
  data: { ticketId: TICKET, division: 'sari', userId, seen },
});

describe('mark read', () => {
  it('records how much somebody has seen, which only grows, for each person', () => {
    given()
      .when((marks) => decideMarkRead(marks, found, ani, 3))
      .thenOnce(read(ani.id, 3));
    given(read(ani.id, 3))
      .when((marks) => decideMarkRead(marks, found, ani, 2))
      .then();
    given(read(ani.id, 3))
      .when((marks) => decideMarkRead(marks, found, budi, 2))
      .then(read(budi.id, 2));
    given()
      .when((marks) => decideMarkRead(marks, found, ani, 0))
      .then();
    expect(fold(reading, [read(ani.id, 3), read(ani.id, 2)]).seen.get(ani.id)).to.equal(3);
    expect(reading.stream(TICKET)).to.equal(`reading-${TICKET}`);
  });

  it('is refused for who may not see the ticket', () => {
    given()
      .when((marks) => decideMarkRead(marks, found, sena, 1))
      .thenRefused('DIVISION_FORBIDDEN');
    given()
      .when((marks) => decideMarkRead(marks, { status: 'absent' }, ani, 1))
      .thenRefused('TICKET_NOT_FOUND');
  });
});
