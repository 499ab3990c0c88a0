import { expect } from 'chai';
import type { Recorded } from '../../../src/domain/codec.ts';
import type { TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import {
  createRoutingState,
  type OpenTicket,
  type RoutedAgent,
} from '../../../src/jobs/routing/routing-state.ts';

const agent: RoutedAgent = {
  ...{ id: 'a', role: 'sales_agent', division: 'sari', active: true, online: true, capacity: 1 },
  ...{ granted: [], revoked: [] },
};
const waits = (id: string, since: string, priority = 0): OpenTicket => ({
  ...{ id, division: 'sari', since, agentId: null, waitingFor: null },
  ...(priority > 0 && { priority }),
});
let position = 100;
const recorded = ({ type, data }: TicketEvent): Recorded =>
  ({
    ...{ type, data, id: `e${String(position)}`, stream: `ticket-${data.ticketId}`, revision: 0n },
    ...{ position: String((position += 1)), metadata: { at: '2026-07-03T10:00:00.000Z' } },
  }) as unknown as Recorded;
const now = new Date('2026-07-03T10:00:00.000Z');
const about = (ticketId: string) => ({ ticketId, division: 'sari' as const });
const queued = (id: string, priority?: number): TicketEvent => ({
  type: 'TicketQueued',
  data: {
    ...about(id),
    label: 'waiting_agent',
    waitingFor: null,
    ...(priority !== undefined && { priority }),
  },
});

describe('who wants to buy (docs/design/chat.md#priority)', () => {
  const next = (state: ReturnType<typeof createRoutingState>) =>
    state.plan(now).assign.map(({ ticketId }) => ticketId);

  it('goes before who waited longer, also after a restart', () =>
    expect(
      next(createRoutingState({ agents: [agent], tickets: [waits('old', '001'), waits('buys', '002', 1)] })),
    ).to.deep.equal(['buys']));

  it('goes before others with what their event says, or when they say so in the queue', () => {
    const state = createRoutingState({ agents: [agent], tickets: [waits('old', '001')] });
    state.see(recorded(queued('buys', 1)));
    expect(next(state)).to.deep.equal(['buys']);
    const later = createRoutingState({
      agents: [agent],
      tickets: [waits('old', '001'), waits('new', '002')],
    });
    later.see(
      recorded({
        type: 'TicketPrioritised',
        data: { ...about('new'), priority: 1, because: 'ready_to_buy' },
      }),
    );
    expect(next(later)).to.deep.equal(['new']);
  });

  it('of two, the older one', () =>
    expect(
      next(createRoutingState({ agents: [agent], tickets: [waits('b', '002', 1), waits('a', '001', 1)] })),
    ).to.deep.equal(['a']));
});
