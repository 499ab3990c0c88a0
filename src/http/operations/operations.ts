/** How the installation does, for people who look after it in the dashboard (docs/design/api.md#operations). */
import { z } from 'zod';
import { covers } from '../../domain/staff/privileges.ts';
import { channel, division } from '../../domain/vocabulary.ts';
import { route } from '../framework/route.ts';
import { time } from '../framework/schemas.ts';

const parked = z.strictObject({
  streams: z.int(),
  events: z.int(),
  because: z.string().nullable().meta({ example: 'TicketTagged: tag is missing' }),
});
const view = z.strictObject({
  view: z.string().meta({ example: 'inbox' }),
  state: z.enum(['running', 'stopped', 'wrong_store']),
  lag_events: z.int().nullable().meta({ description: 'null: it belongs to another store.' }),
  lag_seconds: z.number(),
  stopped_because: z.string().nullable(),
  parked: parked
    .nullable()
    .meta({ description: 'What it holds back while it goes on with everything else.' }),
});
const job = z.strictObject({
  job: z.string().meta({ example: 'routing' }),
  state: z.enum(['running', 'wrong_store']),
  lag_events: z.int().nullable(),
  updated_at: time.meta({ description: 'When it last moved on.' }),
});
const line = z.strictObject({
  channel,
  id: z.string().meta({ example: 'PHONE_ID_001' }),
  name: z.string().nullable().meta({ example: 'Saga Logistics' }),
  division,
  state: z.enum(['sending', 'stopped', 'unknown']).meta({
    description: '`stopped`: it sends nothing until somebody acts. `unknown`: another process sends.',
  }),
  stopped_by: z
    .string()
    .nullable()
    .meta({ description: 'The code that stopped it.', example: 'token_invalid' }),
});

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

/** What the program can say of itself. */
export interface OperationsLook {
  readonly views: z.infer<typeof view>[];
  readonly jobs: z.infer<typeof job>[];
  readonly lines: z.infer<typeof line>[];
  readonly webhooks: {
    readonly pending: number;
    readonly dead: number;
    readonly oldest_pending_at: string | null;
  };
}
