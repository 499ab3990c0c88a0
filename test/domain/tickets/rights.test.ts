import { expect } from 'chai';
import { ACTIONS, rightsOn, type TicketFacts } from '../../../src/domain/tickets/rights.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { ani, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';

const NOW = '2026-07-03T10:00:00.000Z';
const free: TicketFacts = {
  division: 'sari',
  status: 'new',
  queueStatus: 'free',
  assignee: null,
  hasWindow: true,
  windowUntil: '2026-07-03T10:00:00.000Z',
  optedOut: false,
};
const held: TicketFacts = { ...free, status: 'in_progress', queueStatus: 'assigned', assignee: ani.id };
const closed: TicketFacts = { ...held, status: 'closed', queueStatus: null };

describe('what one may do with a ticket', () => {
  const may = (caller: Caller, ticket: TicketFacts): readonly string[] => {
    const rights = rightsOn(caller, ticket, NOW);
    return ACTIONS.filter((action) => rights[action]);
  };

  it('of a FREE ticket: an agent of the division takes it, a lead gives it', () => {
    expect(may(ani, free)).to.deep.equal(['self_takeover', 'close']);
    expect(may(rina, free)).to.deep.equal(['assign', 'internal', 'followup', 'close']);
    expect(may(tono, free)).to.deep.equal(['assign', 'internal', 'followup', 'close']);
    expect(may(sena, free)).to.deep.equal([]);
    expect(may(vera, free)).to.deep.equal([]);
  });

  it('of a ticket that somebody has: its agent works on it', () => {
    expect(may(ani, held)).to.deep.equal(['reply', 'internal', 'followup', 'close', 'release']);
    expect(may(budi, held)).to.deep.equal(['close']);
    expect(may(rina, held)).to.deep.equal(['assign', 'internal', 'followup', 'close', 'release']);
    // Given across divisions.
    expect(may(sena, { ...held, assignee: sena.id })).to.include.members(['reply', 'release']);
  });

  it('of a ticket in the queue nobody takes one by hand', () => {
    expect(may(ani, { ...free, queueStatus: 'queued' })).to.deep.equal(['close']);
  });

  it('writes only while the window of the channel is open', () => {
    const over = { ...held, windowUntil: '2026-07-03T09:59:59.999Z' };
    expect(may(ani, over)).to.deep.equal(['internal', 'followup', 'close', 'release']);
    expect(may(ani, { ...held, windowUntil: null })).to.not.include('reply');
    expect(may(ani, { ...held, windowUntil: null, hasWindow: false })).to.include('reply');
  });

  it('offers only to who wants them', () => {
    expect(may(ani, { ...held, optedOut: true })).to.deep.equal(['reply', 'internal', 'close', 'release']);
  });

  it('of a closed ticket', () => {
    expect(may(ani, closed)).to.deep.equal(['internal', 'followup', 'reopen']);
    expect(may(rina, closed)).to.deep.equal(['internal', 'followup', 'reopen']);
  });

  it('is what the privileges say', () => {
    const revoked: Caller = { ...ani, privileges: new Set() };
    expect(may(revoked, free)).to.deep.equal([]);
    expect(may(revoked, held)).to.deep.equal([]);
  });
});
