/** Area: figures of visits (docs/design/field-service.md#visit-figures). */
import { z } from 'zod';
import { MAX_DAYS } from '../../domain/time/period.ts';
import { division } from '../../domain/vocabulary.ts';
import { visitFigures } from '../../projections/field-jobs/visit-figures.ts';
import { PERIOD, requireDays } from '../capacity/days.ts';
import { route } from '../framework/route.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { FIELD_TAG } from './job-after.ts';

const percent = z.number().min(0).max(100).nullable();

export const fieldServiceFigures = route({
  method: 'get',
  path: '/api/analytics/field-service',
  name: 'getFieldServiceFigures',
  tag: FIELD_TAG,
  summary: 'How the visits went',
  description:
    'Of the visits whose window begins on these days of Jakarta, both within, at most 366. What each figure is: ' +
    '`docs/design/field-service.md`. Without `division`: those that the caller sees.',
  access: 'job_read',
  query: { ...PERIOD, division: division.optional() },
  status: 200,
  data: z.strictObject({
    figures: z
      .strictObject({
        jobs: z.int().meta({ description: 'Without those that were cancelled.' }),
        cancelled: z.int(),
        median_minutes_to_take: z
          .number()
          .nullable()
          .meta({ description: 'From opening to the first time somebody had it.' }),
        arrived: z.int(),
        on_time_pct: percent.meta({ description: 'Of those that arrived.' }),
        no_shows: z.int().meta({ description: 'How often a technician was missed.' }),
        completed: z.int(),
        first_visit_pct: percent.meta({
          description: 'Of those that are completed: nobody was missed, and the report was not sent back.',
        }),
      })
      .meta({
        id: 'FieldServiceFigures',
        memberExamples: {
          ...{ jobs: 42, cancelled: 3, median_minutes_to_take: 6.5, arrived: 40, on_time_pct: 92.5 },
          ...{ no_shows: 2, completed: 38, first_visit_pct: 94.7 },
        },
      }),
    days: z
      .array(
        z
          .strictObject({ day: z.iso.date(), jobs: z.int(), completed: z.int() })
          .meta({ memberExamples: { day: '2026-12-02', jobs: 9, completed: 8 } }),
      )
      .meta({ description: 'Those that have any, oldest first.' }),
  }),
  errors: ['DIVISION_FORBIDDEN'],
  async handle({ query: { from, to, division: wanted }, signedIn: { caller }, context }) {
    requireDays({ from, to }, MAX_DAYS);
    const { scope, divisions } = scopeWithin(caller, wanted);
    return { data: await visitFigures(context.read, scope, divisions, { from, to }) };
  },
});
