/** How the installation does, for people who look after it in the dashboard (docs/design/api.md#operations). */
import { z } from 'zod';
import { covers } from '../../domain/staff/privileges.ts';
import { route } from '../framework/route.ts';
import { time } from '../framework/schemas.ts';
import { job, line, view } from './operations-look.ts';

export const operations = route({
  method: 'get',
  path: '/api/admin/operations',
  name: 'getOperations',
  tag: 'Administration',
  summary: 'How views, jobs, lines and webhooks do',
  description:
    'For a page that asks again every some seconds. `problems` and `warnings` are those of `GET /readyz`. `lines` are ' +
    'the numbers, pages and bots of the divisions that the caller sees.',
  access: 'dead_letters_read',
  status: 200,
  data: z.strictObject({
    status: z.enum(['ready', 'degraded', 'not_ready']),
    problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    views: z.array(view),
    jobs: z.array(job),
    lines: z.array(line),
    webhooks: z.strictObject({
      pending: z.int().meta({ description: 'Taken in, and not read yet.' }),
      dead: z.int().meta({ description: 'See `GET /api/admin/webhook/dead-letters`.' }),
      oldest_pending_at: time.nullable(),
    }),
  }),
  errors: [],
  examples: { path: 'view inbox', message: 'behind by 3 s' },
  async handle({ signedIn: { caller }, context }) {
    const [checks, look] = await Promise.all([context.readiness(), context.operations()]);
    const problems = checks.flatMap(({ name, problem }) =>
      problem === null ? [] : [{ path: name, message: problem }],
    );
    const warnings = checks.flatMap(({ name, warning }) =>
      warning === undefined ? [] : [{ path: name, message: warning }],
    );
    return {
      data: {
        status:
          problems.length > 0
            ? ('not_ready' as const)
            : warnings.length > 0
              ? ('degraded' as const)
              : ('ready' as const),
        problems,
        warnings,
        ...look,
        lines: look.lines.filter((one) => covers(caller, one.division)),
      },
    };
  },
});
