/**
 * Area: who did what to a ticket. The audit log is the events themselves
 * (docs/design/business-rules.md#events-are-the-truth).
 */
import { z } from 'zod';
import { listAudit } from '../../projections/audit/audit-log.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { auditEventObject, limitUpTo } from '../framework/schemas.ts';
import { scopeOfTicket } from '../tickets/ticket-scope.ts';
import { ticketParams } from '../framework/command-route.ts';

export const auditLog = route({
  method: 'get',
  path: '/api/admin/ticket/:id/audit-log',
  name: 'listAudit',
  tag: 'Tickets',
  summary: 'What happened to a ticket, and who did it',
  description: 'Oldest first. `meta.next_cursor`, when there is one, leads to the next page.',
  access: 'audit_read',
  reads: 'audit_log',
  params: ticketParams,
  query: { limit: limitUpTo(200, 50), cursor: z.string().min(1).max(500).optional() },
  status: 200,
  data: z.strictObject({ events: z.array(auditEventObject) }),
  meta: { limit: z.int().optional(), next_cursor: z.string().optional() },
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  async handle({ params, query, signedIn, context }) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const { json, nextCursor } = await listAudit(context.read, scope, params.id, omitUndefined(query));
    return {
      data: { json: `{"events":${json}}` },
      meta: omitUndefined({ limit: query.limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
