/** A reply that failed counts in no figure (docs/design/business-rules.md#failed-replies), without a database. */
import { expect } from 'chai';
import type { Recorded, RecordedOf } from '../../../src/domain/codec.ts';
import {
  evolveFact,
  type Fact,
  openedFact,
  type PickupCounter,
} from '../../../src/projections/analytics/fact.ts';
import { replied } from '../../support/scenarios/conversation-events.ts';
import { ani, budi, uuidOf } from '../../support/scenarios/people.ts';
import { closed, opened, reassigned, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const at = (minute: number): string => `2026-07-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
interface Told {
  readonly type: string;
  readonly data: object;
}
const message = (type: string, n: number, more: object = {}): Told => ({
  type,
  data: { ticketId: TICKET, division: 'sari', messageId: uuidOf(n), ...more },
});
const reply = (n: number, minute: number, by = ani): Told => replied(by, uuidOf(n), at(minute));
const failed = (n: number) => message('DeliveryFailed', n, { code: '131026', reason: null });
const report = (n: number, status: string) => message('DeliveryReported', n, { status, error: null });

/** Net counts: `agent minutes` for each answer that counts, `agent -` for each wait without one. */
function counted(...events: readonly Told[]): { readonly fact: Fact; readonly answers: readonly string[] } {
  const net = new Map<string, number>();
  const add = (key: string, n: number) => net.set(key, (net.get(key) ?? 0) + n);
  const pickups: PickupCounter = {
    answered: (_fact, agent, since, when) => add(`${agent} ${String((when - since) / 60_000)}`, 1),
    retracted: (_fact, agent, since, when) => add(`${agent} ${String((when - since) / 60_000)}`, -1),
    unanswered: (_fact, agent) => add(`${String(agent)} -`, 1),
  };
  const begun = { ...opened(), metadata: { at: at(0) } } as unknown as RecordedOf<'TicketOpened'>;
  const fact = openedFact(begun);
  for (const event of events)
    evolveFact(fact, { ...event, metadata: { at: at(0) } } as unknown as Recorded, pickups);
  return { fact, answers: [...net].filter(([, n]) => n !== 0).map(([key, n]) => `${key} x${String(n)}`) };
}
const answers = (...events: readonly Told[]) => counted(takenOver(ani), ...events).answers;

describe('the wait for a first reply', () => {
  it('ends with the reply, and goes on when that failed', () => {
    expect(answers(reply(1, 3))).to.deep.equal([`${ani.id} 3 x1`]);
    expect(answers(reply(1, 3), failed(1))).to.deep.equal([]);
    expect(counted(takenOver(ani), reply(1, 3), failed(1)).fact.pickingSince).to.equal(Date.parse(at(0)));
    expect(answers(reply(1, 3), report(1, 'failed'), report(1, 'delivered'))).to.deep.equal([
      `${ani.id} 3 x1`,
    ]);
  });
  it('ends with the next reply that arrived, written before or after the failure', () => {
    for (const events of [
      [reply(1, 3), reply(2, 7), failed(1)],
      [reply(1, 3), failed(1), reply(2, 7)],
    ])
      expect(answers(...events)).to.deep.equal([`${ani.id} 7 x1`]);
  });
  it('without any that arrived is a wait without an answer', () => {
    expect(answers(reply(1, 3), failed(1), closed())).to.deep.equal([`${ani.id} - x1`]);
    expect(answers(reply(1, 3), failed(1), reassigned(ani, budi), reply(2, 9, budi))).to.deep.equal([
      `${ani.id} - x1`,
      `${budi.id} 9 x1`,
    ]);
  });
});
