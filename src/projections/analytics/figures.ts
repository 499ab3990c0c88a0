/** The figures of docs/design/api.md#analytics. The endpoints, Excel and PDF get the same objects. */
import type { LOST_REASONS } from '../../domain/crm/fields.ts';
import type { Granularity, Period } from '../../domain/time/period.ts';
import type { Channel, Division, UserDivision } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';

export type { Granularity, Period } from '../../domain/time/period.ts';

export type LostReason = (typeof LOST_REASONS)[number];
export type LostReasons = Readonly<Record<LostReason, number>>;

/** Percentages are 0-100 with one decimal; null where the denominator is 0. */
export type Percent = number | null;

export interface Trend {
  /** 'YYYY-MM' */
  readonly month: string;
  readonly closing_rate: Percent;
  readonly won: number;
  readonly lost: number;
}

export interface ChannelFigures {
  readonly leads: number;
  readonly won: number;
  /** Rupiah. */
  readonly revenue: number;
  readonly closing_rate: Percent;
}

export interface RouteCount {
  readonly origin: string;
  readonly destination: string;
  readonly count: number;
}

export interface BlastEffect {
  readonly sent: number;
  readonly responded: number;
  readonly response_rate_pct: Percent;
}

export interface DivisionFigures {
  readonly leads: {
    readonly total: number;
    readonly valid: number;
    readonly won: number;
    readonly lost: number;
  };
  readonly closing_rate: Percent;
  /** Three months; the last is that of the period's last day. */
  readonly trend_3mo: readonly Trend[];
  /** Rupiah. */
  readonly revenue: number;
  readonly bot_resolution_rate: Percent;
  /** Days, two decimals. */
  readonly cycle_time_avg: number | null;
  /** Tickets that people got for the first time in the period: queued, assigned or taken over. */
  readonly escalations: number;
  /** Of those, that somebody had within three minutes. */
  readonly claimed_within_3min_pct: Percent;
  readonly lost_reasons: LostReasons;
  /** The ten most frequent routes, most frequent first. */
  readonly top_routes: readonly RouteCount[];
  readonly roi_per_channel: Readonly<Record<Channel, ChannelFigures>>;
  /** Twelve months; the last is that of the period's last day. */
  readonly seasonal_curve: readonly { readonly month: string; readonly leads: number }[];
  readonly blast_effectiveness: Readonly<Record<'PANAS' | 'HANGAT' | 'DINGIN', BlastEffect>>;
  /** Minutes that half of the tickets closed in the period had been open at most. */
  readonly resolve_median_min: number | null;
  /** Customers who want no offers since a day of the period. */
  readonly opt_outs: number;
}

/** One step of a series: a day, a week from Monday or a month, cut to the period. */
export interface SeriesStep extends Pick<
  DivisionFigures,
  | 'leads'
  | 'closing_rate'
  | 'revenue'
  | 'bot_resolution_rate'
  | 'cycle_time_avg'
  | 'escalations'
  | 'claimed_within_3min_pct'
> {
  readonly channels: Readonly<Record<Channel, ChannelFigures>>;
  /** 'YYYY-MM-DD', inclusive. */
  readonly start: string;
  readonly end: string;
}

/** What an agent did in a period. */
export interface AgentPeriodFigures {
  readonly closing_rate: Percent;
  readonly trend_3mo: readonly Trend[];
  /** Minutes, two decimals. */
  readonly pickup_time_avg_min: number | null;
  readonly sla_compliance_pct: Percent;
  readonly availability_rate_pct: Percent;
  /** Rupiah, over the won tickets that have a deal value. */
  readonly deal_value_avg: number | null;
  readonly discount_rate_pct: Percent;
  readonly lost_reasons: LostReasons;
}

/** One step of an agent's series. */
export interface AgentStep extends Pick<
  AgentPeriodFigures,
  | 'closing_rate'
  | 'pickup_time_avg_min'
  | 'sla_compliance_pct'
  | 'availability_rate_pct'
  | 'deal_value_avg'
  | 'discount_rate_pct'
> {
  /** 'YYYY-MM-DD', inclusive. */
  readonly start: string;
  readonly end: string;
  readonly won: number;
  readonly lost: number;
  /** Rupiah. */
  readonly revenue: number;
}

export interface AgentFigures<Ticket = unknown> extends AgentPeriodFigures {
  readonly agent: { readonly id: string; readonly name: string };
  /** The same figures of the period before. */
  readonly previous: AgentPeriodFigures;
  /** Null without a granularity. */
  readonly series: readonly AgentStep[] | null;
  /** TicketObjects as they are now, for every period. */
  readonly idle_tickets: readonly Ticket[];
}

/** One line of the table of all agents. */
export interface AgentLine extends AgentPeriodFigures {
  readonly agent: { readonly id: string; readonly name: string };
  readonly division: UserDivision;
  readonly won: number;
  readonly lost: number;
  /** Rupiah. */
  readonly revenue: number;
  readonly idle_ticket_count: number;
  readonly previous: AgentPeriodFigures;
  /** Null without a granularity. */
  readonly series: readonly AgentStep[] | null;
}

export type DivisionOrAll = Division | 'all';

/** What the figures depend on, apart from the events. */
export interface FigureSettings {
  readonly now: Date;
  /** SLA_PICKUP_MINUTES, whole. */
  readonly slaMinutes: number;
  readonly idleAfterHours: number;
  /** BUSINESS_TIMEZONE. */
  readonly timezone: string;
}

export interface DivisionQuery {
  readonly division: DivisionOrAll;
  readonly period: Period;
  readonly settings: FigureSettings;
}

/** `divisionFigures` in division-figures.ts. `scope` must include the division; 'all' sums over divisions. */
export type DivisionFiguresOf = (
  read: ReadStore,
  scope: Scope,
  query: DivisionQuery,
) => Promise<DivisionFigures>;

/** `divisionReport` in division-figures.ts: with the period before, and a series when `granularity` is given. */
export type DivisionReportOf = (
  read: ReadStore,
  scope: Scope,
  query: DivisionQuery & { readonly granularity?: Granularity | undefined },
) => Promise<DivisionReport>;

export interface DivisionReport {
  readonly figures: DivisionFigures;
  readonly previous: DivisionFigures;
  readonly series: readonly SeriesStep[] | null;
}

export interface AgentQuery {
  readonly agentId: string;
  readonly period: Period;
  readonly granularity?: Granularity | undefined;
  readonly settings: FigureSettings;
}

/**
 * `agentFigures` in agent-figures.ts: over all tickets the agent had, of every division. Null: there is no such agent.
 * The caller checks who may ask. Idle tickets: those that `scope` shows.
 */
export type AgentFiguresOf = (
  read: ReadStore,
  scope: Scope,
  query: AgentQuery,
) => Promise<AgentFigures | null>;

/**
 * `agentsTable` in agent-figures.ts, by name: the sales agents of the division (agents of 'all' are in every division),
 * and everybody else who has figures in the period.
 */
export type AgentsTableOf = (
  read: ReadStore,
  scope: Scope,
  query: DivisionQuery & {
    readonly granularity?: Granularity | undefined;
    /** Only this agent. */
    readonly agentId?: string | undefined;
  },
) => Promise<readonly AgentLine[]>;
