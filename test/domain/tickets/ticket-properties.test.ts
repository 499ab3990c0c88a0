import { expect } from 'chai';
import fc from 'fast-check';
import { decideAssign as assign } from '../../../src/commands/tickets/assign.ts';
import { decideClose as close } from '../../../src/commands/tickets/close.ts';
import { decideReassign as reassign } from '../../../src/commands/tickets/reassign.ts';
import { decideOpenTicket } from '../../../src/commands/inbound/open-ticket.ts';
import { decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import { decideReopen as reopen } from '../../../src/commands/tickets/reopen.ts';
import { decideSelfTakeover as takeover } from '../../../src/commands/tickets/self-takeover.ts';
import { decideTag as tag } from '../../../src/commands/tickets/tag.ts';
import { decode, encode } from '../../../src/domain/codec.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani, asUser, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';
import { opened, TICKET } from '../../support/scenarios/ticket-events.ts';

type Decision = (state: Ticket) => TicketEvent[];

const people = fc.constantFrom(ani, budi, sena, tono, rina, vera);
const agents = fc.constantFrom(ani, budi, sena, vera);
const tags = fc.constantFrom('vip', 'urgent', 'b2b');
const inbound = (kind: 'handoff' | 'resolved') =>
  ({ kind, division: 'sari', reason: null }) as unknown as Extract<Inbound, { kind: 'handoff' | 'resolved' }>;

/** Any decision that any person, the bot or the customer can ask for. */
const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.constant<Decision>((state) => decideOpenTicket(state, opened().data as never)),
  people.map(
    (by): Decision =>
      (state) =>
        takeover(state, by),
  ),
  fc.tuple(people, agents, fc.boolean()).map(
    ([by, to, active]): Decision =>
      (state) =>
        assign(state, asUser(to, active ? 'active' : 'inactive'), null, by),
  ),
  fc.tuple(people, agents, agents).map(
    ([by, from, to]): Decision =>
      (state) =>
        reassign(state, { fromAgent: from.id, to: asUser(to), reason: null }, by),
  ),
  fc.tuple(people, fc.constantFrom('add', 'remove'), tags).map(
    ([by, action, name]): Decision =>
      (state) =>
        tag(state, { action: action, tag: name }, by),
  ),
  people.map(
    (by): Decision =>
      (state) =>
        close(state, null, by),
  ),
  people.map(
    (by): Decision =>
      (state) =>
        reopen(state, null, by, around.at),
  ),
  fc.constantFrom('handoff' as const, 'resolved' as const).map(
    (kind): Decision =>
      (state) =>
        decideBotSignal(state, inbound(kind), false, around.at),
  ),
);

/** Runs a decision; a refusal changes nothing. */
function run(state: Ticket, decide: Decision): readonly TicketEvent[] {
  try {
    return decide(state);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

function legal(state: Ticket): void {
  if (state.status === 'absent') return;
  expect(state.id).to.equal(TICKET);
  expect(new Set(state.tags).size).to.equal(state.tags.length);
  if (state.status === 'assigned') {
    expect(state.agentId).to.be.a('string');
    expect(state.lastAgentId).to.equal(state.agentId);
  } else if (state.status === 'queued') {
    expect(state.waitingFor !== null).to.equal(state.label === 'returning_customer');
  } else {
    expect(state).not.to.have.any.keys('label', 'waitingFor');
  }
}

const around = {
  actor: { kind: 'system' as const, process: 'test' },
  correlationId: 'c',
  causationId: 'c',
  requestId: 'r',
  at: '2026-07-03T10:30:00.000Z',
};

describe('any sequence of decisions', () => {
  it('leaves a ticket in a legal state, and its events fold to that very state', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 40 }), (decisions) => {
        let state: Ticket = ticket.initial;
        const history: TicketEvent[] = [];
        for (const decide of decisions) {
          const events = run(state, decide);
          history.push(...events);
          state = events.reduce((s, event) => ticket.evolve(s, event), state);
          legal(state);
        }
        expect(fold(ticket, history)).to.deep.equal(state);
      }),
      { numRuns: 500 },
    );
  });

  it('run twice equals run once', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 30 }), decision, (decisions, last) => {
        const before = decisions.reduce<Ticket>(
          (state, decide) => run(state, decide).reduce((s, event) => ticket.evolve(s, event), state),
          ticket.initial,
        );
        const once = run(before, last).reduce<Ticket>((s, event) => ticket.evolve(s, event), before);
        expect(run(once, last), 'the second run makes no event').to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it('survives the store: encoded, written as JSON, read and decoded, every event is itself', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 30 }), (decisions) => {
        let state: Ticket = ticket.initial;
        for (const decide of decisions) {
          for (const event of run(state, decide)) {
            const { id, type, data, metadata } = JSON.parse(
              JSON.stringify(encode(event, TICKET, around)),
            ) as never as {
              id: string;
              type: string;
              data: unknown;
              metadata: unknown;
            };
            const back = decode({ id, type, data, metadata, stream: 's', revision: 0n, position: '1' });
            expect({ type: back.type, data: back.data }).to.deep.equal(event);
            state = ticket.evolve(state, event);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
