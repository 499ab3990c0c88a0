import { expect } from 'chai';
import { actorOf, opensTicket } from '../../../src/commands/inbound/inbound-rules.ts';
import { channelUserIdsOf } from '../../../src/commands/inbound/resolve-customer.ts';
import { DONE, later } from '../../../src/commands/inbound/receive-outcome.ts';

describe('an inbound item', () => {
  it('opens a ticket when the customer wrote something new', () =>
    expect(
      ['text', 'image', 'reaction', 'edited', 'system', 'deleted'].map((contentKind) =>
        opensTicket({ contentKind }),
      ),
    ).to.deep.equal([true, true, false, false, false, false]));
  it('is of the customer, the bot, or the channel', () => {
    expect(actorOf({ kind: 'message' })).to.deep.equal({ kind: 'customer' });
    for (const kind of ['status', 'template_status', 'opted_out'] as const)
      expect(actorOf({ kind }), kind).to.deep.equal({ kind: 'system', process: 'channel' });
    for (const kind of ['bot_message', 'handoff', 'resolved', 'lead_detected'] as const)
      expect(actorOf({ kind }), kind).to.deep.equal({ kind: 'bot' });
  });
  it('is done, or is tried again later for a reason', () => {
    expect(DONE).to.deep.equal({ kind: 'done' });
    expect(later('ticket_closed')).to.deep.equal({ kind: 'later', reason: 'ticket_closed' });
  });
});

describe('the ids of a customer on a channel', () => {
  const idsOf = (userId: string, businessScopedId: string | null) =>
    channelUserIdsOf({ userId, businessScopedId });

  it('are the usual one, and the lasting one where the channel gave it', () => {
    expect(idsOf('wa_6281', null)).to.deep.equal(['wa_6281']);
    expect(idsOf('wa_6281', 'ID.abc')).to.deep.equal(['wa_6281', 'wa_ID.abc']);
    expect(idsOf('wa_ID.abc', 'ID.abc')).to.deep.equal(['wa_ID.abc']);
  });
});
