import { expect } from 'chai';
import {
  decideOpenTicket,
  decideStartTicket,
  openTicketFor,
} from '../../../src/commands/inbound/open-ticket.ts';
import { customer, type Customer } from '../../../src/domain/customers/customer.ts';
import { ticket } from '../../../src/domain/tickets/ticket.ts';
import {
  CUSTOMER_KEY,
  optedOut,
  registered,
  started,
  ticketResumed,
} from '../../support/scenarios/customer-events.ts';
import { message } from '../../support/scenarios/inbound.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani, uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, opened, queued, TICKET } from '../../support/scenarios/ticket-events.ts';
import { rejection } from '../../support/rejection.ts';

const NEXT = uuidOf(0xab);

describe('the first message of a customer, or the first after their ticket was closed', () => {
  const given = specOf(customer);
  const start =
    (lookedUp: string | null, resumed: number | null = null, ticketId = NEXT) =>
    (state: Customer) =>
      decideStartTicket(
        state,
        message('m1', { userName: 'Budi' }),
        { customerKey: CUSTOMER_KEY, customerId: CUSTOMER, ticketId },
        lookedUp,
        resumed,
      );

  it('registers them and starts a ticket, once', () =>
    given()
      .when(start(null))
      .thenOnce(registered(CUSTOMER, message('m1').sentAt), started(NEXT)));
  it('starts another ticket, which knows the one before, once', () =>
    given(registered(), started(TICKET)).when(start(TICKET)).thenOnce(started(NEXT, TICKET)));
  it('starts none when another message was quicker', () => {
    given(registered(), started(TICKET)).when(start(null)).then();
    given(registered(), started(TICKET), started(uuidOf(0xac), TICKET))
      .when(start(TICKET))
      .then();
    given(registered(), started(TICKET))
      .when(start(TICKET, null, TICKET))
      .then();
  });
  it('starts none when the ticket was reopened since it was looked up', () => {
    given(registered(), started(TICKET), ticketResumed(TICKET, 1)).when(start(TICKET)).then();
    given(registered(), started(TICKET), ticketResumed(TICKET, 1))
      .when(start(TICKET, 1))
      .then(started(NEXT, TICKET));
  });
  it('looks at no other part of the customer', () =>
    given(registered(), started(TICKET), optedOut()).when(start(TICKET)).thenOnce(started(NEXT, TICKET)));
});

describe('a ticket', () => {
  const given = specOf(ticket);
  const open = (event: ReturnType<typeof opened>) => () =>
    given().when((state) => decideOpenTicket(state, event.data as Parameters<typeof decideOpenTicket>[1]));

  it('starts with the bot, once', () => open(opened())().thenOnce(opened()));
  it('of a returning customer waits for the agent who knows them, once', () =>
    open(opened({ previousAgentId: ani.id }))().thenOnce(
      opened({ previousAgentId: ani.id }),
      queued('returning_customer', ani.id),
    ));
});

describe('a customer who keeps changing', () => {
  it('is given up after five attempts, to be tried again later', async () => {
    let attempts = 0;
    const known = fold(customer, [registered()]);
    if (known.status !== 'known') throw new Error('nobody is there');
    const handler = {
      load: () => Promise.resolve(known),
      executeCommand: () => {
        attempts += 1;
        return Promise.resolve({ events: [], state: known, position: '' });
      },
    };
    const refusal = await rejection(
      openTicketFor(
        {
          handler: handler as never,
          ids: { next: () => NEXT } as never,
          blindIndex: (_purpose, value) => value,
          timezone: 'Asia/Jakarta',
        },
        message('m1'),
        { customerKey: CUSTOMER_KEY, known },
        'wa:m1',
        {} as never,
        ['m1'],
      ),
    );
    expect(refusal).to.deep.include({
      code: 'BUSY',
      details: [{ path: 'wa:m1', message: 'the customer kept changing' }],
    });
    expect(attempts).to.equal(5);
  });
});
