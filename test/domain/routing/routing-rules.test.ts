import { expect } from 'chai';
import fc from 'fast-check';
import {
  type AvailableAgent,
  planAssignments,
  type QueuedTicket,
} from '../../../src/domain/routing/routing-rules.ts';

const desk = (
  agentId: string,
  load = 0,
  lastAssigned = 0,
  capacity: number | null = null,
): AvailableAgent => ({
  agentId,
  load,
  lastAssigned,
  capacity,
});
const waits = (
  ticketId: string,
  waitingFor: string | null = null,
  notTo: string | null = null,
): QueuedTicket => ({
  ticketId,
  waitingFor,
  notTo,
});
const who = (queue: QueuedTicket[], desks: AvailableAgent[]) =>
  planAssignments(queue, desks).map(({ ticketId, agentId }) => `${ticketId}>${agentId}`);

describe('routing', () => {
  it('goes to the agent with the fewest open tickets', () =>
    expect(who([waits('t')], [desk('a', 3), desk('b', 1), desk('c', 2)])).to.deep.equal(['t>b']));
  it('on a tie goes to who was given one least recently', () =>
    expect(who([waits('t')], [desk('a', 1, 9), desk('b', 1, 4)])).to.deep.equal(['t>b']));
  it('gives a returning customer to their agent, however busy', () =>
    expect(who([waits('t', 'a')], [desk('a', 7, 0, 2), desk('b')])).to.deep.equal(['t>a']));
  it('keeps a returning customer out of the general queue while their agent is away', () =>
    expect(who([waits('t', 'z'), waits('u')], [desk('a')])).to.deep.equal(['u>a']));
  it('gives an agent who comes online first what waited for them, then the queue, oldest first', () =>
    expect(
      planAssignments([waits('old'), waits('mine', 'a'), waits('young')], [desk('a')]).map(
        (move) => move.ticketId,
      ),
    ).to.deep.equal(['mine', 'old', 'young']));
  it('does not give a withdrawn ticket back to the agent it was withdrawn from', () =>
    expect(who([waits('t', null, 'a')], [desk('a'), desk('b', 9)])).to.deep.equal(['t>b']));
  it('leaves the queue alone when every desk is full or empty', () => {
    expect(who([waits('t')], [desk('a', 2, 0, 2)])).to.deep.equal([]);
    expect(who([waits('t')], [])).to.deep.equal([]);
  });
  it('says why', () =>
    expect(
      planAssignments([waits('t'), waits('u', 'a')], [desk('a', 4), desk('b', 5)]).map(
        ({ reason }) => reason,
      ),
    ).to.deep.equal([{ rule: 'returning_customer' }, { rule: 'fewest_tickets', load: 5, online: 2 }]));

  it('1,000 tickets over any 10 desks end with loads that differ by at most one, once the lower desks have caught up', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 10, maxLength: 10 }), (loads) => {
        const desks = loads.map((load, n) => desk(`a${String(n)}`, load));
        const queue = Array.from({ length: 1000 }, (_, n) => waits(`t${String(n)}`));
        const after = new Map(desks.map(({ agentId, load }) => [agentId, load]));
        const moves = planAssignments(queue, desks);
        for (const { agentId } of moves) after.set(agentId, (after.get(agentId) ?? 0) + 1);
        const ends = [...after.values()];
        expect(Math.max(...ends) - Math.min(...ends)).to.be.at.most(1);
        expect(
          moves.map((move) => move.ticketId),
          'every ticket once, in the order of the queue',
        ).to.deep.equal(queue.map((one) => one.ticketId));
      }),
      { numRuns: 25 },
    );
  });
});
