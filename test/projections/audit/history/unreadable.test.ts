import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { ticketStream } from '../../../../src/domain/tickets/ticket.ts';
import type { EventMetadata } from '../../../../src/ports.ts';
import { customerKeyFromEvents } from '../../../../src/projections/audit/history/customer-key.ts';
import { historyOf } from '../../../../src/projections/audit/history/history.ts';
import { type RequestedPoint, NOW } from '../../../../src/projections/audit/history/point-in-time.ts';
import { ticketSubject } from '../../../../src/projections/audit/history/ticket.ts';
import { type Desk, openDesk, opening, registered, uuid } from '../../desk.ts';

const ANI = uuid(101);
const SARI = 'sari' as const;
const NOON = Date.parse('2026-07-03T05:00:00.000Z');
const minute = (n: number): string => new Date(NOON + n * 60_000).toISOString();
const asOf = (n: number): RequestedPoint => ({ kind: 'time', at: new Date(minute(n)) });

describe('history with what cannot be read', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'), { at: minute(-1000) });
  });
  after(() => desk.close());

  const told = async (id: string, requested: RequestedPoint = NOW) => {
    const subject = ticketSubject(id, { l2: false, idleAfterHours: 4 });
    const now = new Date(minute(100_000));
    const found = await historyOf(desk.store, subject, { requested, now, layers: { l1: true }, limit: 100 });
    if (!found) throw new Error('not there then');
    return found;
  };
  const typesOf = ({ events }: { readonly events: readonly { readonly type: string }[] }): string[] =>
    events.map(({ type }) => type);

  it('has an event that cannot be read as a gap: by its own time, or by its place where that cannot be read either', async () => {
    const id = uuid(1_001);
    const stream = ticketStream(id);
    await desk.append(...opening(id, SARI), { at: minute(0) });
    const raw = (type: string, metadata: object) =>
      desk.store.append(
        stream,
        [{ id: randomUUID(), type, data: { name: 'Rahasia' }, metadata: metadata as EventMetadata }],
        {
          expected: 'any',
        },
      );
    const actor = { kind: 'user', id: ANI, role: 'sales_agent', division: SARI };
    const around = { correlationId: id, causationId: id, requestId: id, schemaVersion: 1 };
    await raw('FromTheFuture', { ...around, actor, at: minute(5) });
    await raw('Broken', { at: 'gestern' });
    await desk.append(
      stream,
      { type: 'TicketTagged', data: { ticketId: id, division: SARI, tag: 'vip' } },
      { at: minute(9) },
    );
    const now = await told(id);
    expect(now.revision).to.equal(3);
    expect(now.shown.ticket.tags).to.deep.equal(['vip']);
    expect(now.events.map(({ type, timestamp, actor_kind }) => [type, timestamp, actor_kind])).to.deep.equal([
      ['TicketOpened', minute(0), now.events[0]?.actor_kind],
      ['FromTheFuture', minute(5), 'user'],
      ['Broken', minute(5), 'unknown'],
      ['TicketTagged', minute(9), now.events[3]?.actor_kind],
    ]);
    expect(now.events[1]).to.deep.include({
      actor: { id: ANI, name: 'Ani' },
      data: {},
      changes: [],
      unreadable: { because: 'unknown type', skipped: null },
    });
    expect(JSON.stringify(now.events)).not.to.include('Rahasia');
    expect(typesOf(await told(id, asOf(4)))).to.deep.equal(['TicketOpened']);
    expect(typesOf(await told(id, asOf(6)))).to.deep.equal(['TicketOpened', 'FromTheFuture']);
    expect(typesOf(await told(id, { kind: 'revision', revision: 2n }))).to.have.length(3);
  });

  it('finds the customer behind one whose registration cannot be read', async () => {
    const lost = uuid(1_002);
    const stream = `customer-sari_${lost}`;
    const metadata = { at: 'gestern' } as unknown as EventMetadata;
    await desk.store.append(stream, [{ id: randomUUID(), type: 'CustomerRegistered', data: {}, metadata }], {
      expected: 'any',
    });
    expect(await customerKeyFromEvents(desk.store, lost)).to.equal(lost);
  });
});
