/** Changes of staff, roles, divisions, tags, templates, blasts, exports and field service, and who made them: the events without secrets. */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { dispatch, type Handlers, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { isoSql, isoTime, storable, storableJson } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { WriteStore } from '../../ports.ts';
import { type AdminEntry, AUDIT_AREAS, type AuditArea } from './admin-entry.ts';
import { FIELD_SERVICE_ENTRIES } from './field-service-entries.ts';

// ---------------------------------------------------------------- query

type EntryRow = Columns<'read.admin_audit', { position: 'position' }> & { readonly entry: string };

const entriesPage = statement(
  'admin_audit_page',
  (before: string, division: Division | null, begins: readonly string[] | null, most: number) =>
    sql<EntryRow>`select a.position, json_build_object('id', a.id, 'event', a.event, 'timestamp', ${sql.raw(isoSql('a.at'))},
  'actor', case when a.actor_id is not null then json_build_object('id', a.actor_id, 'name', coalesce(u.name, '')) end,
  'actor_role', a.actor_role, 'subject', a.subject, 'metadata', coalesce(a.metadata, '{}'::json))::text as entry
from read.admin_audit a left join read.users u on u.id = a.actor_id
where a.position < ${before} and (${division}::text is null or a.subject = ${division} or a.metadata->>'division' = ${division}
  or a.subject in (select id::text from read.users where division = ${division})) and (${begins}::text[] is null or exists (select from unnest(${begins}::text[]) p where starts_with(a.event, p)))
order by a.position desc limit ${most}`,
);

export interface AdminAuditQuery {
  readonly limit: number;
  readonly cursor?: string;
  /** What is about this division or its people only. */
  readonly division?: Division | undefined;
  readonly area?: AuditArea | undefined;
}

/**
 * Newest first. Readers have no rights on this table: the caller checks the privilege
 * (docs/design/api.md#roles-and-privileges).
 * @returns json: text of a JSON array
 * @throws InvalidCursor
 */
export async function listAdminAudit(
  database: Pick<WriteStore, 'query'>,
  { limit, cursor, division, area }: AdminAuditQuery,
): Promise<{ readonly json: string; readonly nextCursor: string | null }> {
  const before = readPlace('admin-audit', cursor) ?? BEHIND_ALL;
  const rows = await database.query(
    entriesPage(before, division ?? null, area ? AUDIT_AREAS[area] : null, limit + 1),
  );
  const { page, nextCursor } = pageOf('admin-audit', rows, limit);
  return { json: `[${page.map(({ entry }) => entry).join(',')}]`, nextCursor };
}

// ---------------------------------------------------------------- view

/** Personal and secret fields are not shown, only that they changed. */
const ENTRIES: Handlers<[], AdminEntry> = {
  ...FIELD_SERVICE_ENTRIES,
  ProjectionEventSkipped: ({ data: { view, eventId, by, reason } }) => ({
    event: 'projection_event_skipped',
    subject: view,
    metadata: { event_id: eventId, by, reason },
  }),
  UserRegistered: ({ data: { userId, role, division } }) => ({
    event: 'user_created',
    subject: userId,
    metadata: { role, division },
  }),
  UserRenamed: ({ data }) => ({ event: 'user_renamed', subject: data.userId }),
  UserEmailChanged: ({ data }) => ({ event: 'user_email_changed', subject: data.userId }),
  UserPasswordChanged: ({ data }) => ({ event: 'user_password_changed', subject: data.userId }),
  UserRoleChanged: ({ data: { userId, role } }) => ({
    event: 'user_role_changed',
    subject: userId,
    metadata: { role },
  }),
  UserMoved: ({ data: { userId, division } }) => ({
    event: 'user_division_changed',
    subject: userId,
    metadata: { division },
  }),
  UserDeactivated: ({ data }) => ({ event: 'user_deactivated', subject: data.userId }),
  UserReactivated: ({ data }) => ({ event: 'user_reactivated', subject: data.userId }),
  UserPrivilegesChanged: ({ data: { userId, granted, revoked } }) => ({
    event: 'user_privileges_changed',
    subject: userId,
    metadata: { granted, revoked },
  }),
  UserCapacitySet: ({ data: { userId, maxActiveTickets } }) => ({
    event: 'user_capacity_changed',
    subject: userId,
    metadata: { max_active_tickets: maxActiveTickets },
  }),
  TotpEnrolled: ({ data }) => ({ event: 'user_second_factor_enrolled', subject: data.userId }),
  RecoveryCodeUsed: ({ data }) => ({ event: 'user_recovery_code_used', subject: data.userId }),
  TotpDisabled: ({ data }) => ({ event: 'user_second_factor_disabled', subject: data.userId }),
  TotpReset: ({ data }) => ({ event: 'user_second_factor_reset', subject: data.userId }),
  TelegramLinked: ({ data }) => ({ event: 'user_telegram_linked', subject: data.userId }),
  TelegramUnlinked: ({ data }) => ({ event: 'user_telegram_unlinked', subject: data.userId }),
  RolePrivilegesSet: ({ data: { role, privileges } }) => ({
    event: 'role_privileges_set',
    subject: role,
    metadata: { privileges },
  }),
  OfficeHoursSet: ({ data: { division, hours } }) => ({
    event: 'office_hours_set',
    subject: division,
    metadata: { hours },
  }),
  ChannelCostSet: ({ data: { month, channel, amount } }) => ({
    event: 'channel_cost_set',
    subject: channel,
    metadata: { month, amount },
  }),
  FaqPublished: ({ data: { division, version, rolledBackTo } }) => ({
    event: 'faq_published',
    subject: division,
    metadata: { version, ...(rolledBackTo !== undefined && { rolled_back_to: rolledBackTo }) },
  }),
  ConsentGiven: ({ data: { customerId, purpose, textVersion } }) => ({
    event: 'consent_given',
    subject: customerId,
    metadata: { purpose, text_version: textVersion },
  }),
  ConsentWithdrawn: ({ data: { customerId, purpose } }) => ({
    event: 'consent_withdrawn',
    subject: customerId,
    metadata: { purpose },
  }),
  TemplateDefined: ({ data: { templateId, name, language, state } }) => ({
    event: 'template_defined',
    subject: templateId,
    metadata: { name, language, state },
  }),
  TemplateReworded: ({ data: { templateId, name, language } }) => ({
    event: 'template_reworded',
    subject: templateId,
    metadata: { name, language },
  }),
  TemplateStateChanged: ({ data: { templateId, state, reason } }) => ({
    event: 'template_state_changed',
    subject: templateId,
    metadata: { state, reason },
  }),
  BlastCreated: ({ data: { blastId, recipients, template, hash } }) => ({
    event: 'blast_created',
    subject: blastId,
    metadata: { recipients: recipients.length, template_id: template.id, hash },
  }),
  BlastApproved: ({ data: { blastId, hash } }) => ({
    event: 'blast_approved',
    subject: blastId,
    metadata: { hash },
  }),
  BlastRejected: ({ data: { blastId, reason } }) => ({
    event: 'blast_rejected',
    subject: blastId,
    metadata: { reason },
  }),
  BlastPaused: ({ data: { blastId, reason } }) => ({
    event: 'blast_paused',
    subject: blastId,
    metadata: { reason },
  }),
  BlastResumed: ({ data: { blastId } }) => ({ event: 'blast_resumed', subject: blastId }),
  BlastCancelled: ({ data: { blastId } }) => ({ event: 'blast_cancelled', subject: blastId }),
  BlastDone: ({ data: { blastId } }) => ({ event: 'blast_done', subject: blastId }),
  ExportRequested: ({ data: { exportId, kind, reportType, division, start, end } }) => ({
    event: 'export_requested',
    subject: exportId,
    metadata: { type: kind, report_type: reportType, division, start, end },
  }),
  ExportCompleted: ({ data: { exportId, size, sha256 } }) => ({
    event: 'export_completed',
    subject: exportId,
    metadata: { size, sha256 },
  }),
  ExportFailed: ({ data: { exportId, reason } }) => ({
    event: 'export_failed',
    subject: exportId,
    metadata: { reason },
  }),
  ExportDownloaded: ({ data: { exportId } }) => ({ event: 'export_downloaded', subject: exportId }),
  ExportExpired: ({ data: { exportId, reason } }) => ({
    event: 'export_expired',
    subject: exportId,
    metadata: { reason },
  }),
  CustomerErased: ({ data: { customerId, division, reason } }) => ({
    event: 'customer_erased',
    subject: customerId,
    metadata: { division, reason },
  }),
  CustomerMerged: ({ data: { customerId, into, because, joinTickets } }) => ({
    event: 'customer_merged',
    subject: customerId,
    metadata: { into, because, join_tickets: joinTickets },
  }),
  // Which fields, not what they hold: that is personal.
  CustomerEdited: ({ data: { customerId, ...fields } }) => ({
    event: 'customer_edited',
    subject: customerId,
    metadata: { fields: Object.keys(fields) },
  }),
  CustomerSelfRegistered: ({ data: { customerId } }) => ({
    event: 'customer_self_registered',
    subject: customerId,
  }),
  CustomerArchived: ({ data: { customerId } }) => ({ event: 'customer_archived', subject: customerId }),
  CustomerUnarchived: ({ data: { customerId } }) => ({ event: 'customer_unarchived', subject: customerId }),
  TemplateDeleted: ({ data: { templateId } }) => ({ event: 'template_deleted', subject: templateId }),
  TagChanged: ({ data: { tagId, name } }) => ({ event: 'tag_changed', subject: tagId, metadata: { name } }),
  TagDeleted: ({ data: { tagId } }) => ({ event: 'tag_deleted', subject: tagId }),
  TagDefined: ({ data: { tagId, name } }) => ({ event: 'tag_defined', subject: tagId, metadata: { name } }),
};

/** The view `read.admin_audit`. */
export function adminAuditView(): View {
  return {
    name: 'admin_audit',
    streams: [
      'user-',
      'role-',
      'division-',
      'channelcosts-',
      'faq-',
      'catalogue-',
      'blast-',
      'export-',
      'customer-',
      'projection-',
      'job-',
      'capacity-',
      'agenda-',
      'technician-',
      'invoice-',
      'invoicenumbers-',
      'rating-',
    ],
    tables: ['admin_audit'],
    forget: () => undefined,
    apply: async (on, events) => {
      const rows = events.flatMap((event: Recorded) => {
        const entry = dispatch(ENTRIES, event);
        return entry ? [{ event, entry, actor: event.metadata.actor }] : [];
      });
      if (rows.length === 0) return undefined;
      await on.query(
        write(
          'admin_audit_insert',
          `insert into read.admin_audit (position, id, event, at, actor_id, actor_role, subject, metadata)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::json[])`,
          columnsOf('read.admin_audit', rows, {
            position: ({ event }) => event.position,
            id: ({ event }) => event.id,
            event: ({ entry }) => entry.event,
            at: ({ event }) => isoTime(event.metadata.at),
            actor_id: ({ actor }) => (actor.kind === 'user' ? actor.id : null),
            actor_role: ({ actor }) => storable(actor.kind === 'user' ? actor.role : actor.kind),
            subject: ({ entry }) => storable(entry.subject),
            metadata: ({ entry }) => (entry.metadata ? storableJson(entry.metadata) : null),
          }),
        ),
      );
      return undefined;
    },
  };
}
