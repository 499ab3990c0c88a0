import { expect } from 'chai';
import type { Division } from '../../../src/domain/vocabulary.ts';
import type { Scope } from '../../../src/ports.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { listInbox } from '../../../src/projections/tickets/inbox.ts';
import { type Desk, everywhere, inDivision, openDesk, opening, registered, taking, uuid } from '../desk.ts';

const T = uuid(1);
const ANI = uuid(2);
const division = 'sari' as const;
const scope = inDivision('sari');
const at = (minute: number): string =>
  new Date(Date.parse('2026-07-03T10:00:00Z') + minute * 60_000).toISOString();

describe('what the queue gives out', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'));
    await desk.append(...opening(T, division), { at: at(0) });
  });
  after(() => desk.close());

  it('shows open FREE tickets only', async () => {
    await desk.append(...opening(uuid(50), 'sari'), { at: at(5) });
    await desk.append(...opening(uuid(51), 'savi'), { at: at(6) });
    await desk.append(...taking(T, division, ANI), { at: at(7) });
    await desk.append(...opening(uuid(52), 'sari'), { at: at(8) });
    await desk.append(ticketStream(uuid(52)), {
      type: 'TicketClosed',
      data: { ticketId: uuid(52), division, outcome: 'bot_resolved', reason: null },
    });
    await desk.settled();
    const free = async (of: Scope, divisions: readonly Division[] | 'all'): Promise<string[]> => {
      const { json } = await listInbox(desk.postgres.reads, of, {
        queueStatus: 'free',
        divisions,
        limit: 200,
      });
      return (JSON.parse(json) as { id: string }[]).map(({ id }) => id);
    };
    expect(await free(scope, ['sari'])).to.deep.equal([uuid(50)]);
    expect(await free(everywhere, 'all')).to.deep.equal([uuid(51), uuid(50)]);
  });
});
