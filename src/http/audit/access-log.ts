/** Area: who looked at personal data, and who signed in or failed to (decision 9), for auditors. */
import { z } from 'zod';
import { because } from '../../domain/problems.ts';
import { ownDivisionOf } from '../../domain/staff/privileges.ts';
import { listAccess } from '../../projections/audit/access-log.ts';
import { phoneIn } from '../../projections/tickets/search.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';

const moment = z.iso.datetime({ offset: true });

export const accessLog = route({
  method: 'get',
  path: '/api/admin/audit/access',
  name: 'listAccess',
  tag: 'Administration',
  summary: 'Who looked at personal data, and who signed in or failed to',
  description:
    'Newest first. `event` is `personal_data_read` (`metadata.kind` says what, `metadata.filters` which filters of a ' +
    'list were used; one entry per person, kind, ticket and address in 15 minutes, and one for each search for a ' +
    'phone number), `signed_in`, `signed_out`, `sign_in_failed` (`metadata.reason`), `refresh_token_reused` or ' +
    '`access_refused` (`metadata.action` names the operation, `metadata.code` the answer). `metadata.unrecorded` counts ' +
    'those that were too many to be recorded. `metadata.origin`, `metadata.email_key` and `metadata.searched` are keyed ' +
    'hashes: the same one is the same place, address or number. `metadata.request_id` is in the log of the program. ' +
    '`user` is null where no account has the address. Who sees one division reads of its people only.',
  access: 'audit_read',
  reads: 'access_log',
  looksFor: ({ phone }) => (typeof phone === 'string' ? phoneIn(phone) : null),
  query: {
    user_id: id.optional(),
    ticket_id: id.optional(),
    phone: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .refine(
        (text) => phoneIn(text) !== null,
        because('BAD_FORMAT', 'Isi nomor telepon, misalnya 0812 3456 7890'),
      )
      .optional()
      .meta({
        description: 'Searches for exactly this number, or this beginning of one.',
        example: '0812 3456 7890',
      }),
    from: moment.optional().meta({ description: 'From this moment on.', example: '2026-07-01T00:00:00Z' }),
    to: moment.optional().meta({ description: 'Before this moment.', example: '2026-08-01T00:00:00Z' }),
    limit: limitUpTo(200, 50),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({
    events: z.array(
      z.strictObject({
        id,
        event: z.enum([
          'personal_data_read',
          'signed_in',
          'signed_out',
          'sign_in_failed',
          'refresh_token_reused',
          'access_refused',
        ]),
        timestamp: time,
        user: z
          .strictObject({ id, name: z.string() })
          .meta({ memberExamples: { id: EXAMPLE_IDS.andi } })
          .nullable(),
        ticket_id: id.nullable(),
        metadata: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
  meta: { limit: z.int().optional(), next_cursor: z.string().optional() },
  errors: [],
  async handle({ query, signedIn, context }) {
    const { user_id: userId, ticket_id: ticketId, phone, from, to, limit, cursor } = query;
    const { json, nextCursor } = await listAccess(
      context.staff,
      omitUndefined({
        userId,
        ticketId,
        searched: context.access.keyOfNumber(phoneIn(phone ?? '')) ?? undefined,
        from,
        to,
        limit,
        cursor,
        division: ownDivisionOf(signedIn.caller),
      }),
    );
    return {
      data: { json: `{"events":${json}}` },
      meta: omitUndefined({ limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
