/** Area: what is known of a ticket's sale (docs/design/api.md#crm). */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import { input as updateCrmInput, type KnownVersions } from '../../commands/crm/update-crm.ts';
import { crmObject } from '../../domain/crm/crm.ts';
import { COMMON, LOST_REASONS } from '../../domain/crm/fields.ts';
import { fieldsOf } from '../../domain/crm/forms.ts';
import { CRM_STAGES, type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import { getCrm } from '../../projections/crm/crm.ts';
import { HttpError } from '../framework/errors.ts';
import { LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { time } from '../framework/schemas.ts';
import { ticketAfterwards, withTicket } from '../tickets/ticket-after.ts';
import type { TicketScope } from '../tickets/ticket-scope.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';

const fieldSource = z.strictObject({
  source: z.enum(['bot', 'agent']),
  confidence: z.number().optional(),
  at: time,
});

/** docs/design/api.md#crm-object. */
export const crmObjectSchema = z
  .strictObject({
    crm_stage: z.enum(CRM_STAGES),
    lost_reason: z.enum(LOST_REASONS).nullable(),
    quote_value: COMMON.quote_value.nullable(),
    deal_value: COMMON.deal_value.nullable(),
    discount_given: COMMON.discount_given.nullable(),
    origin_city: COMMON.origin_city.nullable(),
    destination_city: COMMON.destination_city.nullable(),
    customer_type: COMMON.customer_type.nullable(),
    crm_fields: z
      .union(DIVISIONS.map((division) => fieldsOf(division).meta({ title: division })))
      .meta({ description: "All fields of the ticket's division, null where nothing is known." }),
    crm_field_sources: z.record(z.string(), fieldSource).meta({
      description: 'Who set a field: `documents.stnk` is the member of a group.',
    }),
  })
  .meta({
    id: 'Crm',
    memberExamples: { lost_reason: null, deal_value: null, discount_given: null },
  });

export const etagOf = (version: number): string => `"crm-${String(version)}"`;

/**
 * The versions that an `If-Match` names; null where it names none or any.
 * @throws HttpError VALIDATION_FAILED
 */
function knownVersions(header: string | undefined): KnownVersions {
  if (header === undefined || header.trim() === '*') return null;
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag)))
    throw new HttpError('VALIDATION_FAILED', [
      problem('If-Match', 'BAD_FORMAT', 'Harus berisi ETag dari tiket'),
    ]);
  // A tag that we never made is known by nobody: it matches no version. A proxy that compresses makes ours weak.
  return new Set(tags.map((tag) => Number(/^(?:W\/)?"crm-(\d{1,9})"$/.exec(tag)?.[1] ?? -1)));
}

export const updateCrm = route({
  method: 'patch',
  path: '/api/admin/ticket/:id/crm',
  name: 'updateCrm',
  tag: 'Tickets',
  summary: 'Change the CRM data of a ticket',
  description:
    'Members are merged into what is stored; null clears a field. `crm_data` is another name of `crm_fields`, whose ' +
    "members are those of the ticket's division. Lost needs a `lost_reason`; leaving Lost clears it. Won and Lost " +
    'close the ticket; a ticket that is reopened goes on in the stage before. Also a closed ticket can be corrected.',
  access: 'crm_update',
  reads: 'ticket',
  params: ticketParams,
  body: updateCrmInput,
  status: 200,
  data: z.strictObject({ updated_at: time, ticket: ticketAfterwards, crm: crmObjectSchema.nullable() }),
  errors: [...ON_TICKET, 'LOST_REASON_REQUIRED', 'VERSION_CONFLICT'],
  versioned: 'checked',
  examples: {
    lost_reason: LEFT_OUT,
    deal_value: LEFT_OUT,
    discount_given: LEFT_OUT,
    crm_data: LEFT_OUT,
  },
  async handle({ params, body, command, req, signedIn, context }) {
    const known = knownVersions(req.headers['if-match']);
    const { version, ...changed } = await context.commands.updateCrm(command, params.id, body, known);
    const read = async (scope: TicketScope) => {
      const crm = await getCrm(context.read, scope, params.id);
      return { crm: JSON.stringify(crmObject(scope.division as Division, crm)) };
    };
    const answer = await withTicket({ context, signedIn }, params.id, { ...changed, crm: null }, read);
    return { ...answer, etag: etagOf(version) };
  },
});
