/**
 * The figures of docs/design/api.md#analytics by plain code over the raw list of events, one ticket at a time and one
 * minute at a time. Shares nothing with the product but the event types.
 */
import { expect } from 'chai';
import type { Recorded } from '../../../src/domain/codec.ts';
import { DAY, MINUTE } from './history.ts';
import { blastsOf, dayAt, minutesOf } from './oracle-minutes.ts';

export { dayAt };

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
  /** The talk goes on in an older ticket of the same person. */
  joined: boolean;
  /** Queued, or somebody's, for the first time; and somebody's for the first time. */
  escalated: number | null;
  claimed: number | null;
  closed: number | null;
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
        joined: false,
        escalated: null,
        claimed: null,
        closed: null,
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
        ticket.escalated ??= at;
        ticket.claimed ??= at;
        ticket.episodes.push({ agent, start: at, replied: null, ended: null });
      };
      for (const event of events) {
        if (!('ticketId' in event.data) || event.data.ticketId !== ticketId) continue;
        const at = time(event);
        if (event.type === 'TicketTakenOver' || event.type === 'TicketAssigned') give(event.data.agentId, at);
        if (event.type === 'TicketReassigned') give(event.data.toAgent, at);
        if (event.type === 'TicketQueued' || event.type === 'TicketWithdrawn') give(null, at);
        if (event.type === 'TicketQueued') ticket.escalated ??= at;
        if (event.type === 'TicketReopened') {
          ticket.resolved = false;
          ticket.joined = false;
          ticket.closed = null;
          give(event.data.agentId, at);
        }
        if (event.type === 'TicketClosed') {
          ticket.resolved = event.data.outcome === 'bot_resolved';
          ticket.joined = event.data.outcome === 'joined';
          ticket.closed = at;
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

// ---------------------------------------------------------------- figures

/** Who wanted no offers, since when, as it is at the end. */
function optOutsOf(events: readonly Recorded[]): { division: string; at: number }[] {
  const since = new Map<string, { division: string; at: number }>();
  for (const event of events) {
    const [stream = '', division = ''] = /^customer-(sari|savi|safia)/.exec(event.stream) ?? [];
    if (stream === '') continue;
    if (event.type === 'CustomerOptedOut') since.set(event.stream, { division, at: time(event) });
    if (event.type === 'CustomerOptedIn') since.delete(event.stream);
  }
  return [...since.values()];
}

/** Minutes, rounded up: to the hour over a day, to the day over thirty. */
function openFor({ opened, closed }: Ticket): number {
  const minutes = Math.ceil((closed! - opened) / MINUTE);
  if (minutes <= 1440) return minutes;
  return minutes <= 43_200 ? Math.ceil(minutes / 60) * 60 : Math.ceil(minutes / 1440) * 1440;
}
/** The lower one of the two in the middle. */
const median = (sorted: readonly number[]): number | null => sorted[Math.ceil(sorted.length / 2) - 1] ?? null;

/** @param costs rupiah by 'YYYY-MM channel' */
export function oracleOf(
  events: readonly Recorded[],
  now: number,
  slaMinutes: number,
  costs: Readonly<Record<string, number>> = {},
) {
  const all = ticketsOf(events);
  // What goes on elsewhere is counted there; only the waits of agents stay.
  const tickets = all.filter(({ joined }) => !joined);
  const optOuts = optOutsOf(events);
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
      ...escalation({ period, divisions }),
    };
  }

  function escalation({ period, divisions }: Asked) {
    const escalated = tickets.filter(
      (ticket) =>
        divisions.includes(ticket.division) && ticket.escalated !== null && within(period, ticket.escalated),
    );
    const soon = escalated.filter(
      ({ escalated, claimed }) => claimed !== null && claimed - escalated! <= 3 * MINUTE,
    );
    return { escalations: escalated.length, claimed_within_3min_pct: share(soon.length, escalated.length) };
  }

  const channelsOf = ({ period, divisions }: Asked) =>
    Object.fromEntries(
      ['whatsapp', 'telegram', 'instagram', 'facebook', 'web'].map((channel) => {
        const of = tickets.filter(
          (ticket) => divisions.includes(ticket.division) && ticket.channel === channel,
        );
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
    );

  /** A step of a series. */
  const step = (asked: Asked) => ({ ...short(asked), channels: channelsOf(asked) });

  /** What the channels cost those divisions, a day at a time, and what came of it. */
  /** @param told what the product says: between two rupiah it may take either, for it adds in another order */
  function returns({ period, divisions }: Asked, told: Readonly<Record<string, number>>) {
    const figures = Object.entries(channelsOf({ period, divisions })).map(([channel, found]) => {
      let cost = 0;
      for (let day = period.from; day <= period.to; day = dayAt(Date.parse(`${day}T00:00:00Z`) + DAY)) {
        const month = day.slice(0, 7);
        const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
        const ofMonth = tickets.filter((t) => t.channel === channel && within(inMonth(month), t.opened));
        const ours = ofMonth.filter((t) => divisions.includes(t.division)).length;
        const part = divisions.length === 3 ? 1 : ofMonth.length === 0 ? 0 : ours / ofMonth.length;
        cost += ((costs[`${month} ${channel}`] ?? 0) / days) * part;
      }
      const said = told[channel] ?? Number.NaN;
      const rupiah = Math.abs(said - cost) < 0.501 ? said : Math.round(cost);
      return [channel, rupiah, { ...found, roi_pct: share(found.revenue - rupiah, rupiah) }] as const;
    });
    return {
      channel_costs: Object.fromEntries(figures.map(([channel, cost]) => [channel, cost])),
      roi_per_channel: Object.fromEntries(figures.map(([channel, , found]) => [channel, found])),
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
      roi_per_channel: channelsOf({ period, divisions }),
      resolve_median_min: median(
        ours
          .filter(({ closed }) => closed !== null && within(period, closed))
          .map(openFor)
          .sort((a, b) => a - b),
      ),
      opt_outs: optOuts.filter(({ division, at }) => divisions.includes(division) && within(period, at))
        .length,
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
    const episodes = all
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

  /** The figures of an agent that a series has too. */
  function agentStep(agentId: string, period: Days) {
    const { trend_3mo, lost_reasons, ...rest } = agent(agentId, period);
    expect([trend_3mo.length, Object.keys(lost_reasons).length]).to.deep.equal([3, 7]);
    const ours = tickets.filter((ticket) => ticket.decidedBy === agentId);
    const won = decided('Won', period, ours);
    return {
      ...rest,
      won: won.length,
      lost: decided('Lost', period, ours).length,
      revenue: sum(won, (ticket) => value(ticket, 'deal_value')),
    };
  }

  return { step, division, agent, agentStep, returns };
}
