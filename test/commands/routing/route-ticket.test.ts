import { expect } from 'chai';
import {
  decideAssignment,
  decideQueueNotice,
  decideRelease,
  decideReturn,
  decideWithdrawal,
} from '../../../src/commands/routing/route-ticket.ts';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../../src/domain/conversation/conversation.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { DEFAULT_PRIVILEGES, type Privilege } from '../../../src/domain/staff/privileges.ts';
import type { User } from '../../../src/domain/staff/user.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, budi } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  opened,
  queued,
  reassigned,
  reopened,
  takenOver,
  TICKET,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOON = '2026-07-03T12:00:00.000Z';
const reason = { rule: 'fewest_tickets', load: 0, online: 1 } as const;
const desk = (status: 'active' | 'inactive', presence: 'online' | 'offline') =>
  ({ ...asUser(ani, status), presence }) as ReturnType<typeof asUser>;
const withDue = (event: TicketEvent): TicketEvent =>
  ({ ...event, data: { ...event.data, replyBy: NOON } }) as TicketEvent;

describe('the router decides on a ticket', () => {
  const give =
    (to = desk('active', 'online')) =>
    (state: Ticket) =>
      decideAssignment(state, to, { ticketId: TICKET, agentId: ani.id, reason }, { replyBy: NOON });

  it('gives one that is queued, and says why and until when', () => {
    const [made] = decideAssignment(
      given(opened(), queued('waiting_agent')).state,
      desk('active', 'online'),
      {
        ticketId: TICKET,
        agentId: ani.id,
        reason,
      },
    );
    expect(made?.data).to.include({ from: 'queue', agentId: ani.id }).and.to.deep.include({ reason });
    given(opened(), queued('waiting_agent'))
      .when(give())
      .then(
        withDue({
          ...assigned(ani, 'queue'),
          data: { ...assigned(ani, 'queue').data, reason },
        } as TicketEvent),
      );
  });
  it('leaves what is no longer queued', () => {
    given(opened(), takenOver(budi)).when(give()).then();
    given(opened(), queued('waiting_agent'), closed()).when(give()).then();
  });
  it('leaves it in the queue when the agent left meanwhile', () => {
    given(opened(), queued('waiting_agent'))
      .when(give(desk('active', 'offline')))
      .then();
    given(opened(), queued('waiting_agent'))
      .when(give(desk('inactive', 'offline')))
      .then();
    given(opened(), queued('waiting_agent'))
      .when(give({ ...desk('active', 'online'), role: 'viewer' } as ReturnType<typeof asUser>))
      .then();
  });
  it('frees a ticket from an agent who is gone, once', () => {
    given(opened(), queued('returning_customer', ani.id)).when(decideRelease).then(queued('waiting_agent'));
    given(opened(), queued('waiting_agent')).when(decideRelease).then();
  });
});

describe('a ticket nobody answered', () => {
  const silent = conversation.initial;
  const spoken = fold(conversation, [
    {
      type: 'AgentReplied',
      data: {
        ticketId: TICKET,
        division: 'sari',
        messageId: TICKET,
        content: 'Halo',
        sentAt: NOON,
        agentId: ani.id,
      },
    },
  ]);
  const late = '2026-07-03T12:00:00.001Z';
  const taken = withDue(takenOver(ani));

  it('is taken back when the time is over', () =>
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, silent, late))
      .then({ type: 'TicketWithdrawn', data: { ticketId: TICKET, division: 'sari', agentId: ani.id } }));
  it('stays until then', () =>
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, silent, '2026-07-03T11:59:59.999Z'))
      .then());
  it('is taken back at that very moment', () =>
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, silent, NOON))
      .thenOnce({ type: 'TicketWithdrawn', data: { ticketId: TICKET, division: 'sari', agentId: ani.id } }));
  it('stays with who has replied: the first reply locks the ownership', () =>
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, spoken, late))
      .then());
  it('is taken back when all that was replied failed, by the sender or by a report', () => {
    const withdrawn = {
      type: 'TicketWithdrawn',
      data: { ticketId: TICKET, division: 'sari', agentId: ani.id },
    } as const;
    const [first] = spoken.replies;
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, spoken, late, new Set([first?.messageId ?? ''])))
      .then(withdrawn);
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, { ...spoken, failed: [first?.messageId ?? ''] }, late))
      .then(withdrawn);
    given(opened(), taken)
      .when((state) => decideWithdrawal(state, spoken, late, new Set(['another'])))
      .then();
  });
  it('stays when a reply that failed is reported delivered after all, whoever said first what', () => {
    const [{ messageId } = { messageId: '' }] = spoken.replies;
    const about = { ticketId: TICKET, division: 'sari', messageId, channelMessageId: 'c' } as const;
    const report = (status: 'failed' | 'delivered'): ConversationEvent => ({
      type: 'DeliveryReported',
      data: { ...about, status, error: null, reportedAt: late },
    });
    for (const order of [
      [report('failed'), report('delivered')],
      [report('delivered'), report('failed')],
      [report('delivered')],
    ]) {
      const state = order.reduce<Conversation>((now, one) => conversation.evolve(now, one), spoken);
      given(opened(), taken)
        .when((one) => decideWithdrawal(one, state, late, new Set([messageId])))
        .then();
    }
  });
  it('stays where there is no limit', () =>
    given(opened(), takenOver(ani))
      .when((state) => decideWithdrawal(state, silent, late))
      .then());
});

describe('a ticket whose agent cannot answer any more', () => {
  const may = DEFAULT_PRIVILEGES.sales_agent;
  const back = (because: 'deactivated' | 'may_not_reply' | 'moved'): TicketEvent => ({
    type: 'TicketWithdrawn',
    data: { ticketId: TICKET, division: 'sari', agentId: ani.id, because },
  });
  const returned =
    (agent: User, ofRole: readonly Privilege[] = may) =>
    (state: Ticket) =>
      decideReturn(state, agent, ofRole);

  it('goes back to the queue, once', () => {
    given(opened(), takenOver(ani))
      .when(returned(asUser(ani, 'inactive')))
      .thenOnce(back('deactivated'));
    given(opened(), assigned(ani, 'queue'))
      .when(returned(asUser(ani), []))
      .thenOnce(back('may_not_reply'));
    given(opened(), reassigned(budi, ani))
      .when(returned(asUser({ ...ani, division: 'savi' })))
      .thenOnce(back('moved'));
    given(opened(), takenOver(ani), closed(), reopened(ani.id))
      .when(returned(asUser({ ...ani, division: 'savi' })))
      .thenOnce(back('moved'));
  });
  it('also when they had answered', () =>
    given(opened(), withDue(takenOver(ani)))
      .when(returned(asUser(ani, 'inactive')))
      .thenOnce(back('deactivated')));
  it('stays with who can answer, and is no business of anybody else', () => {
    given(opened(), takenOver(ani))
      .when(returned(asUser(ani)))
      .then();
    given(opened(), takenOver(ani))
      .when(returned(asUser(budi, 'inactive')))
      .then();
    given(opened(), takenOver(ani))
      .when(returned({ status: 'absent' }))
      .then();
    given(opened(), takenOver(ani), closed())
      .when(returned(asUser(ani, 'inactive')))
      .then();
    given()
      .when(returned(asUser(ani, 'inactive')))
      .then();
  });
  it('is not given to who may not reply', () =>
    given(opened(), queued('waiting_agent'))
      .when((state) =>
        decideAssignment(
          state,
          desk('active', 'online'),
          { ticketId: TICKET, agentId: ani.id, reason },
          {},
          [],
        ),
      )
      .then());
});

describe('a customer who waits', () => {
  const said = { messageId: TICKET, sentAt: NOON };
  const waiting = given(opened(), queued('waiting_agent')).state;

  it('is told once', () => {
    specOf(conversation)()
      .when((state) => decideQueueNotice(state, waiting, said))
      .thenOnce({
        type: 'QueueNoticePosted',
        data: {
          ticketId: TICKET,
          division: 'sari',
          content:
            'Mohon tunggu ya, Kak. Pesan Anda sudah masuk antrian dan akan segera dibalas oleh tim kami.',
          ...said,
        },
      });
  });
  it('is told of the office hours outside of them', () => {
    const night = given(opened(), queued('off_hours')).state;
    specOf(conversation)()
      .when((state) => decideQueueNotice(state, night, said))
      .thenOnce({
        type: 'QueueNoticePosted',
        data: {
          ticketId: TICKET,
          division: 'sari',
          content:
            'Terima kasih sudah menghubungi kami. Saat ini di luar jam operasional, pesan Anda sudah masuk antrian ' +
            'dan akan dibalas pada jam kerja berikutnya.',
          ...said,
        },
      });
  });
  it('is not told when somebody has the ticket by now', () =>
    expect(
      decideQueueNotice(conversation.initial, given(opened(), takenOver(ani)).state, said),
    ).to.deep.equal([]));
});
