import { expect } from 'chai';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { type DomainEvent } from '../../../../src/domain/codec.ts';
import { conversationStream } from '../../../../src/domain/conversation/conversation.ts';
import { crmUpdated } from '../../../../src/domain/crm/crm.ts';
import { deliveryStream } from '../../../../src/domain/outbound/delivery.ts';
import { ticketStream } from '../../../../src/domain/tickets/ticket.ts';
import { userStream } from '../../../../src/domain/staff/user.ts';
import { getTicket } from '../../../../src/projections/tickets/inbox.ts';
import { differenceOf } from '../../../../src/projections/audit/history/difference.ts';
import { historyOf } from '../../../../src/projections/audit/history/history.ts';
import { customerKeyFromEvents } from '../../../../src/projections/audit/history/customer-key.ts';
import { type RequestedPoint, NOW, timeOf } from '../../../../src/projections/audit/history/point-in-time.ts';
import {
  blastSubject,
  customerSubject,
  userSubject,
} from '../../../../src/projections/audit/history/people-and-blasts.ts';
import { ticketSubject } from '../../../../src/projections/audit/history/ticket.ts';
import {
  agentOf,
  customerOf,
  type Desk,
  inDivision,
  noting,
  openDesk,
  opening,
  receiving,
  registered,
  taking,
  uuid,
} from '../../desk.ts';

const ANI = uuid(101);
const BEN = uuid(102);
const SARI = 'sari' as const;
const NOON = Date.parse('2026-07-03T05:00:00.000Z');
const minute = (n: number): string => new Date(NOON + n * 60_000).toISOString();
const asOf = (n: number): RequestedPoint => ({ kind: 'time', at: new Date(minute(n)) });
const about = (ticketId: string) => ({ ticketId, division: SARI });

const replying = (ticketId: string, agentId: string, sentAt: string, messageId = randomUUID()) =>
  [
    conversationStream(ticketId),
    { type: 'AgentReplied', data: { ...about(ticketId), messageId, content: 'Siap', sentAt, agentId } },
  ] as const satisfies [string, DomainEvent];

describe('history', () => {
  let desk: Desk;
  let last = 1_000;
  const fresh = (): string => uuid((last += 1));
  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'), { at: minute(-1000) });
    await desk.append(...registered(BEN, 'Ben'), { at: minute(-1000) });
  });
  after(() => desk.close());

  const subjectOf = (id: string, l2 = false) => ticketSubject(id, { l2, idleAfterHours: 4 });
  const told = async (
    id: string,
    requested: RequestedPoint = NOW,
    { l2 = false, limit = 100, cursor }: { l2?: boolean; limit?: number; cursor?: string | undefined } = {},
  ) => {
    const found = await historyOf(desk.store, subjectOf(id, l2), {
      requested,
      now: new Date(minute(100_000)),
      layers: { l1: true },
      limit,
      cursor,
    });
    if (!found) throw new Error('not there then');
    return found;
  };
  const typesOf = ({ events }: { readonly events: readonly { readonly type: string }[] }): string[] =>
    events.map(({ type }) => type);

  it('shows at any moment of days what the inbox showed then, idleness included', async function () {
    this.timeout(60_000);
    type Make = (id: string, at: string) => [string, DomainEvent];
    const makes: Record<string, Make> = {
      customer: (id, at) => receiving(id, SARI, { sentAt: at }),
      reply: (id, at) => replying(id, ANI, at),
      take: (id) => taking(id, SARI, ANI),
      pass: (id) => [
        ticketStream(id),
        {
          type: 'TicketReassigned',
          data: {
            ...about(id),
            fromAgent: ANI,
            toAgent: BEN,
            toDivision: SARI,
            reason: null,
            replyBy: minute(9),
          },
        },
      ],
      tag: (id) => [ticketStream(id), { type: 'TicketTagged', data: { ...about(id), tag: 'vip' } }],
      sale: (id, at) => [
        ticketStream(id),
        crmUpdated(about(id), [{ field: 'crm_stage', from: 'Lead', to: 'Proposal' }], {
          source: 'agent',
          confidence: null,
          at,
        }),
      ],
      close: (id) => [
        ticketStream(id),
        { type: 'TicketClosed', data: { ...about(id), outcome: 'closed', reason: null } },
      ],
      rename: (_id, at) => [
        userStream(ANI),
        { type: 'UserRenamed', data: { userId: ANI, name: `Ani ${at}` } },
      ],
    };
    const talk = fc.array(
      fc.record({
        what: fc.constantFrom(...Object.keys(makes), 'customer', 'reply', 'take'),
        after: fc.integer({ min: 0, max: 600 }),
        look: fc.integer({ min: 0, max: 599 }),
      }),
      { minLength: 8, maxLength: 16 },
    );
    let looked = 0;
    let idle = 0;
    let start = 0;
    await fc.assert(
      fc.asyncProperty(talk, async (steps) => {
        const id = fresh();
        let now = (start += 1);
        await desk.append(...opening(id, SARI), { at: minute(now) });
        const seen: { at: number; json: string }[] = [];
        for (const [index, { what, after, look }] of steps.entries()) {
          now += after;
          await desk.append(...makes[what]!(id, minute(now)), { at: minute(now), actor: agentOf(ANI) });
          // A look before the next thing happens.
          const next = steps[index + 1]?.after ?? 600;
          if (next === 0) continue;
          const at = now + (look % next);
          await desk.settled();
          const idleness = { now: new Date(minute(at)), afterHours: 4 };
          seen.push({
            at,
            json: (await getTicket(desk.postgres.reads, inDivision(SARI), id, idleness))!.json,
          });
        }
        start = Math.max(start, now);
        for (const { at, json } of seen) {
          const { shown } = await told(id, asOf(at), { limit: 1 });
          expect(shown.ticket).to.deep.equal(JSON.parse(json));
          looked += 1;
          if (shown.ticket.is_idle) idle += 1;
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(looked).to.be.above(90);
    expect(idle).to.be.above(3);
  });

  it('lets positions decide within one millisecond, also between streams', async () => {
    const id = fresh();
    const at = minute(0);
    await desk.append(...opening(id, SARI), { at });
    await desk.append(...taking(id, SARI, ANI), { at });
    await desk.append(...receiving(id, SARI, { sentAt: at }), { at });
    await desk.append(...replying(id, ANI, at), { at });
    await desk.append(...receiving(id, SARI, { sentAt: at }), { at });
    expect(typesOf(await told(id, asOf(0)))).to.deep.equal([
      'TicketOpened',
      'TicketTakenOver',
      'MessageReceived',
      'AgentReplied',
      'MessageReceived',
    ]);
    expect((await told(id, asOf(0))).shown.ticket.status).to.equal('in_progress');
    const { shown, events, revision } = await told(id, { kind: 'revision', revision: 1n });
    expect([shown.ticket.status, events.length, revision]).to.deep.equal(['in_progress', 2, 1]);
  });

  it('shows a state that there was where a clock ran behind: nothing recorded before is left out', async () => {
    const id = fresh();
    await desk.append(...opening(id, SARI), { at: minute(0) });
    await desk.append(...taking(id, SARI, ANI), { at: minute(60) });
    await desk.append(...replying(id, ANI, minute(5)), { at: minute(5) });
    expect(typesOf(await told(id, asOf(10)))).to.deep.equal([
      'TicketOpened',
      'TicketTakenOver',
      'AgentReplied',
    ]);
    expect(typesOf(await told(id, asOf(4)))).to.deep.equal(['TicketOpened']);
  });

  it('of a revision includes what the conversation held by then, and not what came after', async () => {
    const id = fresh();
    await desk.append(...opening(id, SARI), { at: minute(0) });
    await desk.append(...receiving(id, SARI, { content: 'satu' }), { at: minute(1) });
    await desk.append(...taking(id, SARI, ANI), { at: minute(2) });
    await desk.append(...receiving(id, SARI, { content: 'dua' }), { at: minute(3) });
    const first = await told(id, { kind: 'revision', revision: 1n });
    expect(first.shown.ticket.last_message_preview).to.equal('satu');
    expect(first.at.toISOString()).to.equal(minute(2));
    expect((await told(id, { kind: 'revision', revision: 0n })).shown.ticket.last_message_preview).to.equal(
      null,
    );
    const query = { now: new Date(), layers: { l1: true }, limit: 1 };
    const beyond = { ...query, requested: { kind: 'revision', revision: 2n } } as const;
    expect(await historyOf(desk.store, subjectOf(id), beyond)).to.equal(null);
    const before = { ...query, requested: asOf(-1) };
    expect(await historyOf(desk.store, subjectOf(id), before)).to.equal(null);
  });

  it('puts the steps of a delivery behind their message, up to the moment', async () => {
    const id = fresh();
    const messageId = randomUUID();
    await desk.append(...opening(id, SARI), { at: minute(0) });
    await desk.append(...replying(id, ANI, minute(1), messageId), { at: minute(1), actor: agentOf(ANI) });
    const of = { ...about(id), messageId };
    const stream = deliveryStream(messageId);
    await desk.append(
      stream,
      { type: 'DeliveryAttempted', data: { ...of, attemptId: randomUUID(), attempt: 1 } },
      { at: minute(2), actor: { kind: 'system', process: 'sender' } },
    );
    await desk.append(...receiving(id, SARI), { at: minute(3) });
    await desk.append(
      stream,
      { type: 'DeliveryFailed', data: { ...of, code: '131047', reason: 'closed window' } },
      { at: minute(4), actor: { kind: 'system', process: 'sender' } },
    );
    const all = await told(id);
    expect(typesOf(all).slice(1)).to.deep.equal([
      'AgentReplied',
      'DeliveryAttempted',
      'MessageReceived',
      'DeliveryFailed',
    ]);
    expect(all.events.at(-1)).to.deep.include({ reason: 'closed window', process: 'sender', actor: null });
    expect(typesOf(await told(id, asOf(3)))).to.not.include('DeliveryFailed');
  });

  it('never reads the internal notes for who may not', async () => {
    const id = fresh();
    await desk.append(...opening(id, SARI), { at: minute(0) });
    await desk.append(...noting(id, SARI, ANI, 'jangan bilang'), { at: minute(1), actor: agentOf(ANI) });
    const read: string[] = [];
    const store = {
      read: (stream: string, options?: object) => {
        read.push(stream);
        return desk.store.read(stream, options);
      },
    };
    const query = { requested: NOW, now: new Date(), layers: { l1: true }, limit: 9 };
    const without = await historyOf(store, subjectOf(id), query);
    expect(JSON.stringify(without)).to.not.include('jangan');
    expect(read.join()).to.not.include('internal-');
    expect(typesOf((await historyOf(store, subjectOf(id, true), query))!)).to.include('InternalNotePosted');
  });

  it('stays exact and bounded on a long conversation', async function () {
    this.timeout(60_000);
    const id = fresh();
    await desk.append(...opening(id, SARI), { at: minute(0) });
    const raw = (n: number) => {
      const [, event] = receiving(id, SARI, { content: `pesan ${String(n)}`, sentAt: minute(n) });
      const own = randomUUID();
      const metadata = {
        actor: { kind: 'customer' as const },
        correlationId: own,
        causationId: own,
        requestId: own,
        at: minute(n),
        schemaVersion: 1,
      };
      return { id: own, type: event.type, data: event.data, metadata };
    };
    for (let n = 1; n <= 2_000; n += 200)
      await desk.appendRaw(
        conversationStream(id),
        Array.from({ length: 200 }, (_, index) => raw(n + index)),
      );
    const { shown, events, nextCursor } = await told(id, asOf(1_234), { limit: 50 });
    expect(shown.ticket.last_message_preview).to.equal('pesan 1234');
    expect(events.map(({ data }) => data['content'])).to.deep.equal(
      Array.from({ length: 50 }, (_, index) => `pesan ${String(1_185 + index)}`),
    );
    const earlier = await told(id, asOf(1_234), { limit: 50, cursor: nextCursor ?? undefined });
    expect(earlier.events.at(-1)?.data['content']).to.equal('pesan 1184');
    expect(earlier.shown).to.deep.equal(shown);
  });

  it('of two moments tells what changed, from what to what, and which event did it', async () => {
    const id = fresh();
    // Not Ani: the random history above renames her at any minute.
    await desk.append(...opening(id, SARI), { at: minute(0) });
    await desk.append(...taking(id, SARI, BEN), { at: minute(10), actor: agentOf(BEN) });
    const sale = crmUpdated(about(id), [{ field: 'deal_value', from: null, to: 500_000 }], {
      source: 'agent',
      confidence: null,
      at: minute(20),
    });
    await desk.append(ticketStream(id), sale, { at: minute(20), actor: agentOf(BEN) });
    const difference = (a: RequestedPoint, b: RequestedPoint) =>
      differenceOf(desk.store, subjectOf(id), [a, b], new Date(minute(9_999)));
    const found = await difference(asOf(5), { kind: 'revision', revision: 2n });
    const by = (field: string) => found!.fields.find((one) => one.field === field);
    expect(found!.fields.map(({ field }) => field)).to.have.members([
      'status',
      'queue_status',
      'assigned_at',
      'assigned_to',
      'crm.deal_value',
    ]);
    expect(by('status')).to.deep.include({ from: 'new', to: 'in_progress' });
    expect(by('status')?.by).to.include({ type: 'TicketTakenOver', revision: 1 });
    expect(by('crm.deal_value')).to.deep.include({ from: null, to: 500_000 });
    expect(by('crm.deal_value')?.by).to.include({ type: 'CrmUpdated', timestamp: minute(20) });
    // Nobody did anything: only time passed.
    const later = await difference(asOf(30), asOf(600));
    expect(later?.fields).to.deep.equal([{ field: 'is_idle', from: false, to: true, by: null }]);
    expect((await difference(asOf(-5), asOf(1)))?.fields[0]).to.deep.include({ from: null });
  });

  it('reads a day as its end where the business is', () => {
    expect(timeOf('2026-07-03', 'Asia/Jakarta').toISOString()).to.equal('2026-07-03T16:59:59.999Z');
    expect(timeOf('2026-07-03T10:30:00+07:00', 'Asia/Jakarta').toISOString()).to.equal(
      '2026-07-03T03:30:00.000Z',
    );
    // The night the clocks go forward is an hour shorter.
    expect(timeOf('2026-03-29', 'Europe/Berlin').toISOString()).to.equal('2026-03-29T21:59:59.999Z');
  });

  it('of a user, a customer and a blast tells the same, and no secret', async () => {
    const query = { requested: NOW, now: new Date(minute(99)), layers: { l1: true }, limit: 9 };
    const userId = fresh();
    await desk.append(...registered(userId, 'Cici'), { at: minute(0) });
    const changed: DomainEvent = { type: 'UserPasswordChanged', data: { userId, passwordHash: 'hash two' } };
    await desk.append(userStream(userId), changed, { at: minute(1) });
    await desk.append(userStream(userId), { type: 'UserDeactivated', data: { userId } }, { at: minute(2) });
    const user = (await historyOf(desk.store, userSubject(userId), query))!;
    expect(user.shown).to.include({ name: 'Cici', is_active: false });
    expect(user.events.map(({ changes }) => changes.length > 0)).to.deep.equal([true, false, true]);
    expect(JSON.stringify(user)).to.not.include('hash');
    const before = await historyOf(desk.store, userSubject(userId), { ...query, requested: asOf(1) });
    expect(before?.shown).to.include({ is_active: true });

    const customerId = fresh();
    await desk.append(...customerOf(SARI, customerId, '628111'));
    const key = await customerKeyFromEvents(desk.store, customerId);
    expect(key).to.equal(`sari_${customerId}`);
    expect(await customerKeyFromEvents(desk.store, key)).to.equal(key);
    const customer = await historyOf(desk.store, customerSubject(key), query);
    expect(customer?.shown).to.include({ phone: '628111', customer_id: customerId });
    expect(await historyOf(desk.store, blastSubject(fresh()), query)).to.equal(null);
  });
});
