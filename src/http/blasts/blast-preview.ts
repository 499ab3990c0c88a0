/** Area: whom a blast would reach, before it is created (docs/design/api.md#blast). */
import { z } from 'zod';
import { input } from '../../commands/blasts/create-blast.ts';
import {
  type ConsideredTicket,
  LEFT_OUT_BECAUSE,
  planRecipients,
  type PlannedRecipient,
  previewText,
} from '../../commands/blasts/choose-recipients.ts';
import { requireUsable } from '../../commands/blasts/template-catalogue.ts';
import { blastForm } from '../../domain/blasts/blast.ts';
import { type Template, TEMPLATES_ID, templates } from '../../domain/blasts/template.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import {
  type AudienceTicket,
  blastAudience,
  filteredTickets,
  personalValues,
} from '../../projections/blasts/blast-audience.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS, EXAMPLE_TEXTS, LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';

/** 1,000 recipients are 39 KiB. */
export const BLAST_BODY = { bytes: 128 * 1024, members: 2_000 };

/** How many texts a preview shows. */
const SAMPLES = 5;

type Wanted = Pick<z.infer<typeof input>, 'recipients' | 'filter'>;

/**
 * The tickets that were named, or that the filter chooses; the caller may see all of them.
 * @returns `isMore`: more match the filter than were looked up
 * @throws HttpError DIVISION_FORBIDDEN, TICKET_NOT_FOUND
 */
export async function consideredFor(
  { read }: Pick<HttpContext, 'read'>,
  caller: Caller,
  { recipients, filter }: Wanted,
): Promise<{ readonly tickets: readonly AudienceTicket[]; readonly isMore: boolean }> {
  if (filter !== undefined) {
    const { scope } = scopeWithin(caller, filter.division);
    const { ids, isMore } = await filteredTickets(read, scope, filter);
    const { tickets } = await blastAudience(read, scope, ids);
    return { tickets, isMore };
  }
  const { tickets, missing } = await blastAudience(read, scopeOf(caller), recipients ?? []);
  if (missing !== null) throw new HttpError(missing === 'hidden' ? 'DIVISION_FORBIDDEN' : 'TICKET_NOT_FOUND');
  return { tickets, isMore: false };
}

/** @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NOT_USABLE; StoreUnavailable */
const templateOf = async (
  { commands }: Pick<HttpContext, 'commands'>,
  templateId: string,
): Promise<Template> =>
  requireUsable((await commands.handler.load(templates, TEMPLATES_ID)).byId.get(templateId));

/** What each of them would get now. @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NOT_USABLE; StoreUnavailable */
export async function plannedFor(
  context: Pick<HttpContext, 'commands' | 'clock'>,
  templateId: string,
  considered: readonly ConsideredTicket[],
): Promise<readonly PlannedRecipient[]> {
  return planRecipients(considered, await templateOf(context, templateId), context.clock.now().getTime());
}

export const previewBlast = route({
  method: 'post',
  path: '/api/admin/blast/preview',
  name: 'previewBlast',
  tag: 'Follow-up and blast',
  summary: 'Whom a blast would reach, and what they would read',
  description:
    'Creates nothing. `recipients` or `filter`, as for a new blast. `skipped` says who gets no message, and why; each is looked at again right ' +
    'before it is sent. More than 1,000 may be shown, but not created.',
  access: 'blast_create',
  reads: 'blast',
  limits: BLAST_BODY,
  body: input,
  status: 200,
  data: z.strictObject({
    total: z.int(),
    sendable: z.int(),
    skipped: z.array(z.strictObject({ ticket_id: id, reason: z.enum(LEFT_OUT_BECAUSE) })),
    samples: z.array(
      z.strictObject({
        ticket_id: id,
        form: blastForm.meta({
          description: 'Free text within 24 hours of the customer, else the template.',
        }),
        text: z.string(),
      }),
    ),
  }),
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'TEMPLATE_NOT_FOUND', 'TEMPLATE_NOT_USABLE'],
  examples: {
    recipients: [EXAMPLE_IDS.ticket],
    message: EXAMPLE_TEXTS.template,
    text: EXAMPLE_TEXTS.sent,
    total: 2,
    sendable: 1,
    reason: 'opted_out',
    filter: LEFT_OUT,
  },
  async handle({ body, signedIn: { caller }, context }) {
    await context.readYourWrites.ready(caller.id);
    const { tickets } = await consideredFor(context, caller, body);
    const template = await templateOf(context, body.template_id);
    const planned = planRecipients(tickets, template, context.clock.now().getTime());
    const reached = planned.flatMap((one) => (one.reason === null ? [one] : []));
    const shown = reached.slice(0, SAMPLES);
    const ids = shown.map(({ ticketId }) => ticketId);
    const values = await personalValues(context.read, scopeOf(caller), ids);
    return {
      data: {
        total: planned.length,
        sendable: reached.length,
        skipped: planned.flatMap(({ ticketId, reason }) =>
          reason === null ? [] : [{ ticket_id: ticketId, reason }],
        ),
        samples: shown.map(({ ticketId, form }) => ({
          ticket_id: ticketId,
          form,
          text: previewText(form, template, body.message, values.get(ticketId) ?? {}),
        })),
      },
    };
  },
});
