/** Area: what machines ask: is it up, is it ready, how is it doing, what does its API look like. */
import { z } from 'zod';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { isOperator } from './operator.ts';

const TAG = 'Operations';

/** The checks ask every store: for strangers they run once a second, however many ask. */
const KEPT_MS = 1_000;
const lastLook = new WeakMap<HttpContext, { readonly at: number; readonly ready: Promise<boolean> }>();

function isReady(context: HttpContext): Promise<boolean> {
  const last = lastLook.get(context);
  if (last && performance.now() - last.at < KEPT_MS) return last.ready;
  const ready = context.readiness().then((checks) => checks.every(({ problem }) => problem === null));
  lastLook.set(context, { at: performance.now(), ready });
  return ready;
}

export const healthz = route({
  method: 'get',
  path: '/healthz',
  name: 'healthz',
  tag: TAG,
  summary: 'Is the process up?',
  description: 'Looks at nothing but the process itself: restart it when this does not answer.',
  access: 'public',
  admit: null,
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
    'is `degraded`; with a 503 it is in `details`. Checks, warnings and details are for loopback and for ' +
    '`Authorization: Bearer <OPS_TOKEN>`; anybody else gets the status only.',
  access: 'public',
  admit: null,
  status: 200,
  data: z.strictObject({
    status: z.enum(['ready', 'degraded']),
    checks: z.array(z.string()).optional(),
    warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
  errors: ['NOT_READY'],
  examples: { path: 'job routing', message: 'skipped 1 event that it cannot read' },
  async handle({ req, context }) {
    if (!isOperator(req, context.config.opsToken)) {
      if (!(await isReady(context))) throw new HttpError('NOT_READY', [], 2);
      return { data: { status: 'ready' as const } };
    }
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
