/** Area: figures of divisions and agents (docs/design/api.md#analytics). */
import { z } from 'zod';
import { LOST_REASONS } from '../../domain/crm/fields.ts';
import { calendarOf, dayText } from '../../domain/time/calendar.ts';
import {
  GRANULARITIES,
  type Period,
  type PeriodInput,
  previousOf,
  readPeriod,
} from '../../domain/time/period.ts';
import { visibleDivision } from '../../domain/staff/privileges.ts';
import { CHANNELS, userDivision, uuid } from '../../domain/vocabulary.ts';
import { agentFigures, agentsTable } from '../../projections/analytics/agent-figures.ts';
import { divisionReport } from '../../projections/analytics/division-figures.ts';
import type {
  AgentPeriodFigures,
  DivisionFigures,
  FigureSettings,
} from '../../projections/analytics/figures.ts';
import { HttpError } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS, LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { person, ticketObject } from '../framework/schemas.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';

const TAG = 'Analytics';

// ---------------------------------------------------------------- on the wire

const count = z.int().min(0);
const percentage = z
  .number()
  .min(0)
  .nullable()
  .meta({ description: '0-100, one decimal; null where there is nothing to divide by.', example: 62.5 });
const money = z.int().min(0).meta({ description: 'Rupiah.', example: 12_500_000 });
const day = z.iso.date().meta({ example: '2026-07-01' });
const month = z
  .string()
  .regex(/^\d{4}-\d\d$/)
  .meta({ example: '2026-07' });
const span = { start: day, end: day };
const period = z.strictObject(span).meta({ id: 'Period', description: 'Days of the business, inclusive.' });

const closing = { closing_rate: percentage };
const trend = z.array(z.strictObject({ month, ...closing, won: count, lost: count })).length(3);
const lostReasons = z.record(z.enum(LOST_REASONS), count).meta({ memberExamples: { price: 8 } });
const blastEffect = z.strictObject({ sent: count, responded: count, response_rate_pct: percentage });
const leads = z.strictObject({
  total: count.meta({ description: 'Opened in the period.' }),
  valid: count.meta({ description: 'Of those, ever Qualified or further.' }),
  won: count,
  lost: count,
});
const step = {
  leads,
  ...closing,
  revenue: money.meta({ description: 'Deal values of the won tickets, in rupiah.' }),
  bot_resolution_rate: percentage,
  cycle_time_avg: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Days from opened to Won, two decimals.', example: 6.25 }),
};
const divisionMembers = {
  ...step,
  trend_3mo: trend,
  lost_reasons: lostReasons,
  top_routes: z
    .array(
      z.strictObject({
        origin: z.string().meta({ example: 'Jakarta' }),
        destination: z.string().meta({ example: 'Batam' }),
        count,
      }),
    )
    .max(10),
  roi_per_channel: z.record(
    z.enum(CHANNELS),
    z.strictObject({ leads: count, won: count, revenue: money, ...closing }),
  ),
  seasonal_curve: z.array(z.strictObject({ month, leads: count })).length(12),
  blast_effectiveness: z.strictObject({ PANAS: blastEffect, HANGAT: blastEffect, DINGIN: blastEffect }),
};
const agentMembers = {
  ...closing,
  trend_3mo: trend,
  pickup_time_avg_min: z.number().min(0).nullable().meta({
    description: 'Minutes from assignment to that agent’s first reply, two decimals.',
    example: 3.4,
  }),
  sla_compliance_pct: percentage,
  availability_rate_pct: percentage,
  deal_value_avg: money.nullable(),
  discount_rate_pct: percentage,
  lost_reasons: lostReasons,
};
const monthBefore = { start: '2026-06-01', end: '2026-06-30' };
const previousOfDivision = z.strictObject({ period, ...divisionMembers }).meta({
  memberExamples: { period: monthBefore, leads: { total: 117, valid: 90, won: 27, lost: 20 } },
});
const previousOfAgent = z
  .strictObject({ period, ...agentMembers })
  .meta({ memberExamples: { period: monthBefore } });

// ---------------------------------------------------------------- what is asked for

const A_DAY = { type: 'string', format: 'date' };
export const PERIOD_QUERY = {
  period: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'A month, YYYY-MM. Default: this month.', example: '2026-07' }),
  start_date: z
    .string()
    .max(20)
    .optional()
    .meta({ inQuery: A_DAY, description: 'Instead of `period`, with `end_date`.' }),
  end_date: z
    .string()
    .max(20)
    .optional()
    .meta({ inQuery: A_DAY, description: 'Inclusive; at most 366 days.' }),
};

/** @throws HttpError VALIDATION_FAILED */
export function periodOf(query: PeriodInput, { clock, config }: HttpContext): Period {
  const today = dayText(calendarOf(config.timezone).dayOf(clock.now().getTime()));
  const read = readPeriod(query, today);
  if ('problem' in read) throw new HttpError('VALIDATION_FAILED', [read.problem]);
  return read.period;
}

const figureSettings = ({ clock, config }: HttpContext): FigureSettings => ({
  now: clock.now(),
  slaMinutes: config.slaMinutes,
  idleAfterHours: config.idleAfterHours,
  timezone: config.timezone,
});

const onWire = ({ from, to }: Period) => ({ start: from, end: to });

/** The lists as the schemas want them: their own. */
const ofDivision = (figures: DivisionFigures) => ({
  ...figures,
  trend_3mo: [...figures.trend_3mo],
  top_routes: [...figures.top_routes],
  seasonal_curve: [...figures.seasonal_curve],
});
const ofAgent = (figures: AgentPeriodFigures) => ({ ...figures, trend_3mo: [...figures.trend_3mo] });

const PERIOD_WORDS =
  'Days and months are those of the business. `previous` holds the same figures of the months before whole months, ' +
  'else of as many days before.';

// ---------------------------------------------------------------- routes

export const divisionAnalytics = route({
  method: 'get',
  path: '/api/admin/analytics/division/:div',
  name: 'getDivisionAnalytics',
  tag: TAG,
  summary: 'Figures of a division',
  description:
    `${PERIOD_WORDS} \`all\` sums over the divisions, for super admins and team leads. ` +
    'Won and lost count on the day of the last entry into that stage; a ticket that is opened again counts no more. ' +
    '`granularity` adds `series`: the same period step by step, weeks from Monday.',
  access: 'analytics_division',
  params: { div: userDivision },
  query: { ...PERIOD_QUERY, granularity: z.enum(GRANULARITIES).optional() },
  status: 200,
  data: z.strictObject({
    period,
    ...divisionMembers,
    previous: previousOfDivision,
    series: z
      .array(z.strictObject({ ...span, ...step }))
      .optional()
      .meta({ description: 'With `granularity` only.' }),
  }),
  errors: ['DIVISION_FORBIDDEN'],
  examples: { series: LEFT_OUT, leads: { total: 128, valid: 96, won: 30, lost: 18 } },
  async handle({ params: { div }, query, signedIn, context }) {
    const { scope } = scopeWithin(signedIn.caller, div);
    const asked = periodOf(query, context);
    const { figures, previous, series } = await divisionReport(context.read, scope, {
      division: div,
      period: asked,
      granularity: query.granularity,
      settings: figureSettings(context),
    });
    return {
      data: omitUndefined({
        period: onWire(asked),
        ...ofDivision(figures),
        previous: { period: onWire(previousOf(asked)), ...ofDivision(previous) },
        series: series === null ? undefined : [...series],
      }),
    };
  },
});

export const agentAnalytics = route({
  method: 'get',
  path: '/api/admin/analytics/agent/:id',
  name: 'getAgentAnalytics',
  tag: TAG,
  summary: 'Figures of one agent',
  description:
    `${PERIOD_WORDS} Sales agents see only themselves. A decision counts for who had the ticket then. Each assignment ` +
    'waits for its own first reply; one that nobody answered within the limit is a miss. Available: online within the ' +
    'office hours in force at that time. `idle_tickets` are those of now, at most 200.',
  access: 'analytics_agent',
  reads: 'analytics',
  params: { id: uuid },
  query: PERIOD_QUERY,
  status: 200,
  data: z.strictObject({
    period,
    agent: person,
    ...agentMembers,
    previous: previousOfAgent,
    idle_tickets: z.array(ticketObject),
  }),
  errors: ['USER_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.andi },
  async handle({ params, query, signedIn: { caller }, context }) {
    if (visibleDivision(caller) !== 'all' && params.id !== caller.id) throw new HttpError('FORBIDDEN');
    const asked = periodOf(query, context);
    const found = await agentFigures(context.read, scopeOf(caller), {
      agentId: params.id,
      period: asked,
      settings: figureSettings(context),
    });
    if (found === null) throw new HttpError('USER_NOT_FOUND');
    const { agent, previous, idle_tickets, ...figures } = found;
    return {
      data: {
        period: onWire(asked),
        agent,
        ...ofAgent(figures),
        previous: { period: onWire(previousOf(asked)), ...ofAgent(previous) },
        // TicketObjects already, as the inbox makes them.
        idle_tickets: idle_tickets as z.input<typeof ticketObject>[],
      },
    };
  },
});

export const agentsAnalytics = route({
  method: 'get',
  path: '/api/admin/analytics/agents',
  name: 'listAgentAnalytics',
  tag: TAG,
  summary: 'Figures of all agents',
  description:
    `${PERIOD_WORDS} The sales agents of the division, by name, and everybody else who has figures in the period; those who ` +
    'work for all divisions are in every one. Sales agents see their own line only.',
  access: 'analytics_agent',
  query: { division: userDivision.optional(), ...PERIOD_QUERY },
  status: 200,
  data: z.strictObject({
    period,
    agents: z.array(
      z.strictObject({
        agent: person,
        division: userDivision,
        won: count,
        lost: count,
        revenue: money,
        ...agentMembers,
        previous: previousOfAgent,
        idle_ticket_count: count,
      }),
    ),
  }),
  errors: ['DIVISION_FORBIDDEN'],
  async handle({ query, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, query.division);
    const asked = periodOf(query, context);
    const before = onWire(previousOf(asked));
    const lines = await agentsTable(context.read, scope, {
      division: divisions.length === 1 ? (divisions[0] ?? 'all') : 'all',
      period: asked,
      agentId: visibleDivision(caller) === 'all' ? undefined : caller.id,
      settings: figureSettings(context),
    });
    const agents = lines.map((line) => ({
      ...ofAgentLine(line),
      previous: { period: before, ...ofAgent(line.previous) },
    }));
    return { data: { period: onWire(asked), agents } };
  },
});

const ofAgentLine = <Line extends AgentPeriodFigures>(line: Line) => ({ ...line, ...ofAgent(line) });
