/** Area: who looked at personal data, and who signed in or failed to (decision 9), for auditors. */
import { z } from 'zod';
import { ownDivisionOf } from '../../domain/staff/privileges.ts';
import { listAccess } from '../../projections/audit/access-log.ts';
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
    'list were used; one entry per person, kind and ticket in 15 minutes), `signed_in`, `signed_out` or ' +
    '`sign_in_failed` (`metadata.reason`; `metadata.unrecorded` counts failures that were too many to be recorded). ' +
    '`metadata.origin` and `metadata.email_key` are keyed hashes: the same one is the same place or address. ' +
    '`user` is null where no account has the address. Who sees one division reads of its people only.',
  access: 'audit_read',
  query: {
    user_id: id.optional(),
    ticket_id: id.optional(),
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
        event: z.enum(['personal_data_read', 'signed_in', 'signed_out', 'sign_in_failed']),
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
    const { user_id: userId, ticket_id: ticketId, from, to, limit, cursor } = query;
    const { json, nextCursor } = await listAccess(
      context.staff,
      omitUndefined({ userId, ticketId, from, to, limit, cursor, division: ownDivisionOf(signedIn.caller) }),
    );
    return {
      data: { json: `{"events":${json}}` },
      meta: omitUndefined({ limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
