import { expect } from 'chai';
import { decideRouteAfterHours, mayBeRouted } from '../../../src/commands/inbound/route-after-hours.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';
import {
  closed,
  handoff,
  opened,
  queued,
  reopened,
  takenOver,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);

describe('a message outside office hours', () => {
  it('moves a waiting ticket whose bot has handed off to the queue of the night, once', () =>
    given(opened(), handoff(), queued('waiting_agent'))
      .when(decideRouteAfterHours)
      .thenOnce(queued('off_hours')));
  it('queues a ticket that went back to the bot after the handoff, once', () =>
    given(opened(), handoff(), queued('waiting_agent'), closed(), reopened())
      .when(decideRouteAfterHours)
      .thenOnce(queued('off_hours')));
  it('queues it for the agent who knows the customer', () =>
    given(opened({ previousAgentId: ani.id }), handoff(), closed(), reopened())
      .when(decideRouteAfterHours)
      .thenOnce(queued('returning_customer', ani.id)));
  it('keeps a waiting ticket in the queue of the night although an agent knows the customer', () =>
    given(opened(), handoff(), takenOver(ani), queued('waiting_agent'))
      .when(decideRouteAfterHours)
      .thenOnce(queued('off_hours')));
  it('leaves every other ticket as it is', () => {
    const others: readonly (readonly TicketEvent[])[] = [
      [],
      [opened()],
      [opened(), queued('waiting_agent')],
      [opened(), handoff(), queued('off_hours')],
      [opened(), handoff(), queued('returning_customer', ani.id)],
      [opened(), handoff(), takenOver(ani)],
      [opened(), handoff(), closed()],
    ];
    for (const history of others) {
      expect(mayBeRouted(given(...history).state)).to.equal(false);
      given(...history)
        .when(decideRouteAfterHours)
        .then();
    }
  });
});
