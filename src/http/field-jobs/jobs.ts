/** Area: visits, as the office plans them (docs/design/field-service.md#life-of-a-job). */
import { z } from 'zod';
import { input as cancelInput } from '../../commands/field-jobs/cancel-job.ts';
import { input as continueInput } from '../../commands/field-jobs/continue-job.ts';
import { fromTicketInput, input as openInput } from '../../commands/field-jobs/open-job.ts';
import { input as replaceInput } from '../../commands/field-jobs/replace-technician.ts';
import { input as rescheduleInput } from '../../commands/field-jobs/reschedule-job.ts';
import { assignInput } from '../../commands/field-jobs/take-job.ts';
import { requireVisible } from '../../commands/tickets/ticket-access.ts';
import { JOB_STATUSES } from '../../domain/field-jobs/job.ts';
import { service } from '../../domain/field-jobs/services.ts';
import { because, problem } from '../../domain/problems.ts';
import { covers } from '../../domain/staff/privileges.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import { division } from '../../domain/vocabulary.ts';
import { jobStatus, wholeJob, wholeJobObject } from '../../projections/field-jobs/job-object.ts';
import { listJobs } from '../../projections/field-jobs/jobs.ts';
import { lastWordsOf } from '../../projections/tickets/inbox.ts';
import { meantCustomer } from '../customers/offers.ts';
import { HttpError } from '../framework/errors.ts';
import { ticketParams } from '../framework/command-route.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import {
  EXAMPLE_JOB,
  FIELD_TAG as tag,
  jobAsSeen,
  jobParams,
  ON_AGENDA,
  ON_JOB,
  withJob,
} from './job-after.ts';

const examples = { id: EXAMPLE_JOB, job_id: EXAMPLE_JOB };
const afterwards = z.strictObject({
  job_id: id,
  job: wholeJobObject.nullable().meta({
    description: 'As it is afterwards. With `meta.stale`, null when it could not be read just now.',
  }),
});

const OPENING = ['CUSTOMER_NOT_FOUND', 'WINDOW_PAST', 'NO_CAPACITY', 'BUSY'] as const;

export const openJob = route({
  method: 'post',
  path: '/api/admin/jobs',
  name: 'openJob',
  tag,
  summary: 'Open a visit to a customer',
  description:
    'Takes a place on the day in Jakarta on which the window begins. Without one `NO_CAPACITY` names the next free days. The division is the customer’s. The last place is given once.',
  access: 'job_create',
  reads: 'job',
  body: openInput,
  status: 201,
  data: afterwards,
  errors: OPENING,
  examples,
  async handle({ body, command, signedIn: { caller }, context }) {
    const { customer_id, ...wish } = body;
    const who = await meantCustomer(context, customer_id);
    return withJob(context, caller, await context.commands.fieldJobs.open(command, who, wish), 'whole');
  },
});

export const openJobOfTicket = route({
  method: 'post',
  path: '/api/admin/ticket/:id/job',
  name: 'openJobOfTicket',
  tag,
  summary: 'Open a visit from a ticket',
  description:
    'Customer and division are those of the ticket; without `problem` it is what was written last. The job says which ticket it comes from.',
  access: 'job_create',
  reads: 'job',
  params: ticketParams,
  body: fromTicketInput,
  status: 201,
  data: afterwards,
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', ...OPENING],
  examples: { ...examples, id: EXAMPLE_IDS.ticket },
  async handle({ params, body, command, signedIn: { caller }, context }) {
    const {
      customerId,
      customerKey,
      division: of,
    } = requireVisible(await context.commands.handler.load(ticket, params.id), caller);
    const wanted = body.problem ?? (await lastWordsOf(context.read, of, params.id));
    if (wanted === null)
      throw new HttpError('VALIDATION_FAILED', [problem('problem', 'REQUIRED', 'Wajib diisi')]);
    const opened = await context.commands.fieldJobs.open(
      command,
      { customerId, customerKey },
      { ...body, problem: wanted },
      params.id,
    );
    return withJob(context, caller, opened, 'whole');
  },
});

const day = z.iso.date().refine(
  (text) => text >= '2000-01-01' && text <= '2199-12-31',
  because('OUT_OF_RANGE', 'Pilih hari antara tahun 2000 dan 2199', {
    minimum_year: 2000,
    maximum_year: 2199,
  }),
);
const most = z.int();

export const jobs = route({
  method: 'get',
  path: '/api/admin/jobs',
  name: 'listJobs',
  tag,
  summary: 'Visits',
  description:
    'The latest windows first. `counts` says how many there are of each status, whichever was asked for. Also those of a ticket, a customer, or a technician.',
  access: 'job_read',
  reads: 'job',
  query: {
    status: jobStatus.optional(),
    day: day.optional().meta({
      inQuery: { type: 'string', format: 'date' },
      description: 'In Jakarta.',
      example: '2026-12-02',
    }),
    division: division.optional(),
    ticket: id.optional().meta({ example: EXAMPLE_IDS.ticket }),
    customer: id.optional().meta({ example: EXAMPLE_IDS.customer }),
    technician: id.optional().meta({ example: EXAMPLE_IDS.andi }),
    limit: limitUpTo(200, 50),
    cursor: z.string().max(500).optional(),
  },
  status: 200,
  data: z.strictObject({
    jobs: z.array(wholeJobObject),
    counts: z
      .strictObject({
        open: most,
        assigned: most,
        in_progress: most,
        done: most,
        completed: most,
        cancelled: most,
      })
      .meta({ memberExamples: Object.fromEntries(JOB_STATUSES.map((one, n) => [one, n + 1])) }),
    next_cursor: z.string().nullable(),
  }),
  errors: ['DIVISION_FORBIDDEN'],
  examples: { next_cursor: null },
  async handle({ query: { division: wanted, ...filters }, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, wanted);
    const found = await listJobs(context.read, scope, { divisions, ...filters });
    const { counts, nextCursor } = found;
    return { data: { jobs: found.jobs.map(wholeJob), counts, next_cursor: nextCursor } };
  },
});

export const jobOfOffice = route({
  method: 'get',
  path: '/api/admin/jobs/:id',
  name: 'getJob',
  tag,
  summary: 'One visit',
  description: 'With the papers of it, and what became of it.',
  access: 'job_read',
  reads: 'job',
  params: jobParams,
  status: 200,
  data: z.strictObject({ job: wholeJobObject }),
  errors: ['JOB_NOT_FOUND'],
  examples,
  async handle({ params, signedIn: { caller }, context }) {
    const found = await jobAsSeen(context, caller, params.id, ['whole']);
    if (found === null) throw new HttpError('JOB_NOT_FOUND');
    return { data: { job: found } };
  },
});

const onJob = {
  method: 'post',
  tag,
  access: 'job_dispatch',
  reads: 'job',
  params: jobParams,
  status: 200,
  data: afterwards,
  examples,
} as const;

export const cancelJob = route({
  ...onJob,
  path: '/api/admin/jobs/:id/cancel',
  name: 'cancelJob',
  summary: 'Cancel a visit',
  description: 'Its place and its technician are free again. Cancelling it again changes nothing.',
  body: cancelInput,
  errors: [...ON_JOB, 'JOB_CLOSED'],
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.cancel(command, params.id, body),
      'whole',
    ),
});

export const rescheduleJob = route({
  ...onJob,
  path: '/api/admin/jobs/:id/reschedule',
  name: 'rescheduleJob',
  summary: 'Move a visit to another time',
  description:
    'Its technician keeps it, if they have the time. The new place is taken before the old one is free.',
  body: rescheduleInput,
  errors: [
    ...ON_JOB,
    ...ON_AGENDA,
    ...(['WINDOW_PAST', 'NO_CAPACITY', 'ALREADY_ARRIVED', 'JOB_CLOSED', 'ASSIGNEE_CHANGED'] as const),
  ],
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.reschedule(command, params.id, body),
      'whole',
    ),
});

export const assignJob = route({
  ...onJob,
  path: '/api/admin/jobs/:id/assign',
  name: 'assignJob',
  summary: 'Give a visit to a technician',
  description: 'One from the pool. To give it to somebody else than who has it: `replace`.',
  body: assignInput,
  errors: [
    ...ON_JOB,
    ...ON_AGENDA,
    ...(['USER_NOT_FOUND', 'AGENT_INACTIVE', 'JOB_ALREADY_TAKEN', 'JOB_CLOSED'] as const),
  ],
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.assign(command, params.id, body),
      'whole',
    ),
});

const BEFORE_ARRIVAL = ['JOB_NOT_ASSIGNED', 'ALREADY_ARRIVED', 'JOB_CLOSED'] as const;

export const continueJob = route({
  ...onJob,
  path: '/api/admin/jobs/:id/continue',
  name: 'continueJob',
  summary: 'The technician comes later',
  description: 'They stay on the job, and nobody is told that they are missing before that.',
  body: continueInput,
  errors: [...ON_JOB, ...BEFORE_ARRIVAL],
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.extend(command, params.id, body),
      'whole',
    ),
});

export const replaceTechnician = route({
  ...onJob,
  path: '/api/admin/jobs/:id/replace',
  name: 'replaceTechnician',
  summary: 'Another technician, or the pool',
  description: 'For who does not come. `to: null` puts the job back into the pool.',
  body: replaceInput,
  errors: [
    ...ON_JOB,
    ...ON_AGENDA,
    ...BEFORE_ARRIVAL,
    ...(['USER_NOT_FOUND', 'AGENT_INACTIVE', 'ASSIGNEE_CHANGED'] as const),
  ],
  handle: async ({ params, body, command, signedIn, context }) =>
    withJob(
      context,
      signedIn.caller,
      await context.commands.fieldJobs.replace(command, params.id, body),
      'whole',
    ),
});

export const services = route({
  method: 'get',
  path: '/api/services',
  name: 'listServices',
  tag,
  summary: 'What the divisions do at a customer’s',
  description: 'Of the divisions that the caller sees. `key` is what a job calls `kind`.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({
    services: z.array(
      service.meta({
        id: 'Service',
        memberExamples: {
          key: 'instalasi',
          label: 'Bongkar pasang AC dan perabot',
          skill: 'instalasi',
          minutes: 180,
          radius: 150,
          taxScheme: 'dpp_11_12',
        },
      }),
    ),
  }),
  errors: [],
  handle: ({ signedIn: { caller }, context }) =>
    Promise.resolve({
      data: {
        services: context.commands.fieldJobs.services.filter((one) => covers(caller, one.division)),
      },
    }),
});
