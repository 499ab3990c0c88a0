/** Figures of agents (contract.md 7). */
import { type Calendar, calendarOf } from '../../domain/time/calendar.ts';
import { monthPeriod, monthsUpTo, type Period, previousOf } from '../../domain/time/period.ts';
import type { Division } from '../../domain/vocabulary.ts';
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
  type Who,
} from './agent-sums.ts';
import { type Labelled, momentsOf } from './buckets.ts';
import { lostReasons } from './division-figures.ts';
import type {
  AgentFiguresOf,
  AgentLine,
  AgentPeriodFigures,
  AgentsTableOf,
  LostReason,
  Moment,
} from './figures.ts';
import {
  HOURS,
  type Hours,
  hoursOf,
  type HoursRow,
  type Person,
  personOf,
  type PersonRow,
  workSpans,
} from './people.ts';
import { mean, percent, rupiah } from './ratio.ts';

const MONTHS_IN_TREND = 3;
const MOST_IDLE = 200;
const HOUR_MS = 3_600_000;

/** Everybody's row, found by label and person. */
type Found<Row> = (label: string, agentId: string) => Row | undefined;

function found<Row extends { readonly label: string; readonly agentId: string }>(
  rows: readonly Row[],
): Found<Row> {
  const of = new Map(rows.map((row) => [`${row.label} ${row.agentId}`, row]));
  return (label, agentId) => of.get(`${label} ${agentId}`);
}

type Named = Person & { readonly name: string };

async function gather(sql: Sql, who: Who, periods: readonly Labelled[], moment: Moment, calendar: Calendar) {
  const months = [...new Set(periods.flatMap(({ period }) => monthsUpTo(period, MONTHS_IN_TREND)))];
  const trend = months.map((month) => ({ label: month, period: monthPeriod(month) }));
  const due = new Date(moment.now.getTime() - moment.slaMinutes * 60_000);
  const [people, hours, decided, reasons, pickups, overdue, online] = await Promise.all([
    sql.query<PersonRow & { readonly name: string | null }>({
      name: 'analytics_people_named',
      text: `select p.*, u.name from read.analytics_people p left join read.users u on u.id = p.user_id
where $1::uuid is null or p.user_id = $1`,
      values: [who],
    }),
    sql.query<HoursRow>(HOURS),
    sumDecided(sql, [...periods, ...trend], who),
    sumReasonsOfAgents(sql, periods, who),
    sumPickups(sql, periods, who, moment.slaMinutes),
    sumOverdue(sql, periods, who, due, calendar),
    sumOnline(sql, periods, who),
  ]);
  const reasonsOf = new Map<string, { reason: LostReason; lost: number }[]>();
  for (const { label, agentId, reason, lost } of reasons) {
    const key = `${label} ${agentId}`;
    reasonsOf.set(key, [...(reasonsOf.get(key) ?? []), { reason, lost }]);
  }
  return {
    people: people.map((row): Named => ({ ...personOf(row), name: row.name ?? '' })),
    hours: hoursOf(hours),
    decided: found(decided),
    reasons: (label: string, agentId: string) => reasonsOf.get(`${label} ${agentId}`) ?? [],
    pickups: found(pickups),
    overdue: found(overdue),
    online: found(online),
  };
}
type Gathered = Awaited<ReturnType<typeof gather>>;

const NO_DECISION = { won: 0, lost: 0, revenue: 0, deals: 0, quotes: 0, discounts: 0 };
const decisions = (of: DecidedSums | undefined): Omit<DecidedSums, 'label' | 'agentId'> => of ?? NO_DECISION;

/** Office-hour milliseconds of a period up to now, remembered for all who belong to the same divisions. */
function workOf(hours: Hours, calendar: Calendar) {
  const known = new Map<string, number>();
  return (person: Person, from: number, to: number): number => {
    const key = JSON.stringify([person.stays, from, to]);
    const work =
      known.get(key) ??
      workSpans(person, hours, { from, to }, calendar).reduce((sum, span) => sum + span.to - span.from, 0);
    known.set(key, work);
    return work;
  };
}

function figuresOf(gathered: Gathered, moment: Moment, calendar: Calendar) {
  const { hours, decided, reasons, pickups, overdue, online } = gathered;
  const work = workOf(hours, calendar);
  const now = moment.now.getTime();

  function availability(person: Person, label: string, period: Period): number | null {
    const { from, to } = momentsOf(period, calendar);
    const until = Math.min(to, now);
    const open = person.onlineSince === null ? until : Math.max(from, person.onlineSince);
    const ended = online(label, person.userId)?.onlineMs ?? 0;
    return percent(ended + work(person, open, until), work(person, from, until));
  }

  return (person: Person, { label, period }: Labelled): AgentPeriodFigures => {
    const { userId } = person;
    const { won, lost, revenue, deals, quotes, discounts } = decisions(decided(label, userId));
    const { answered, answeredMs, kept, missed } = pickups(label, userId) ?? {
      answered: 0,
      answeredMs: 0,
      kept: 0,
      missed: 0,
    };
    const open = overdue(label, userId)?.overdue ?? 0;
    const deal = deals === 0 ? null : revenue / deals;
    return {
      closing_rate: percent(won, won + lost),
      trend_3mo: monthsUpTo(period, MONTHS_IN_TREND).map((month) => {
        const of = decisions(decided(month, userId));
        return { month, closing_rate: percent(of.won, of.won + of.lost), won: of.won, lost: of.lost };
      }),
      pickup_time_avg_min: mean(answeredMs / 60_000, answered),
      sla_compliance_pct: percent(kept, answered + missed + open),
      availability_rate_pct: availability(person, label, period),
      deal_value_avg: deal === null ? null : rupiah(deal),
      discount_rate_pct: percent(discounts, quotes),
      lost_reasons: lostReasons(reasons(label, userId)),
    };
  };
}

const periodsOf = (period: Period): readonly [now: Labelled, before: Labelled] => [
  { label: 'now', period },
  { label: 'before', period: previousOf(period) },
];

/**
 * Numbers of people are read across divisions: an agent who was given a ticket of another division is judged by it too.
 * Who may ask about whom is the caller's to check.
 */
const wide = ({ userId }: Scope): Scope => ({ kind: 'all', userId });

/** What the figures of one agent look like on their tickets now; as JSON, ready for the wire. */
async function idleTickets(
  read: ReadStore,
  scope: Scope,
  agentId: string,
  { now, idleAfterHours }: Moment,
): Promise<readonly unknown[]> {
  const { json } = await listInbox(read, scope, {
    divisions: scope.kind === 'all' ? 'all' : [scope.division as Division],
    assignedTo: agentId,
    isIdle: true,
    limit: MOST_IDLE,
    idle: { now, afterHours: idleAfterHours },
  });
  return JSON.parse(json) as unknown[];
}

export const agentFigures: AgentFiguresOf = async (read, scope, { agentId, period, moment }) => {
  const calendar = calendarOf(moment.timezone);
  const [now, before] = periodsOf(period);
  const [gathered, idle_tickets] = await Promise.all([
    read.scoped(wide(scope), (sql) => gather(sql, agentId, [now, before], moment, calendar)),
    idleTickets(read, scope, agentId, moment),
  ]);
  const [person] = gathered.people;
  if (!person) return null;
  const figures = figuresOf(gathered, moment, calendar);
  return {
    agent: { id: person.userId, name: person.name },
    ...figures(person, now),
    previous: figures(person, before),
    idle_tickets,
  };
};

export const agentsTable: AgentsTableOf = async (read, scope, { division, period, agentId, moment }) => {
  const calendar = calendarOf(moment.timezone);
  const [now, before] = periodsOf(period);
  const idleBefore = new Date(moment.now.getTime() - moment.idleAfterHours * HOUR_MS);
  const [gathered, idle] = await read.scoped(wide(scope), (sql) =>
    Promise.all([gather(sql, agentId ?? null, [now, before], moment, calendar), countIdle(sql, idleBefore)]),
  );
  const idleOf = new Map(idle.map((row) => [row.agentId, row.idle]));
  const { decided, pickups, overdue } = gathered;
  const belongs = (person: Person): boolean =>
    division === 'all' || person.division === division || person.division === 'all';
  const counts = ({ userId, role, active }: Person): boolean =>
    (role === 'sales_agent' && active) ||
    [decided, pickups, overdue].some((of) => of(now.label, userId) !== undefined);
  const figures = figuresOf(gathered, moment, calendar);
  return gathered.people
    .filter((person) => belongs(person) && counts(person))
    .map((person): AgentLine => {
      const { won, lost, revenue } = decisions(decided(now.label, person.userId));
      return {
        agent: { id: person.userId, name: person.name },
        division: person.division,
        won,
        lost,
        revenue: rupiah(revenue),
        ...figures(person, now),
        previous: figures(person, before),
        idle_ticket_count: idleOf.get(person.userId) ?? 0,
      };
    })
    .sort((a, b) => a.agent.name.localeCompare(b.agent.name, 'id') || (a.agent.id < b.agent.id ? -1 : 1));
};
