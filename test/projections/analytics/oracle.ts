/**
 * The figures of docs/design/api.md#analytics by plain code over the raw list of events, one ticket at a time and one
 * minute at a time. Shares nothing with the product but the event types.
 */
import type { Recorded } from '../../../src/domain/codec.ts';
import { DAY, HOUR, MINUTE } from './history.ts';

type Of<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
interface Days {
  readonly from: string;
  readonly to: string;
}
export interface Asked {
  /** Fields of 'YYYY-MM-DD', inclusive. */
  readonly period: Days;
  readonly divisions: readonly string[];
}

const time = (event: Recorded): number => Date.parse(event.metadata.at);
/** Jakarta is seven hours ahead, always. */
export const dayAt = (ms: number): string => new Date(ms + 7 * HOUR).toISOString().slice(0, 10);
const within = ({ from, to }: Days, ms: number): boolean => dayAt(ms) >= from && dayAt(ms) <= to;
const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 1000) / whole) / 10;
const twoDecimals = (value: number): number => Math.round(value * 100) / 100;
const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
export const monthBack = (day: string, back: number): string => {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7);
};
const inMonth = (month: string): Days => ({ from: `${month}-01`, to: `${month}-31` });

// ---------------------------------------------------------------- tickets

interface Episode {
  readonly agent: string;
  readonly start: number;
  replied: number | null;
  ended: number | null;
}
interface Ticket {
  readonly division: string;
  readonly channel: string;
  readonly opened: number;
  valid: boolean;
  resolved: boolean;
  human: boolean;
  outcome: 'Won' | 'Lost' | null;
  decided: number;
  decidedBy: string | null;
  values: Record<string, unknown>;
  episodes: Episode[];
}

function ticketsOf(events: readonly Recorded[]): Ticket[] {
  return events
    .filter((event): event is Of<'TicketOpened'> => event.type === 'TicketOpened')
    .map((opening) => {
      const { ticketId } = opening.data;
      const ticket: Ticket = {
        division: opening.data.division,
        channel: opening.data.channel,
        opened: time(opening),
        valid: false,
        resolved: false,
        human: false,
        outcome: null,
        decided: 0,
        decidedBy: null,
        values: {},
        episodes: [],
      };
      let owner: string | null = null;
      let stage = 'Lead';
      const end = (at: number): void => {
        const last = ticket.episodes.at(-1);
        if (last && last.ended === null) last.ended = at;
      };
      const give = (agent: string | null, at: number): void => {
        end(at);
        owner = agent;
        if (agent === null) return;
        ticket.human = true;
        ticket.episodes.push({ agent, start: at, replied: null, ended: null });
      };
      for (const event of events) {
        if (!('ticketId' in event.data) || event.data.ticketId !== ticketId) continue;
        const at = time(event);
        if (event.type === 'TicketTakenOver' || event.type === 'TicketAssigned') give(event.data.agentId, at);
        if (event.type === 'TicketReassigned') give(event.data.toAgent, at);
        if (event.type === 'TicketQueued' || event.type === 'TicketWithdrawn') give(null, at);
        if (event.type === 'TicketReopened') {
          ticket.resolved = false;
          give(event.data.agentId, at);
        }
        if (event.type === 'TicketClosed') {
          ticket.resolved = event.data.outcome === 'bot_resolved';
          end(at);
        }
        if (event.type === 'AgentReplied') {
          const last = ticket.episodes.at(-1);
          if (last && last.ended === null && last.replied === null && last.agent === event.data.agentId)
            last.replied = at;
        }
        if (event.type !== 'CrmUpdated') continue;
        for (const { field, to } of [...event.data.changes, ...event.data.words]) {
          if (field !== 'crm_stage') {
            ticket.values[field] = to;
            continue;
          }
          if (to !== 'Lead' && to !== 'Lost') ticket.valid = true;
          if ((to === 'Won' || to === 'Lost') && to !== stage) {
            ticket.decided = at;
            ticket.decidedBy = owner;
          }
          stage = String(to);
        }
      }
      if (stage === 'Won' || stage === 'Lost') ticket.outcome = stage;
      return ticket;
    });
}

const value = (ticket: Ticket, field: string): number => Number(ticket.values[field] ?? 0);
const reasonsOf = (lost: readonly Ticket[]): Record<string, number> =>
  Object.fromEntries(
    ['price', 'competitor', 'cancelled_plan', 'no_response', 'out_of_coverage', 'schedule', 'other'].map(
      (reason) => [reason, lost.filter((ticket) => ticket.values['lost_reason'] === reason).length],
    ),
  );
const closing = (won: readonly unknown[], lost: readonly unknown[]): number | null =>
  share(won.length, won.length + lost.length);

// ---------------------------------------------------------------- minutes

type Hours = readonly { dayOfWeek: number; opens: string; closes: string; isActive: boolean }[];
const DEFAULT: Hours = [1, 2, 3, 4, 5].map((dayOfWeek) => ({
  dayOfWeek,
  opens: '08:00',
  closes: '17:00',
  isActive: true,
}));
const clock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function isOpen(hours: Hours, ms: number): boolean {
  const local = new Date(ms + 7 * HOUR);
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  return hours.some(({ dayOfWeek, opens, closes, isActive }) => {
    if (!isActive) return false;
    const [from, to] = [clock(opens), clock(closes)];
    const today = local.getUTCDay() === dayOfWeek;
    const yesterday = (local.getUTCDay() + 6) % 7 === dayOfWeek;
    if (from < to) return today && minute >= from && minute < to;
    return (today && minute >= from) || (yesterday && minute < to);
  });
}

const WEEK = 7 * 24 * 60;
const tables = new WeakMap<Hours, readonly boolean[]>();
/** isOpen for each minute of a week that begins on a Sunday. */
function week(hours: Hours): readonly boolean[] {
  const sunday = Date.parse('2026-02-08T00:00:00+07:00');
  let table = tables.get(hours);
  if (table === undefined) {
    table = Array.from({ length: WEEK }, (_, minute) => isOpen(hours, sunday + minute * MINUTE));
    tables.set(hours, table);
  }
  return table;
}
/** 1970 began on a Thursday. */
const minuteOfWeek = (ms: number): number => ((ms + 7 * HOUR) / MINUTE + 4 * 24 * 60) % WEEK;

/** Of one person: for each day of Jakarta, how many minutes were office hours up to now, and in how many they were online. */
function minutesOf(events: readonly Recorded[], userId: string, first: number, now: number) {
  const changes = events.filter(
    (event) => event.type === 'OfficeHoursSet' || ('userId' in event.data && event.data.userId === userId),
  );
  const days = new Map<number, { office: number; online: number }>();
  const hours: Record<string, Hours> = { sari: DEFAULT, savi: DEFAULT, safia: DEFAULT };
  let division = changes.find((event) => event.type === 'UserRegistered')!.data.division as string;
  let online = false;
  const open = (): readonly (readonly boolean[])[] =>
    (division === 'all' ? ['sari', 'savi', 'safia'] : [division]).map((unit) => week(hours[unit]!));
  let weeks = open();
  const times = changes.map(time);
  let next = 0;
  let minute = minuteOfWeek(first);
  let day: { office: number; online: number } | undefined;
  for (let at = first; at < now; at += MINUTE, minute = (minute + 1) % WEEK) {
    // Midnight in Jakarta.
    if (minute % (24 * 60) === 0) day = undefined;
    for (; next < changes.length && times[next]! <= at; next += 1) {
      const event = changes[next]!;
      if (event.type === 'OfficeHoursSet') hours[event.data.division] = event.data.hours;
      if (event.type === 'UserMoved') division = event.data.division;
      if (event.type === 'UserDeactivated') online = false;
      if (event.type === 'PresenceChanged') online = event.data.status === 'online';
      weeks = open();
    }
    let isOffice = false;
    for (const table of weeks) isOffice ||= table[minute]!;
    if (!isOffice) continue;
    if (day === undefined) {
      day = { office: 0, online: 0 };
      days.set(Math.floor((at + 7 * HOUR) / DAY), day);
    }
    day.office += 1;
    if (online) day.online += 1;
  }
  return [...days].map(([number, of]) => [dayAt(number * DAY), of] as const);
}

// ---------------------------------------------------------------- blasts

function blastsOf(events: readonly Recorded[]) {
  const attempts = events.filter(
    (event): event is Of<'BlastRecipientAttempted'> => event.type === 'BlastRecipientAttempted',
  );
  return attempts.map((attempt) => {
    const { blastId, ticketId, messageId, division } = attempt.data;
    const created = events.find(
      (event): event is Of<'BlastCreated'> => event.type === 'BlastCreated' && event.data.blastId === blastId,
    )!;
    const end = events.find(
      ({ type, data }) =>
        'blastId' in data &&
        data.blastId === blastId &&
        (type === 'BlastRecipientAccepted' ||
          type === 'BlastRecipientUnknown' ||
          type === 'BlastRecipientFailed'),
    )!.type;
    const told = events.flatMap((event) =>
      event.type === 'DeliveryReported' && event.data.messageId === messageId ? [event.data.status] : [],
    );
    const arrived = told.includes('delivered') || told.includes('read');
    const at = time(attempt);
    const answered = events.some(
      (event) =>
        event.type === 'MessageReceived' &&
        event.data.ticketId === ticketId &&
        time(event) >= at &&
        time(event) < at + 3 * DAY,
    );
    const accepted = end === 'BlastRecipientAccepted' && (arrived || !told.includes('failed'));
    const unknown = end === 'BlastRecipientUnknown' && (arrived || answered);
    const { category } = created.data.recipients[0]!;
    return { division, category, at, sent: accepted || unknown, answered };
  });
}

// ---------------------------------------------------------------- figures

export function oracleOf(events: readonly Recorded[], now: number, slaMinutes: number) {
  const tickets = ticketsOf(events);
  const blasts = blastsOf(events);
  const first = Date.parse(`${dayAt(time(events[0]!) - 400 * DAY)}T00:00:00+07:00`);
  const minutes = new Map<string, ReturnType<typeof minutesOf>>();

  const decided = (outcome: 'Won' | 'Lost', period: Days, of: readonly Ticket[]): Ticket[] =>
    of.filter((ticket) => ticket.outcome === outcome && within(period, ticket.decided));

  const trend = (last: string, of: readonly Ticket[]) =>
    [2, 1, 0].map((back) => {
      const month = monthBack(last, back);
      const won = decided('Won', inMonth(month), of);
      const lost = decided('Lost', inMonth(month), of);
      return { month, closing_rate: closing(won, lost), won: won.length, lost: lost.length };
    });

  /** The part of a division's figures that a series has too. */
  function short({ period, divisions }: Asked) {
    const ours = tickets.filter((ticket) => divisions.includes(ticket.division));
    const opened = ours.filter((ticket) => within(period, ticket.opened));
    const won = decided('Won', period, ours);
    const lost = decided('Lost', period, ours);
    return {
      leads: {
        total: opened.length,
        valid: opened.filter(({ valid }) => valid).length,
        won: won.length,
        lost: lost.length,
      },
      closing_rate: closing(won, lost),
      revenue: sum(won, (ticket) => value(ticket, 'deal_value')),
      bot_resolution_rate: share(
        opened.filter(({ resolved, human }) => resolved && !human).length,
        opened.length,
      ),
      cycle_time_avg:
        won.length === 0 ? null : twoDecimals(sum(won, (t) => t.decided - t.opened) / DAY / won.length),
    };
  }

  function division({ period, divisions }: Asked) {
    const ours = tickets.filter((ticket) => divisions.includes(ticket.division));
    const opened = ours.filter((ticket) => within(period, ticket.opened));
    const routes = new Map<string, number>();
    for (const { values } of opened) {
      if (typeof values['origin_city'] !== 'string' || typeof values['destination_city'] !== 'string')
        continue;
      const route = `${values['origin_city']}>${values['destination_city']}`;
      routes.set(route, (routes.get(route) ?? 0) + 1);
    }
    const sent = blasts.filter(
      (blast) => blast.sent && divisions.includes(blast.division) && within(period, blast.at),
    );
    return {
      ...short({ period, divisions }),
      trend_3mo: trend(period.to, ours),
      lost_reasons: reasonsOf(decided('Lost', period, ours)),
      top_routes: [...routes]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, 10)
        .map(([route, count]) => {
          const [origin, destination] = route.split('>');
          return { origin, destination, count };
        }),
      roi_per_channel: Object.fromEntries(
        ['whatsapp', 'telegram', 'instagram', 'facebook', 'web'].map((channel) => {
          const of = ours.filter((ticket) => ticket.channel === channel);
          const won = decided('Won', period, of);
          return [
            channel,
            {
              leads: of.filter((ticket) => within(period, ticket.opened)).length,
              won: won.length,
              revenue: sum(won, (ticket) => value(ticket, 'deal_value')),
              closing_rate: closing(won, decided('Lost', period, of)),
            },
          ];
        }),
      ),
      seasonal_curve: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((back) => {
        const month = monthBack(period.to, back);
        return { month, leads: ours.filter((ticket) => within(inMonth(month), ticket.opened)).length };
      }),
      blast_effectiveness: Object.fromEntries(
        ['PANAS', 'HANGAT', 'DINGIN'].map((category) => {
          const of = sent.filter((blast) => blast.category === category);
          const responded = of.filter(({ answered }) => answered).length;
          return [category, { sent: of.length, responded, response_rate_pct: share(responded, of.length) }];
        }),
      ),
    };
  }

  function agent(agentId: string, period: Days) {
    const ours = tickets.filter((ticket) => ticket.decidedBy === agentId);
    const won = decided('Won', period, ours);
    const lost = decided('Lost', period, ours);
    const deals = won.filter((ticket) => typeof ticket.values['deal_value'] === 'number');
    const episodes = tickets
      .flatMap((ticket) => ticket.episodes)
      .filter((episode) => episode.agent === agentId && within(period, episode.start));
    const answered = episodes.filter(({ replied }) => replied !== null);
    const waits = answered.map(({ start, replied }) => replied! - start);
    const limit = slaMinutes * MINUTE;
    const kept = waits.filter((wait) => wait <= limit).length;
    const missed = episodes.filter(
      ({ replied, start, ended }) => replied === null && (ended ?? now) - start > limit,
    ).length;
    const days = minutes.get(agentId) ?? minutesOf(events, agentId, first, now);
    minutes.set(agentId, days);
    const inPeriod = days.filter(([day]) => day >= period.from && day <= period.to).map(([, of]) => of);
    return {
      closing_rate: closing(won, lost),
      trend_3mo: trend(period.to, ours),
      pickup_time_avg_min:
        waits.length === 0 ? null : twoDecimals(sum(waits, (wait) => wait) / MINUTE / waits.length),
      sla_compliance_pct: share(kept, answered.length + missed),
      availability_rate_pct: share(
        sum(inPeriod, ({ online }) => online),
        sum(inPeriod, ({ office }) => office),
      ),
      deal_value_avg:
        deals.length === 0
          ? null
          : Math.round(sum(deals, (ticket) => value(ticket, 'deal_value')) / deals.length),
      discount_rate_pct: share(
        sum(won, (ticket) => value(ticket, 'discount_given')),
        sum(won, (ticket) => value(ticket, 'quote_value')),
      ),
      lost_reasons: reasonsOf(lost),
    };
  }

  return { short, division, agent };
}
