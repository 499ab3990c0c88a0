/** Area: how the bot of the web chat does (docs/design/chat.md#figures). */
import { z } from 'zod';
import { type CurrentFaq } from '../../commands/chat/faqs.ts';
import { calendarOf, dayNumber } from '../../domain/time/calendar.ts';
import { division, ERASED, type Division } from '../../domain/vocabulary.ts';
import { chatFigures } from '../../projections/chat/figures.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { PERIOD_QUERY, periodOf } from '../analytics/analytics.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { CHAT_TAG } from './session.ts';

const count = z.int().min(0).meta({ example: 12 });
const percentage = z
  .number()
  .nullable()
  .meta({ description: '0-100, one decimal; null where there is nothing.', example: 87.5 });
const topic = { division, intent: z.string(), title: z.string() };
const ratings = { up: count, down: count };

const pctOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1_000) / 10;

export const chatAnalytics = route({
  method: 'get',
  path: '/api/admin/analytics/chatbot',
  name: 'getChatAnalytics',
  tag: CHAT_TAG,
  summary: 'What the bot was asked, and what it knew',
  description:
    'Of a period, as the figures of a division. `unanswered`: questions without an answer, as they were asked, ' +
    'without numbers and addresses. Ratings are those of the talks that were opened in the period; `agents`: those given to who had the talk.',
  access: 'analytics_division',
  reads: 'analytics',
  query: {
    division: division.or(z.literal('all')).optional(),
    ...PERIOD_QUERY,
  },
  status: 200,
  data: z.strictObject({
    questions: count,
    answered_pct: percentage,
    top_questions: z.array(z.strictObject({ ...topic, count })),
    unanswered: z.array(z.strictObject({ division, question: z.string(), count, last_at: time })),
    cta_clicks: z.record(z.string(), z.strictObject({ primary: count, secondary: count })),
    escalations: z.array(z.strictObject({ day: z.iso.date(), count })),
    claimed_within_3min_pct: percentage,
    ratings: z.strictObject(ratings),
    agents: z.array(z.strictObject({ id, name: z.string(), ...ratings })),
    resolve_median_min: z.number().nullable().meta({ example: 42.5 }),
  }),
  errors: ['DIVISION_FORBIDDEN'],
  examples: {
    intent: 'ONGKIR_MOBIL',
    title: 'Biaya kirim mobil',
    question: 'bisa kirim ke luar negeri',
    cta_clicks: { ONGKIR_MOBIL: { primary: 4, secondary: 1 } },
    day: '2026-07-03',
    id: EXAMPLE_IDS.andi,
  },
  async handle({ query, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, query.division);
    const { timezone } = context.config;
    const calendar = calendarOf(timezone);
    const { from, to } = periodOf(query, context);
    const found = await chatFigures(context.read, scope, {
      divisions,
      from: new Date(calendar.momentOf(dayNumber(from))).toISOString(),
      to: new Date(calendar.momentOf(dayNumber(to) + 1)).toISOString(),
      timezone,
      erased: ERASED,
    });
    const faqs = new Map<Division, CurrentFaq>();
    for (const of of divisions) faqs.set(of, await context.chat.faqs.of(of));
    const clicks: Record<string, { primary: number; secondary: number }> = {};
    for (const { intent, which, clicks: n } of await context.chatClicks.between(divisions, from, to))
      (clicks[intent] ??= { primary: 0, secondary: 0 })[which] += n;
    const sums = found.sums ?? { escalated: 0, in_time: 0, resolve_minutes: null, up: 0, down: 0 };
    return {
      data: {
        questions: found.questions,
        answered_pct: pctOf(found.answered, found.questions),
        top_questions: found.top.map((row) => ({
          ...row,
          title: faqs.get(row.division)?.content.intents[row.intent]?.title ?? row.intent,
        })),
        unanswered: found.unanswered.map((row) => ({ ...row, last_at: row.last_at.toISOString() })),
        cta_clicks: clicks,
        escalations: [...found.escalations],
        claimed_within_3min_pct: pctOf(sums.in_time, sums.escalated),
        ratings: { up: sums.up, down: sums.down },
        agents: [...found.agents],
        resolve_median_min: sums.resolve_minutes === null ? null : Math.round(sums.resolve_minutes * 10) / 10,
      },
    };
  },
});
