/** Figures of agents (docs/design/api.md#analytics). */
import { type Calendar, calendarOf } from '../../domain/time/calendar.ts';
import { monthPeriod, monthsUpTo, type Period, previousOf } from '../../domain/time/period.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { listInbox } from '../tickets/inbox.ts';
import {
  countIdle,
  type DecidedSums,
  sumDecided,
  sumOnline,
  sumOverdue,
  sumPickups,
  sumReasonsOfAgents,
  type AgentFilter,
} from './agent-sums.ts';
import { labelledSteps, type LabelledPeriod, timeRangeOf } from './buckets.ts';
import { lostReasons } from './division-figures.ts';
import type {
  AgentFiguresOf,
  AgentLine,
  AgentPeriodFigures,
  AgentStep,
  AgentsTableOf,
  LostReason,
  FigureSettings,
} from './figures.ts';
import {
  allHours,
  type HoursByDivision,
  hoursOf,
  namedStaff,
  type StaffPresence,
  staffPresenceOf,
  workSpans,
} from './staff-presence.ts';
import { mean, percentOf, roundedRupiah } from './ratio.ts';

const MONTHS_IN_TREND = 3;
const MOST_IDLE = 200;
const HOUR_MS = 3_600_000;

/** Finds a row by its label and agent. */
type RowLookup<Row> = (label: string, agentId: string) => Row | undefined;

function lookupIn<Row extends { readonly label: string; readonly agentId: string }>(
  rows: readonly Row[],
): RowLookup<Row> {
  const byKey = new Map(rows.map((row) => [`${row.label} ${row.agentId}`, row]));
  return (label, agentId) => byKey.get(`${label} ${agentId}`);
}

type NamedStaff = StaffPresence & { readonly name: string };

async function loadSums(
  sql: Sql,
  agentId: AgentFilter,
  periods: readonly LabelledPeriod[],
  steps: readonly LabelledPeriod[],
  { now, slaMinutes }: FigureSettings,
  calendar: Calendar,
) {
  const months = [...new Set(periods.flatMap(({ period }) => monthsUpTo(period, MONTHS_IN_TREND)))];
  const trend = months.map((month) => ({ label: month, period: monthPeriod(month) }));
  const all = [...periods, ...steps];
  const limitPassed = new Date(now.getTime() - slaMinutes * 60_000);
  const [staff, hours, decided, reasons, pickups, overdue, online] = await Promise.all([
    sql.query(namedStaff(agentId)),
    sql.query(allHours()),
    sumDecided(sql, [...all, ...trend], agentId),
    sumReasonsOfAgents(sql, periods, agentId),
    sumPickups(sql, all, agentId, slaMinutes),
    sumOverdue(sql, all, agentId, limitPassed, calendar),
    sumOnline(sql, all, agentId),
  ]);
  const reasonsOf = new Map<string, { reason: LostReason; lost: number }[]>();
  for (const { label, agentId: agent, reason, lost } of reasons) {
    const key = `${label} ${agent}`;
    reasonsOf.set(key, [...(reasonsOf.get(key) ?? []), { reason, lost }]);
  }
  return {
    staff: staff.map((row): NamedStaff => ({ ...staffPresenceOf(row), name: row.name ?? '' })),
    hours: hoursOf(hours),
    decided: lookupIn(decided),
    reasons: (label: string, agent: string) => reasonsOf.get(`${label} ${agent}`) ?? [],
    pickups: lookupIn(pickups),
    overdue: lookupIn(overdue),
    online: lookupIn(online),
  };
}
type AgentSums = Awaited<ReturnType<typeof loadSums>>;

const NO_DECISIONS = { won: 0, lost: 0, revenue: 0, deals: 0, quotes: 0, discounts: 0 };
const orZero = (sums: DecidedSums | undefined): Omit<DecidedSums, 'label' | 'agentId'> =>
  sums ?? NO_DECISIONS;

/** Milliseconds of office hours in a span, computed once for all members of the same divisions. */
function workTimeOf(hours: HoursByDivision, calendar: Calendar) {
  const cache = new Map<string, number>();
  return (member: StaffPresence, from: number, to: number): number => {
    const key = JSON.stringify([member.memberships, from, to]);
    const workTime =
      cache.get(key) ??
      workSpans(member, hours, { from, to }, calendar).reduce((sum, span) => sum + span.to - span.from, 0);
    cache.set(key, workTime);
    return workTime;
  };
}

function figuresOf(sums: AgentSums, settings: FigureSettings, calendar: Calendar) {
  const { hours, decided, reasons, pickups, overdue, online } = sums;
  const workTime = workTimeOf(hours, calendar);
  const now = settings.now.getTime();

  function availability(member: StaffPresence, label: string, period: Period): number | null {
    const { from, to } = timeRangeOf(period, calendar);
    const until = Math.min(to, now);
    const stillOnlineFrom = member.onlineSince === null ? until : Math.max(from, member.onlineSince);
    const ended = online(label, member.userId)?.onlineMs ?? 0;
    return percentOf(ended + workTime(member, stillOnlineFrom, until), workTime(member, from, until));
  }

  return (member: StaffPresence, { label, period }: LabelledPeriod): AgentPeriodFigures => {
    const { userId } = member;
    const { won, lost, revenue, deals, quotes, discounts } = orZero(decided(label, userId));
    const { answered, answeredMs, kept, missed } = pickups(label, userId) ?? {
      answered: 0,
      answeredMs: 0,
      kept: 0,
      missed: 0,
    };
    const open = overdue(label, userId)?.overdue ?? 0;
    const deal = deals === 0 ? null : revenue / deals;
    return {
      closing_rate: percentOf(won, won + lost),
      trend_3mo: monthsUpTo(period, MONTHS_IN_TREND).map((month) => {
        const ofMonth = orZero(decided(month, userId));
        return {
          month,
          closing_rate: percentOf(ofMonth.won, ofMonth.won + ofMonth.lost),
          won: ofMonth.won,
          lost: ofMonth.lost,
        };
      }),
      pickup_time_avg_min: mean(answeredMs / 60_000, answered),
      sla_compliance_pct: percentOf(kept, answered + missed + open),
      availability_rate_pct: availability(member, label, period),
      deal_value_avg: deal === null ? null : roundedRupiah(deal),
      discount_rate_pct: percentOf(discounts, quotes),
      lost_reasons: lostReasons(reasons(label, userId)),
    };
  };
}

type Figures = ReturnType<typeof figuresOf>;

const inStep = (found: AgentPeriodFigures) => ({
  closing_rate: found.closing_rate,
  pickup_time_avg_min: found.pickup_time_avg_min,
  sla_compliance_pct: found.sla_compliance_pct,
  availability_rate_pct: found.availability_rate_pct,
  deal_value_avg: found.deal_value_avg,
  discount_rate_pct: found.discount_rate_pct,
});

/** @returns null without a granularity */
function seriesOf(
  sums: AgentSums,
  figures: Figures,
  member: StaffPresence,
  steps: readonly LabelledPeriod[],
): readonly AgentStep[] | null {
  if (steps.length === 0) return null;
  return steps.map((step) => {
    const { won, lost, revenue } = orZero(sums.decided(step.label, member.userId));
    const found = figures(member, step);
    const { from: start, to: end } = step.period;
    return { start, end, won, lost, revenue: roundedRupiah(revenue), ...inStep(found) };
  });
}

const periodsOf = (period: Period): readonly [now: LabelledPeriod, before: LabelledPeriod] => [
  { label: 'now', period },
  { label: 'before', period: previousOf(period) },
];

/**
 * Agents' sums are read across divisions: a ticket of another division counts for the agent who got it. The caller
 * checks who may ask about which agent.
 */
const acrossDivisions = ({ userId }: Scope): Scope => ({ kind: 'all', userId });

/** The idle tickets that the agent has now, as TicketObjects. */
async function idleTickets(
  read: ReadStore,
  scope: Scope,
  agentId: string,
  { now, idleAfterHours }: FigureSettings,
): Promise<readonly unknown[]> {
  const { json } = await listInbox(read, scope, {
    divisions: scope.kind === 'all' ? 'all' : DIVISIONS.filter((division) => division === scope.division),
    assignedTo: agentId,
    isIdle: true,
    limit: MOST_IDLE,
    idle: { now, afterHours: idleAfterHours },
  });
  return JSON.parse(json) as unknown[];
}

/** The figures of one agent, see `AgentFiguresOf`. */
export const agentFigures: AgentFiguresOf = async (
  read,
  scope,
  { agentId, period, granularity, settings },
) => {
  const calendar = calendarOf(settings.timezone);
  const [now, before] = periodsOf(period);
  const steps = labelledSteps(period, granularity);
  const [sums, idle_tickets] = await Promise.all([
    read.scoped(acrossDivisions(scope), (sql) =>
      loadSums(sql, agentId, [now, before], steps, settings, calendar),
    ),
    idleTickets(read, scope, agentId, settings),
  ]);
  const [agent] = sums.staff;
  if (!agent) return null;
  const figures = figuresOf(sums, settings, calendar);
  return {
    agent: { id: agent.userId, name: agent.name },
    ...figures(agent, now),
    previous: figures(agent, before),
    series: seriesOf(sums, figures, agent, steps),
    idle_tickets,
  };
};

/** The table of all agents, see `AgentsTableOf`. */
export const agentsTable: AgentsTableOf = async (
  read,
  scope,
  { division, period, granularity, agentId, settings },
) => {
  const calendar = calendarOf(settings.timezone);
  const [now, before] = periodsOf(period);
  const steps = labelledSteps(period, granularity);
  const idleBefore = new Date(settings.now.getTime() - settings.idleAfterHours * HOUR_MS);
  const [sums, idle] = await read.scoped(acrossDivisions(scope), (sql) =>
    Promise.all([
      loadSums(sql, agentId ?? null, [now, before], steps, settings, calendar),
      countIdle(sql, idleBefore),
    ]),
  );
  const idleByAgent = new Map(idle.map((row) => [row.agentId, row.idle]));
  const { decided, pickups, overdue } = sums;
  const isInDivision = (member: StaffPresence): boolean =>
    division === 'all' || member.division === division || member.division === 'all';
  const isListed = ({ userId, role, active }: StaffPresence): boolean =>
    (role === 'sales_agent' && active) ||
    [decided, pickups, overdue].some((lookup) => lookup(now.label, userId) !== undefined);
  const figures = figuresOf(sums, settings, calendar);
  return sums.staff
    .filter((member) => isInDivision(member) && isListed(member))
    .map((member): AgentLine => {
      const { won, lost, revenue } = orZero(decided(now.label, member.userId));
      return {
        agent: { id: member.userId, name: member.name },
        division: member.division,
        won,
        lost,
        revenue: roundedRupiah(revenue),
        ...figures(member, now),
        previous: figures(member, before),
        series: seriesOf(sums, figures, member, steps),
        idle_ticket_count: idleByAgent.get(member.userId) ?? 0,
      };
    })
    .sort((a, b) => a.agent.name.localeCompare(b.agent.name, 'id') || (a.agent.id < b.agent.id ? -1 : 1));
};
