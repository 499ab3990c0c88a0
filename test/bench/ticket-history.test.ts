import { expect } from 'chai';
import { ticketHistory } from '../../bench/history/ticket-history.ts';

describe('the made-up history', () => {
  it('opens every ticket before anything else happens to it, in order of time, whatever their number', () => {
    // The year does not part evenly by the second: no milliseconds may fall out of it.
    for (const tickets of [1_000, 1_615]) {
      const opened = new Set<string>();
      let last = '';
      for (const { event } of ticketHistory({ tickets, until: Date.parse('2026-11-20T00:00:00.000Z') })) {
        const { at } = event.metadata as { at: string };
        expect(at >= last, `${event.type} at ${at} after ${last}`).to.equal(true);
        last = at;
        const { ticketId } = event.data as { ticketId?: string };
        if (ticketId === undefined) continue;
        if (event.type === 'TicketOpened') opened.add(ticketId);
        else expect(opened.has(ticketId), `${event.type} of a ticket nobody opened`).to.equal(true);
      }
      expect(opened.size).to.equal(tickets);
    }
  });
});
