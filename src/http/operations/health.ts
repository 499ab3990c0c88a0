/** Area: what machines ask: is it up, is it ready, how is it doing, what does its API look like. */
import { z } from 'zod';
import { HttpError } from '../framework/errors.ts';
import { route } from '../framework/route.ts';

const TAG = 'Operations';

export const healthz = route({
  method: 'get',
  path: '/healthz',
  name: 'healthz',
  tag: TAG,
  summary: 'Is the process up?',
  description: 'Looks at nothing but the process itself: restart it when this does not answer.',
  access: 'public',
  status: 200,
  data: z.strictObject({ status: z.literal('up') }),
  errors: [],
  handle: () => Promise.resolve({ data: { status: 'up' as const } }),
});

export const readyz = route({
  method: 'get',
  path: '/readyz',
  name: 'readyz',
  tag: TAG,
  summary: 'Should it get requests?',
  description:
    'Stores reachable and projections caught up; else 503 with what is missing in `details`. What a person should look ' +
    'at, such as an event that a job could not read or that a view holds back (parked), is in `warnings`, and the status ' +
    'is `degraded`; with a 503 it is in `details`.',
  access: 'public',
  status: 200,
  data: z.strictObject({
    status: z.enum(['ready', 'degraded']),
    checks: z.array(z.string()),
    warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
  errors: ['NOT_READY'],
  examples: { path: 'job routing', message: 'skipped 1 event that it cannot read' },
  async handle({ context }) {
    const checks = await context.readiness();
    const problems = checks.flatMap(({ name, problem }) =>
      problem === null ? [] : [{ path: name, message: problem }],
    );
    const warnings = checks.flatMap(({ name, warning }) =>
      warning === undefined ? [] : [{ path: name, message: warning }],
    );
    if (problems.length > 0) throw new HttpError('NOT_READY', [...problems, ...warnings], 2);
    return {
      data: {
        status: warnings.length > 0 ? ('degraded' as const) : ('ready' as const),
        checks: checks.map(({ name }) => name),
        ...(warnings.length > 0 && { warnings }),
      },
    };
  },
});
