import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { readingStream } from '../../../src/domain/conversation/reading.ts';
import { crmUpdated } from '../../../src/domain/crm/crm.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import {
  CHANNELS,
  CRM_STAGES,
  type Division,
  DIVISIONS,
  QUEUE_STATUSES,
  TICKET_STATUSES,
} from '../../../src/domain/vocabulary.ts';
import type { Scope } from '../../../src/ports.ts';
import { type InboxQuery, listInbox } from '../../../src/projections/tickets/inbox.ts';
import { type Desk, everywhere, inDivision, openDesk, opening, receiving, taking, uuid } from '../desk.ts';

/** What the rules say of a ticket, kept by plain code that shares nothing with the projection. */
interface Known {
  id: string;
  division: Division;
  channel: string;
  name: string;
  phone: string;
  status: string;
  queue: string;
  stage: (typeof CRM_STAGES)[number];
  agent: string | null;
  tags: Set<string>;
  activity: number;
  created: number;
  label: string | null;
  waitingFor: string | null;
  waitingSince: number | null;
  queuedAt: number | null;
  snoozed: boolean;
  returning: boolean;
  messages: number;
  /** How many of them the first agent has read. */
  seen: number;
}

/** The last one is how a pair of two others might be spelled. */
const TAGS = ['promo', 'vip', 'komplain', 'b2b', '3:b2b tvip'];
const AGENTS = [1, 2, 3, 4].map(uuid);
const NAMES = ['Budi Santoso', 'Siti Búdiman', 'Agus', 'Dewi Lestari', 'Budi Budi', 'Ó Brien'];
const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const HOUR = 3_600_000;

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const next = seeded(20_261_120);
const oneOf = <T>(items: readonly T[]): T => items[next(items.length)]!;

describe('the inbox against an oracle', () => {
  let desk: Desk;
  const known: Known[] = [];

  /** One legal step of a ticket's life, for the store and for the oracle. */
  function step(one: Known, at: number): [string, DomainEvent] {
    const { id: ticketId, division } = one;
    const about = { ticketId, division };
    const when = new Date(at).toISOString();
    const talk = conversationStream(ticketId);
    const stream = ticketStream(ticketId);
    const give = (agentId: string): void => {
      if (one.status !== 'awaiting_response') one.status = 'in_progress';
      one.queue = 'assigned';
      one.agent = agentId;
      Object.assign(one, { label: null, waitingFor: null, queuedAt: null, snoozed: false });
    };
    const was = one.activity;
    one.activity = at;
    const choice = next(11);
    if (one.status === 'closed' && (choice === 6 || choice === 7)) {
      one.status = one.agent === null ? 'new' : 'in_progress';
      return [stream, { type: 'TicketReopened', data: { ...about, agentId: one.agent, reason: null } }];
    }
    if (choice === 0 && one.status !== 'closed') {
      const agentId = oneOf(AGENTS);
      const from = one.agent;
      give(agentId);
      if (from !== null && from !== agentId)
        return [
          stream,
          {
            type: 'TicketReassigned',
            data: { ...about, fromAgent: from, toAgent: agentId, toDivision: division, reason: null },
          },
        ];
      return taking(ticketId, division, agentId);
    }
    if (choice === 1 && one.status === 'new') {
      const label = oneOf(['waiting_agent', 'off_hours', 'returning_customer'] as const);
      const waitingFor = oneOf([null, null, ...AGENTS]);
      one.queue = label === 'off_hours' ? 'off_hours' : 'queued';
      Object.assign(one, { label, waitingFor, queuedAt: one.queuedAt ?? at });
      return [stream, { type: 'TicketQueued', data: { ...about, label, waitingFor } }];
    }
    if (choice === 2) {
      const tag = oneOf(TAGS.filter((each) => !one.tags.has(each)).concat('extra'));
      if (one.tags.has(tag)) {
        one.tags.delete(tag);
        return [stream, { type: 'TicketUntagged', data: { ...about, tag } }];
      }
      one.tags.add(tag);
      return [stream, { type: 'TicketTagged', data: { ...about, tag } }];
    }
    if (choice === 3 && one.status !== 'closed') {
      one.status = 'closed';
      one.queue = one.agent === null ? 'free' : 'assigned';
      Object.assign(one, {
        label: null,
        waitingFor: null,
        queuedAt: null,
        snoozed: false,
        waitingSince: null,
      });
      return [stream, { type: 'TicketClosed', data: { ...about, outcome: 'closed', reason: null } }];
    }
    if (choice === 4 && one.agent !== null && one.status !== 'closed') {
      one.status = 'awaiting_response';
      one.waitingSince = null;
      return [
        talk,
        {
          type: 'AgentReplied',
          data: { ...about, messageId: uuid(at % 1e9), content: 'Siap', sentAt: when, agentId: one.agent },
        },
      ];
    }
    if (choice === 5) {
      const to = oneOf(CRM_STAGES);
      const changes = [{ field: 'crm_stage', from: one.stage, to }];
      one.stage = to;
      return [stream, crmUpdated(about, changes, { source: 'agent', confidence: null, at: when })];
    }
    if (choice === 8 && one.agent !== null && one.status !== 'closed') {
      one.snoozed = true;
      one.activity = was;
      const until = new Date(NOW + 90 * HOUR).toISOString();
      return [stream, { type: 'TicketSnoozed', data: { ...about, agentId: one.agent, until } }];
    }
    if (choice === 9 && one.agent !== null && one.status !== 'closed') {
      const data = { ...about, agentId: one.agent, to: oneOf(['queue', 'bot'] as const), reason: null };
      Object.assign(one, { status: 'new', agent: null, waitingFor: null, snoozed: false });
      if (data.to === 'queue') Object.assign(one, { queue: 'queued', label: 'waiting_agent', queuedAt: at });
      else Object.assign(one, { queue: 'free', label: null, queuedAt: null });
      return [stream, { type: 'TicketReleased', data }];
    }
    if (choice === 10 && one.messages > 0) {
      one.seen = one.messages;
      one.activity = was;
      return [
        readingStream(ticketId),
        { type: 'TicketRead', data: { ...about, userId: AGENTS[0]!, seen: one.seen } },
      ];
    }
    if (one.status === 'awaiting_response') one.status = 'in_progress';
    if (one.status !== 'closed') one.waitingSince ??= at;
    one.snoozed = false;
    one.messages += 1;
    return receiving(ticketId, division, { sentAt: when });
  }

  before(async function () {
    this.timeout(60_000);
    desk = await openDesk();
    const pending: Promise<unknown>[] = [];
    let at = NOW - 20 * HOUR;
    for (let n = 0; n < 240; n += 1) {
      at += 60_000;
      const one: Known = {
        id: uuid(10_000 + next(900_000) * 1_000 + n),
        division: oneOf(DIVISIONS),
        channel: oneOf(CHANNELS),
        // A rare word next to a common one.
        name: n % 30 === 0 ? oneOf(['Budi Zulkarnain', 'Zulkifli']) : oneOf(NAMES),
        phone: `628${String(100_000 + next(900_000))}`,
        status: 'new',
        queue: 'free',
        stage: 'Lead',
        agent: null,
        tags: new Set(),
        activity: at,
        created: at,
        label: null,
        waitingFor: null,
        waitingSince: null,
        queuedAt: null,
        snoozed: false,
        returning: n % 7 === 0,
        messages: 0,
        seen: 0,
      };
      known.push(one);
      const open = opening(one.id, one.division, {
        channel: one.channel as 'web',
        customerName: one.name,
        customerPhone: one.phone,
        customerId: uuid(800_000 + (n % 50)),
        isReturningCustomer: one.returning,
      });
      await desk.append(...open, { at: new Date(at).toISOString() });
    }
    for (let n = 0; n < 1_800; n += 1) {
      at += 20_000;
      const [stream, event] = step(oneOf(known), at);
      pending.push(desk.append(stream, event, { at: new Date(at).toISOString() }));
      if (n % 50 === 0) await Promise.all(pending.splice(0));
    }
    await Promise.all(pending);
    await desk.settled();
  });
  after(() => desk.close());

  const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const idle = (one: Known): boolean =>
    one.agent !== null && one.status !== 'closed' && one.activity < NOW - 4 * HOUR;

  type Filters = Omit<InboxQuery, 'divisions' | 'limit'>;
  const among = (word: string | null, words: string | readonly string[] | undefined): boolean =>
    words === undefined || (word !== null && [words].flat().includes(word));
  /** The lists of work leave out what was put aside. */
  const hides = (f: Filters): boolean =>
    f.open === true || (f.assignedTo !== undefined && f.assignedTo !== 'none');
  const isMine = (one: Known, me: string): boolean =>
    one.status !== 'closed' && ((one.agent === me && !one.snoozed) || one.waitingFor === me);
  const over = (since: number | null, minutes: number | undefined): boolean =>
    minutes === undefined || (since !== null && since <= NOW - minutes * 60_000);
  const keyOf = (one: Known, { sort }: Filters): number | null =>
    ({
      last_activity: one.activity,
      created: one.created,
      waiting: one.waitingSince,
      queued: one.queuedAt,
    })[sort ?? 'last_activity'];

  const matches = (one: Known, f: Filters): boolean =>
    keyOf(one, f) !== null &&
    among(one.status, f.status) &&
    among(one.status === 'closed' ? null : one.queue, f.queueStatus) &&
    among(one.label, f.queueLabel) &&
    among(one.channel, f.channel) &&
    among(one.stage, f.crmStage) &&
    (f.open === undefined || (one.status !== 'closed') === f.open) &&
    (f.assignedTo === undefined || (one.agent ?? 'none') === f.assignedTo) &&
    (f.waitingFor === undefined || one.waitingFor === f.waitingFor) &&
    (f.mineOf === undefined || isMine(one, f.mineOf)) &&
    (f.unreadBy === undefined ||
      (one.status !== 'closed' && one.messages > (f.unreadBy === AGENTS[0] ? one.seen : 0))) &&
    (f.snoozed === undefined ? !(hides(f) && one.snoozed) : one.snoozed === f.snoozed) &&
    (f.isReturning === undefined || one.returning === f.isReturning) &&
    (f.createdFrom === undefined || one.created >= Date.parse(f.createdFrom)) &&
    (f.createdTo === undefined || one.created <= Date.parse(f.createdTo)) &&
    over(one.waitingSince, f.waitingOverMin) &&
    over(one.queuedAt, f.queuedOverMin) &&
    (f.tags ?? []).every((tag) => one.tags.has(tag)) &&
    (f.isIdle === undefined || idle(one) === f.isIdle) &&
    (f.q === undefined ||
      fold(f.q)
        .split(' ')
        .every((word) => [...fold(one.name).split(' '), one.phone].some((own) => own.startsWith(word))));

  const sorted = (divisions: readonly Division[], f: Filters): string[] =>
    known
      .filter((one) => divisions.includes(one.division) && matches(one, f))
      .sort((a, b) => {
        const ascending = (keyOf(a, f) ?? 0) - (keyOf(b, f) ?? 0) || (a.id < b.id ? -1 : 1);
        const order = f.order ?? (f.sort === 'waiting' || f.sort === 'queued' ? 'asc' : 'desc');
        return order === 'asc' ? ascending : -ascending;
      })
      .map(({ id }) => id);

  const idsOf = (json: string): string[] => (JSON.parse(json) as { id: string }[]).map(({ id }) => id);

  async function agrees(scope: Scope, divisions: readonly Division[], f: Filters): Promise<void> {
    const words = JSON.stringify({ divisions, ...f });
    const expected = sorted(divisions, f);
    const query = { ...f, divisions, idle: { now: new Date(NOW), afterHours: 4 } };
    const page = await listInbox(desk.postgres.reads, scope, { ...query, limit: 200 });
    expect(page.total, `total of ${words}`).to.equal(expected.length);
    expect(idsOf(page.json), words).to.deep.equal(expected.slice(0, 200));
    if (expected.length === 0) return;
    const limit = Math.max(1, Math.ceil(expected.length / 4));
    const offset = Math.floor(expected.length / 3);
    const later = await listInbox(desk.postgres.reads, scope, { ...query, limit, offset });
    expect(idsOf(later.json), `offset ${words}`).to.deep.equal(expected.slice(offset, offset + limit));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const part = await listInbox(desk.postgres.reads, scope, { ...query, limit, cursor });
      seen.push(...idsOf(part.json));
      cursor = part.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen, `cursor ${words}`).to.deep.equal(expected);
  }

  const values: readonly Filters[][] = [
    TICKET_STATUSES.map((status) => ({ status })),
    QUEUE_STATUSES.map((queueStatus) => ({ queueStatus })),
    [
      { tags: ['promo'] },
      { tags: ['extra', 'vip'] },
      { tags: ['nobody'] },
      { tags: ['promo', 'vip', 'b2b'] },
      { tags: ['b2b', 'vip'] },
      { tags: ['3:b2b tvip'] },
    ],
    CHANNELS.map((channel) => ({ channel })),
    [{ crmStage: 'Lead' }, { crmStage: 'Won' }],
    [...AGENTS.slice(0, 2), uuid(404)].map((assignedTo) => ({ assignedTo })),
    [{ q: 'budi' }, { q: 'SANT' }, { q: 'bú sa' }, { q: '6281' }, { q: 'zzz' }, { q: 'br' }, { q: 'zul b' }],
    [{ isIdle: true }, { isIdle: false }],
    [
      { status: ['new', 'in_progress'] },
      { queueStatus: ['queued', 'off_hours'], crmStage: ['Lead', 'Won'] },
      { channel: ['web', 'whatsapp'] },
      { open: true },
      { open: false },
    ],
    [{ assignedTo: 'none' }, { mineOf: AGENTS[1]! }, { waitingFor: AGENTS[2]! }, { mineOf: uuid(404) }],
    [{ snoozed: true }, { snoozed: false }, { unreadBy: AGENTS[0]! }, { unreadBy: AGENTS[1]! }],
    [{ isReturning: true }, { isReturning: false }, { queueLabel: ['returning_customer', 'off_hours'] }],
    [
      { sort: 'waiting' },
      { sort: 'queued', order: 'desc' },
      { sort: 'created' },
      { sort: 'last_activity', order: 'asc' },
      {
        createdFrom: new Date(NOW - 18 * HOUR).toISOString(),
        createdTo: new Date(NOW - 17 * HOUR).toISOString(),
      },
      { waitingOverMin: 300 },
      { queuedOverMin: 200 },
    ],
  ];

  it('lists, counts and pages everything without a filter', async () => {
    await agrees(everywhere, DIVISIONS, {});
    for (const division of DIVISIONS) await agrees(inDivision(division), [division], {});
  });

  it('agrees for every filter alone, for one division and for all', async function () {
    this.timeout(60_000);
    for (const filter of values.flat()) {
      await agrees(everywhere, DIVISIONS, filter);
      await agrees(inDivision('savi'), ['savi'], filter);
    }
  });

  it('agrees for every pair of filters', async function () {
    this.timeout(120_000);
    for (const [index, some] of values.entries()) {
      for (const others of values.slice(index + 1)) {
        for (const [n, one] of some.entries()) {
          // Each value meets two of every other filter: all of them meet somebody.
          for (const other of [others[n % others.length]!, others[(n + 1) % others.length]!]) {
            const [scope, divisions] =
              n % 2 === 0 ? ([everywhere, DIVISIONS] as const) : ([inDivision('sari'), ['sari']] as const);
            await agrees(scope, divisions, { ...one, ...other });
          }
        }
      }
    }
  });

  it('finds a phone number however it is written', async () => {
    const { phone, division } = known[0]!;
    for (const q of [
      phone,
      `+${phone}`,
      `0${phone.slice(2)}`,
      `0${phone.slice(2, 5)}-${phone.slice(5)}`,
      phone.slice(2),
    ]) {
      const { json } = await listInbox(desk.postgres.reads, inDivision(division), {
        divisions: [division],
        q,
        limit: 200,
      });
      expect(idsOf(json), q).to.include(known[0]!.id);
    }
  });

  it('keeps counters that equal a count of the rows', async () => {
    const [differing] = await desk.rows<{ n: number }>(`select count(*)::int as n from (
      (select division, status, queue_status, channel, crm_stage, count(*)::int from read.tickets group by 1, 2, 3, 4, 5)
      except (select division, status, queue_status, channel, crm_stage, n from read.ticket_counts where lens = '*')) d`);
    expect(differing?.n).to.equal(0);
  });
});
