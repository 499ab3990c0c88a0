/** Area: who changed staff, roles, office hours and tags, and who did what in field service. */
import { z } from 'zod';
import { ownDivisionOf } from '../../domain/staff/privileges.ts';
import { listAdminAudit } from '../../projections/audit/admin-audit.ts';
import { AUDIT_AREA_NAMES } from '../../projections/audit/admin-entry.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';

const auditArea = z.enum(AUDIT_AREA_NAMES).meta({ description: 'Only what is about this.', example: 'jobs' });

export const adminAudit = route({
  method: 'get',
  path: '/api/admin/audit-log',
  name: 'listAdminAudit',
  tag: 'Administration',
  summary: 'What was changed in the administration, and who did it',
  description:
    'Newest first. `subject` is the user, role, division or tag it is about. Who sees one division reads what is about ' +
    'it and its people.',
  access: 'manage_users',
  reads: 'admin_audit',
  query: {
    limit: limitUpTo(200, 50),
    cursor: z.string().min(1).max(500).optional(),
    area: auditArea.optional(),
  },
  status: 200,
  data: z.strictObject({
    events: z.array(
      z.strictObject({
        id,
        event: z.string(),
        timestamp: time,
        actor: z.strictObject({ id, name: z.string() }).nullable(),
        actor_role: z.string(),
        subject: z.string(),
        metadata: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
  meta: { limit: z.int().optional(), next_cursor: z.string().optional() },
  errors: [],
  examples: {
    event: 'privileges_set',
    subject: 'viewer',
    metadata: {},
    actor: { id: EXAMPLE_IDS.sahpri, name: 'Sahpri' },
    actor_role: 'super_admin',
  },
  async handle({ query, signedIn, context }) {
    const { json, nextCursor } = await listAdminAudit(
      context.staff,
      omitUndefined({ ...query, division: ownDivisionOf(signedIn.caller) }),
    );
    return {
      data: { json: `{"events":${json}}` },
      meta: omitUndefined({ limit: query.limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
