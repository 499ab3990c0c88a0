/**
 * Figures of a month, next to the same figures counted from every ticket (docs/design/architecture.md#quality-bars),
 * and what keeping them costs. The history goes straight into the view: four events a ticket over a year, as the
 * projector would hand them over.
 */
import { createPostgres, type Postgres } from '../../src/adapters/postgres/index.ts';
import type { DomainEvent, Recorded } from '../../src/domain/codec.ts';
import { LOST_REASONS } from '../../src/domain/crm/fields.ts';
import { calendarOf, dayNumber } from '../../src/domain/time/calendar.ts';
import { CHANNELS, DIVISIONS } from '../../src/domain/vocabulary.ts';
import type { Scope } from '../../src/ports.ts';
import { agentsTable } from '../../src/projections/analytics/agent-figures.ts';
import { divisionReport } from '../../src/projections/analytics/division-figures.ts';
import { analyticsView } from '../../src/projections/analytics/view.ts';
import type { Bench } from '../report/finding.ts';
import { median } from '../report/finding.ts';
import { agentId } from '../history/ticket-history.ts';
import { write as statement } from '../../src/engine/sql/statement.ts';

const TICKETS = { full: 1_000_000, quick: 50_000 };
const AGENTS = 30;
const BATCH = 500;
const TIMEZONE = 'Asia/Jakarta';
const PERIOD = { from: '2026-10-01', to: '2026-10-31' };
const CITIES = ['Jakarta', 'Batam', 'Surabaya', 'Medan', 'Makassar', 'Bandung', 'Semarang', 'Denpasar'];
const BLAST_RECIPIENTS = 120_000;
const START = Date.parse('2025-11-30T17:00:00Z');
const END = Date.parse('2026-11-20T10:00:00Z');
const ALL: Scope = { kind: 'all', userId: agentId('sari', 0) };

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;
const uuid = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

let made = 0;
function recorded(stream: string, event: DomainEvent, at: number): Recorded {
  made += 1;
  const id = uuid(made);
  const actor = { kind: 'system', process: 'bench' } as const;
  const when = new Date(at).toISOString();
  const metadata = { actor, correlationId: id, causationId: id, requestId: id, at: when, schemaVersion: 1 };
  return { ...event, id, stream, revision: 0n, position: id, metadata };
}

function* staff(): Generator<Recorded> {
  for (const division of DIVISIONS) {
    for (let n = 0; n < AGENTS; n += 1) {
      const userId = agentId(division, n);
      const role = 'sales_agent' as const;
      const data = { userId, name: `Agen ${String(n)}`, email: '-', passwordHash: '-', role, division };
      yield recorded(`user-${userId}`, { type: 'UserRegistered', data }, START);
    }
  }
}

/** Everybody works from eight to five. */
function* presence(day: number): Generator<Recorded> {
  const calendar = calendarOf(TIMEZONE);
  for (const [status, minutes] of [
    ['online', 8 * 60],
    ['offline', 17 * 60],
  ] as const) {
    for (const division of DIVISIONS) {
      for (let n = 0; n < AGENTS; n += 1) {
        const userId = agentId(division, n);
        const at = calendar.momentOf(day, minutes + n);
        yield recorded(`user-${userId}`, { type: 'PresenceChanged', data: { userId, status } }, at);
      }
    }
  }
}

function* ticket(n: number, opened: number): Generator<Recorded> {
  const mixed = (n * 2_654_435_761) % 4_294_967_296;
  const division = pick(DIVISIONS, mixed >>> 3);
  const ticketId = uuid(0x1_0000_0000 + n);
  const about = { ticketId, division };
  const stream = `ticket-${ticketId}`;
  const agent = agentId(division, mixed % AGENTS);
  const who = { customerId: ticketId, customerKey: 'k', customerName: null, customerPhone: null };
  const from = { botId: null, waPhoneId: null, waDisplayName: null, isOffHours: false };
  const before = { isReturningCustomer: false, previousAgentId: null };
  const channel = pick(CHANNELS, mixed >>> 5);
  yield recorded(
    stream,
    { type: 'TicketOpened', data: { ...about, channel, ...who, ...from, ...before } },
    opened,
  );
  if (mixed % 4 === 0) {
    const data = { ...about, outcome: 'bot_resolved' as const, reason: null };
    yield recorded(stream, { type: 'TicketClosed', data }, opened + 60_000);
    return;
  }
  const taken = { ...about, agentId: agent, agentDivision: division };
  yield recorded(stream, { type: 'TicketTakenOver', data: taken }, opened + 120_000);
  const sentAt = new Date(opened + 120_000 + (mixed % 900) * 1000).toISOString();
  const reply = { ...about, messageId: ticketId, content: 'Siap', sentAt, agentId: agent };
  yield recorded(`conversation-${ticketId}`, { type: 'AgentReplied', data: reply }, Date.parse(sentAt));
  const stage = pick(['Lead', 'Qualified', 'Won', 'Lost'], mixed >>> 7);
  const fields: [string, string | number][] = [
    ['crm_stage', stage],
    ['origin_city', pick(CITIES, mixed >>> 9)],
    ['destination_city', pick(CITIES, mixed >>> 13)],
    ['quote_value', mixed % 10_000_000],
    ['deal_value', mixed % 9_000_000],
  ];
  if (stage === 'Lost') fields.push(['lost_reason', pick(LOST_REASONS, mixed >>> 11)]);
  const changes = fields.map(([field, to]) => ({ field, from: null, to }));
  const at = opened + 3_600_000 + (mixed % 10) * 86_400_000;
  const update = {
    ...about,
    changes,
    words: [],
    source: 'agent' as const,
    confidence: null,
    at: new Date(at).toISOString(),
  };
  yield recorded(stream, { type: 'CrmUpdated', data: update }, at);
}

function* history(tickets: number): Generator<Recorded> {
  yield* staff();
  const calendar = calendarOf(TIMEZONE);
  let day = calendar.dayOf(START) - 1;
  for (let n = 0; n < tickets; n += 1) {
    const opened = START + Math.floor(((END - START) * n) / tickets);
    for (; day < calendar.dayOf(opened); day += 1) yield* presence(day);
    yield* ticket(n, opened);
  }
}

/** @returns ms per batch of 500 events, the median of the last hundred batches */
async function fill({ writes }: Postgres, tickets: number): Promise<number> {
  const view = analyticsView(TIMEZONE);
  const times: number[] = [];
  let batch: Recorded[] = [];
  const write = async (): Promise<void> => {
    const began = performance.now();
    (await writes.transaction((sql) => view.apply(sql, batch)))?.();
    times.push(performance.now() - began);
    batch = [];
  };
  for (const event of history(tickets)) {
    batch.push(event);
    if (batch.length === BATCH) await write();
  }
  await write();
  await writes.query(
    statement(
      null,
      `insert into read.blast_recipients (division, blast_id, ticket_id, n, customer_id, category, status, attempted_at, responded_at)
select (array['sari', 'savi', 'safia'])[1 + n % 3], md5((n / 1000)::text)::uuid, md5(n::text)::uuid, n, md5(n::text)::uuid,
  (array['PANAS', 'HANGAT', 'DINGIN', 'NONE'])[1 + n % 4], 'accepted', timestamptz '2025-12-01' + n * interval '4 minutes',
  case when n % 5 = 0 then timestamptz '2025-12-01' + n * interval '4 minutes' end
from generate_series(1, $1::int) n`,
      [Math.min(BLAST_RECIPIENTS, tickets)],
    ),
  );
  await writes.query(
    statement(
      null,
      `insert into read.blast_days (division, span, day, category, sent, responded)
select division, span, date_trunc(span, attempted_at at time zone '${TIMEZONE}')::date, category, count(*), count(responded_at)
from read.blast_recipients, unnest(array['day', 'month']) span where category <> 'NONE' group by 1, 2, 3, 4`,
      [],
    ),
  );
  await writes.query(statement(null, 'vacuum analyze'));
  return median(times.slice(-100));
}

/** What the figures would be made of without counters: every ticket looked at, for two months. */
const RAW = `select t.channel, count(*) filter (where opened) as leads, count(*) filter (where opened and is_valid) as valid,
  count(*) filter (where opened and is_resolved and not had_agent) as resolved,
  count(*) filter (where decided and stage = 'Won') as won, count(*) filter (where decided and stage = 'Lost') as lost,
  sum(deal_value) filter (where decided and stage = 'Won') as revenue,
  avg(decided_at - opened_at) filter (where decided and stage = 'Won') as cycle
from (select t.*, opened_at >= $1 and opened_at < $2 as opened, decided_at >= $1 and decided_at < $2 as decided
  from read.analytics_tickets t) t group by t.channel`;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

export const analytics: Bench = async ({ server, rounds, size, say, log }) => {
  const count = size === 1 ? TICKETS.full : TICKETS.quick;
  const url = await server.migrated('bench_analytics');
  const postgres = createPostgres({ url, logger: log, poolSize: 1 });
  try {
    say(`analytics, counting ${count.toLocaleString('en')} tickets into the view`);
    const upkeep = await fill(postgres, count);
    const calendar = calendarOf(TIMEZONE);
    const [from, to] = [PERIOD.from, '2026-11-01'].map((day) => new Date(calendar.momentOf(dayNumber(day))));
    const raw = () => postgres.writes.query(statement('raw', RAW, [from, to]));
    const settings = { now: new Date(END), slaMinutes: 5, idleAfterHours: 4, timezone: TIMEZONE };
    const query = { division: 'all' as const, period: PERIOD, settings };
    const asked = () => divisionReport(postgres.reads, ALL, query);
    const agents = () => agentsTable(postgres.reads, ALL, query);
    for (let n = 0; n < 20; n += 1) await Promise.all([asked(), agents()]);
    const of: Record<'figures' | 'raw' | 'agents', number[]> = { figures: [], raw: [], agents: [] };
    for (let round = 1; round <= rounds; round += 1) {
      say(`analytics, round ${String(round)}`);
      const times: number[] = [];
      for (let n = 0; n < 200; n += 1) times.push(await timed(asked));
      of.figures.push(median(times));
      of.raw.push(await timed(raw));
      of.agents.push(await timed(agents));
    }
    const tickets = `${count.toLocaleString('en')} tickets`;
    return [
      {
        what: `analytics of a month, all divisions, with the month before, answers a second at ${tickets}`,
        unit: '/s',
        measured: of.figures.map((ms) => 1000 / ms),
        limit: { what: 'one aggregate over every ticket', measured: of.raw.map((ms) => 1000 / ms) },
        bar: { of: 'ratio', atLeast: 50 },
      },
      {
        what: `analytics of a month, p50, at ${tickets}`,
        unit: 'ms',
        measured: of.figures,
        bar: { of: 'value', atMost: 3 },
      },
      { what: `table of ${String(AGENTS * 3)} agents for a month`, unit: 'ms', measured: of.agents },
      { what: 'analytics, upkeep of 500 events that all change figures', unit: 'ms', measured: [upkeep] },
    ];
  } finally {
    await postgres.close();
    await server.drop('bench_analytics');
  }
};
