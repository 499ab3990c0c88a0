import { decideAssign as assign } from '../../../src/commands/tickets/assign.ts';
import { decideClose as close } from '../../../src/commands/tickets/close.ts';
import { decideReassign as reassign } from '../../../src/commands/tickets/reassign.ts';
import { decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import { decideReopen as reopen } from '../../../src/commands/tickets/reopen.ts';
import { decideSelfTakeover as takeover } from '../../../src/commands/tickets/self-takeover.ts';
import { decideTag as tag } from '../../../src/commands/tickets/tag.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  handoff,
  opened,
  queued,
  reassigned,
  reopened,
  tagged,
  takenOver,
  untagged,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOW = '2026-07-03T10:30:00.000Z';

describe('self-takeover', () => {
  const by = (caller: typeof ani) => (state: Ticket) => takeover(state, caller);

  it('gives a free ticket to the agent', () => given(opened()).when(by(ani)).then(takenOver(ani)));
  it('is refused on a ticket that does not exist', () =>
    given().when(by(ani)).thenRefused('TICKET_NOT_FOUND'));
  it('is refused across divisions', () => given(opened()).when(by(sena)).thenRefused('DIVISION_FORBIDDEN'));
  for (const [what, ...history] of [
    ['taken', takenOver(budi)],
    ['already theirs', takenOver(ani)],
    ['assigned', assigned(budi, 'bot')],
    ['queued', handoff(), queued('waiting_agent')],
    ['closed', closed()],
  ] as const) {
    it(`is refused when the ticket is ${what}: only FREE can be taken`, () =>
      given(opened(), ...history)
        .when(by(ani))
        .thenRefused('TICKET_ALREADY_TAKEN'));
  }
  it('is possible again after a reopen without an agent', () =>
    given(opened(), closed(), reopened()).when(by(ani)).then(takenOver(ani)));
});

describe('assign', () => {
  const to =
    (agent: typeof ani, status: 'active' | 'inactive' = 'active') =>
    (state: Ticket) =>
      assign(state, asUser(agent, status), null, tono);

  it('takes it from the bot', () => given(opened()).when(to(ani)).then(assigned(ani, 'bot')));
  it('takes it from the queue', () =>
    given(opened(), queued('waiting_agent')).when(to(ani)).then(assigned(ani, 'queue')));
  it('takes it from another agent', () =>
    given(opened(), takenOver(budi)).when(to(ani)).then(assigned(ani, budi.id)));
  it('may go to an agent of another division', () =>
    given(opened()).when(to(sena)).then(assigned(sena, 'bot')));
  it('is refused when they already have it', () =>
    given(opened(), takenOver(ani)).when(to(ani)).thenRefused('ALREADY_ASSIGNED'));
  it('is refused on a closed ticket', () =>
    given(opened(), closed()).when(to(ani)).thenRefused('TICKET_CLOSED'));
  it('is refused for who was deactivated', () =>
    given(opened()).when(to(ani, 'inactive')).thenRefused('AGENT_INACTIVE'));
  it('is refused for a viewer', () => given(opened()).when(to(vera)).thenRefused('NOT_AN_AGENT'));
  it('is refused for nobody', () =>
    given(opened())
      .when((state) => assign(state, { status: 'absent' }, null, tono))
      .thenRefused('USER_NOT_FOUND'));
});

describe('reassign', () => {
  const move = (from: typeof ani, to: typeof ani) => (state: Ticket) =>
    reassign(state, { fromAgent: from.id, to: asUser(to), reason: null }, tono);

  it('moves it from one agent to another', () =>
    given(opened(), takenOver(ani)).when(move(ani, budi)).then(reassigned(ani, budi)));
  it('is refused when the assignee is somebody else by now', () =>
    given(opened(), takenOver(budi)).when(move(ani, sena)).thenRefused('ASSIGNEE_CHANGED'));
  it('is refused when nobody has it', () =>
    given(opened()).when(move(ani, budi)).thenRefused('ASSIGNEE_CHANGED'));
  it('is refused on a closed ticket', () =>
    given(opened(), takenOver(ani), closed()).when(move(ani, budi)).thenRefused('TICKET_CLOSED'));
});

describe('tag', () => {
  const put = (state: Ticket) => tag(state, { action: 'add', tag: 'vip' }, ani);
  const take = (state: Ticket) => tag(state, { action: 'remove', tag: 'vip' }, ani);

  it('is put on', () => given(opened()).when(put).then(tagged('vip')));
  it('put on twice makes no event', () => given(opened(), tagged('vip')).when(put).then());
  it('is taken off', () => given(opened(), tagged('vip')).when(take).then(untagged('vip')));
  it('taken off where it is not makes no event', () => given(opened()).when(take).then());
  it('is refused across divisions', () =>
    given(opened())
      .when((state) => tag(state, { action: 'add', tag: 'vip' }, sena))
      .thenRefused('DIVISION_FORBIDDEN'));
  it('is open to an agent of another division who has the ticket', () =>
    given(opened(), assigned(sena, 'bot'))
      .when((state) => tag(state, { action: 'add', tag: 'vip' }, sena))
      .then(tagged('vip')));
});

describe('close and reopen', () => {
  const shut = (state: Ticket) => close(state, null, ani);
  const open = (state: Ticket) => reopen(state, null, rina, NOW);

  it('closes', () => given(opened()).when(shut).then(closed()));
  it('closes once', () => given(opened(), closed()).when(shut).then());
  it('reopens', () => given(opened(), closed()).when(open).then(reopened()));
  it('reopens for the agent who had it', () =>
    given(opened(), takenOver(ani), closed()).when(open).then(reopened(ani.id)));
  it('reopens for the bot when the agent who had it is gone', () =>
    given(opened(), takenOver(ani), closed())
      .when((state) => reopen(state, null, rina, NOW, ani.id))
      .then(reopened()));
  it('reopens only what is closed', () => given(opened()).when(open).then());
  it('goes back to the agent who had it', () =>
    given(opened(), takenOver(ani), closed(), reopened(ani.id))
      .when((state) => assign(state, asUser(ani), null, tono))
      .thenRefused('ALREADY_ASSIGNED'));
});

describe('what the bot says about a ticket', () => {
  const about = { division: 'sari', channel: 'whatsapp', userId: 'wa_1' } as Inbound;
  const gaveUp = { ...about, kind: 'handoff', reason: null } as Extract<Inbound, { kind: 'handoff' }>;
  const done = { ...about, kind: 'resolved' } as Extract<Inbound, { kind: 'resolved' }>;

  it('a handoff queues the ticket', () =>
    given(opened())
      .when((state) => decideBotSignal(state, gaveUp, false, NOW))
      .then(handoff(), queued('waiting_agent')));
  it('a handoff off hours says so', () =>
    given(opened())
      .when((state) => decideBotSignal(state, gaveUp, true, NOW))
      .then(handoff(), queued('off_hours')));
  it('a returning customer waits for the agent who knows them', () =>
    given(opened({ previousAgentId: ani.id }))
      .when((state) => decideBotSignal(state, gaveUp, false, NOW))
      .then(handoff(), queued('returning_customer', ani.id)));
  it('a handoff of a ticket that an agent has changes nothing', () =>
    given(opened(), takenOver(ani))
      .when((state) => decideBotSignal(state, gaveUp, false, NOW))
      .then());
  it('resolved closes a ticket the bot has', () =>
    given(opened())
      .when((state) => decideBotSignal(state, done, false, NOW))
      .then(closed('bot_resolved')));
  it('resolved leaves a ticket that an agent has', () =>
    given(opened(), takenOver(ani))
      .when((state) => decideBotSignal(state, done, false, NOW))
      .then());
});
