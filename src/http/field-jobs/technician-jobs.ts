/** Area: visits, as technicians see and take them (docs/design/field-service.md#taking). */
import { z } from 'zod';
import { input as giveBackInput } from '../../commands/field-jobs/give-back.ts';
import { noInput } from '../../commands/field-jobs/take-job.ts';
import {
  jobStatus,
  ownJob,
  ownJobObject,
  poolJob,
  poolJobObject,
} from '../../projections/field-jobs/job-object.ts';
import { listJobs, listPool } from '../../projections/field-jobs/jobs.ts';
import { HttpError } from '../framework/errors.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo } from '../framework/schemas.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';
import {
  EXAMPLE_JOB,
  FIELD_TAG as tag,
  jobAsSeen,
  jobParams,
  ON_AGENDA,
  poolDivisionOf,
  withJob,
} from './job-after.ts';

const examples = { id: EXAMPLE_JOB, job_id: EXAMPLE_JOB, next_cursor: null };
const paged = { limit: limitUpTo(100, 50), cursor: z.string().max(500).optional() };
const next_cursor = z.string().nullable();

export const pool = route({
  method: 'get',
  path: '/api/jobs/pool',
  name: 'listPool',
  tag,
  summary: 'What can be taken',
  description:
    'The pool of the caller’s division, the earliest windows first: no name, no address, no price.',
  access: 'job_pool',
  query: paged,
  status: 200,
  data: z.strictObject({ jobs: z.array(poolJobObject), next_cursor }),
  errors: ['DIVISION_FORBIDDEN'],
  examples,
  async handle({ query, signedIn: { caller }, context }) {
    const found = await listPool(context.read, scopeOf(caller), poolDivisionOf(caller), query);
    return { data: { jobs: found.jobs.map(poolJob), next_cursor: found.nextCursor } };
  },
});

export const myJobs = route({
  method: 'get',
  path: '/api/jobs/mine',
  name: 'listMyJobs',
  tag,
  summary: 'What I have',
  description: 'The caller’s own visits, the latest windows first.',
  access: 'job_own',
  reads: 'job',
  query: { status: jobStatus.optional(), ...paged },
  status: 200,
  data: z.strictObject({ jobs: z.array(ownJobObject), next_cursor }),
  errors: [],
  examples,
  async handle({ query, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, undefined);
    const found = await listJobs(context.read, scope, { divisions, technician: caller.id, ...query });
    return { data: { jobs: found.jobs.map(ownJob), next_cursor: found.nextCursor } };
  },
});

export const jobOfTechnician = route({
  method: 'get',
  path: '/api/jobs/:id',
  name: 'getMyJob',
  tag,
  summary: 'One visit, as its technician sees it',
  description:
    'The caller’s own whole but for its price; one in the pool as the pool shows it. Any other is not found.',
  access: 'job_own',
  reads: 'job',
  params: jobParams,
  status: 200,
  data: z.strictObject({ job: z.discriminatedUnion('view', [ownJobObject, poolJobObject]) }),
  errors: ['JOB_NOT_FOUND'],
  examples,
  async handle({ params, signedIn: { caller }, context }) {
    const found = await jobAsSeen(context, caller, params.id, ['own', 'pool']);
    if (found === null) throw new HttpError('JOB_NOT_FOUND');
    return { data: { job: found } };
  },
});

const afterwards = z.strictObject({
  job_id: id,
  job: ownJobObject.nullable().meta({
    description: 'As its technician sees it. With `meta.stale`, null when it could not be read just now.',
  }),
});

export const takeJob = route({
  method: 'post',
  path: '/api/jobs/:id/take',
  name: 'takeJob',
  tag,
  summary: 'Take a visit',
  description:
    'First come, first served: of many who try at once, on the web and in Telegram, exactly one gets it. Taking what is one’s own already changes nothing.',
  access: 'job_pool',
  reads: 'job',
  params: jobParams,
  body: noInput,
  status: 200,
  data: afterwards,
  errors: ['JOB_NOT_FOUND', 'JOB_ALREADY_TAKEN', 'JOB_CLOSED', ...ON_AGENDA, 'BUSY'],
  examples,
  handle: async ({ params, command, signedIn, context }) =>
    withJob(context, signedIn.caller, await context.commands.fieldJobs.take(command, params.id), 'own'),
});

export const giveJobBack = route({
  method: 'post',
  path: '/api/jobs/:id/give-back',
  name: 'giveJobBack',
  tag,
  summary: 'Put a visit back into the pool',
  description: 'Before one is there. The dispatcher reads the reason.',
  access: 'job_own',
  params: jobParams,
  body: giveBackInput,
  status: 200,
  data: z.strictObject({ job_id: id, job: poolJobObject.nullable() }),
  errors: ['JOB_NOT_FOUND', 'NOT_YOUR_JOB', 'JOB_NOT_ASSIGNED', 'ALREADY_ARRIVED', 'JOB_CLOSED', 'BUSY'],
  examples,
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.giveBack(command, params.id, body),
      'pool',
    ),
});
