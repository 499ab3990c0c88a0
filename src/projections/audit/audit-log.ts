/**
 * Who did what to a ticket (docs/design/api.md#audit-log-and-history): the events, without message texts and personal
 * values.
 */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { CrmUpdate } from '../../domain/crm/crm.ts';
import { ticketEvents } from '../../domain/tickets/ticket.ts';
import { dispatch, type Handlers, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { isoSql, isoTime, storable, storableJson } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { type Actor, type ReadStore, type Scope, START } from '../../ports.ts';
import { divisionOf } from '../customers/division-of.ts';

// ---------------------------------------------------------------- query

export interface AuditPage {
  readonly limit: number;
  readonly cursor?: string;
}

type EntryRow = Columns<'read.audit_log', { position: 'position' }> & {
  readonly entry: string;
  /** The members that are left out where they are null. */
  readonly optional: string;
};

const entriesPage = statement(
  'audit_log_page',
  (division: string, ticketId: string, after: string, most: number) =>
    sql<EntryRow>`select position, json_strip_nulls(json_build_object('from', a.from_who, 'to', a.to_who,
    'metadata', a.metadata))::text as optional,
  json_build_object('id', a.id, 'event', a.event, 'timestamp', ${sql.raw(isoSql('a.at'))},
    'actor', case when a.actor_id is not null then json_build_object('id', a.actor_id, 'name', u.name) end,
    'actor_role', a.actor_role)::text as entry
from read.audit_log a left join read.users u on u.id = a.actor_id
where a.division = ${division} and a.ticket_id = ${ticketId} and a.position > ${after} order by a.position limit ${most}`,
);

/**
 * Entries of a ticket, oldest first.
 * @returns json: text of a JSON array
 * @throws InvalidCursor
 */
export async function listAudit(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  { limit, cursor }: AuditPage,
): Promise<{ readonly json: string; readonly nextCursor: string | null }> {
  const after = readPlace('audit', cursor) ?? START;
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return { json: '[]', nextCursor: null };
  const rows = await read.scoped(scope, (on) => on.query(entriesPage(division, ticketId, after, limit + 1)));
  const { page, nextCursor } = pageOf('audit', rows, limit);
  const entries = page.map(({ entry, optional }) =>
    optional === '{}' ? entry : `${entry.slice(0, -1)},${optional.slice(1)}`,
  );
  return { json: `[${entries.join(',')}]`, nextCursor };
}

// ---------------------------------------------------------------- view

interface Entry {
  readonly event: string;
  readonly from?: string;
  readonly to?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What an auditor sees of each event that has more to say than its name. */
const ENTRIES: Handlers<[], Entry> = {
  TicketOpened: ({ data }) => ({
    event: 'ticket_opened',
    metadata: {
      channel: data.channel,
      is_returning_customer: data.isReturningCustomer,
      is_off_hours: data.isOffHours,
    },
  }),
  TicketTakenOver: ({ data }) => ({ event: 'self_takeover', from: 'bot', to: data.agentId }),
  TicketAssigned: ({ data }) => ({
    event: 'assigned',
    from: data.from,
    to: data.agentId,
    metadata: { note: data.note, reason: data.reason ?? null },
  }),
  TicketReassigned: ({ data }) => ({
    event: 'reassigned',
    from: data.fromAgent,
    to: data.toAgent,
    metadata: { reason: data.reason },
  }),
  HandoffRequested: ({ data }) => ({ event: 'handoff', metadata: { reason: data.reason } }),
  TicketQueued: ({ data }) => ({
    event: 'queued',
    metadata: { label: data.label, waiting_for: data.waitingFor },
  }),
  TicketWithdrawn: ({ data }) => ({
    event: 'withdrawn',
    from: data.agentId,
    to: 'queue',
    metadata: { because: data.because ?? null },
  }),
  TicketReleased: ({ data }) => ({ event: 'released', from: data.agentId, to: data.to }),
  TicketSnoozed: ({ data }) => ({ event: 'snoozed', metadata: { until: data.until } }),
  TicketWoken: ({ data }) => ({ event: 'woken', metadata: { because: data.because } }),
  TicketTagged: ({ data }) => ({ event: 'tag_added', metadata: { tag: data.tag } }),
  TicketUntagged: ({ data }) => ({ event: 'tag_removed', metadata: { tag: data.tag } }),
  // Only the names of the fields: their values may be personal.
  LeadDetected: ({ data }) => ({
    event: 'lead_detected',
    metadata: { fields: Object.keys(data.fields), confidence: data.confidence },
  }),
  CrmUpdated: ({ data }) => crmEntry(data),
  TicketClosed: ({ data: { outcome, reason, joinedTo } }) => ({
    event: 'closed',
    metadata: { outcome, reason, ...(joinedTo !== undefined && { joined_to: joinedTo }) },
  }),
  TicketReopened: ({ data }) => ({
    event: 'reopened',
    to: data.agentId ?? 'bot',
    metadata: { reason: data.reason },
  }),
  AgentReplied: ({ data: { messageId, followUp } }) =>
    followUp === undefined
      ? { event: 'replied', metadata: { message_id: messageId } }
      : { event: 'followup_sent', metadata: { message_id: messageId, template_id: followUp.templateId } },
  RepliedElsewhere: ({ data }) => ({
    event: 'replied_elsewhere',
    metadata: { message_id: data.messageId, by: data.by },
  }),
  FaqAnswered: ({ data: { answerId, outcome, intents, confidence, faqVersion } }) => ({
    event: 'faq_answered',
    metadata: { message_id: answerId, outcome, intents, confidence, faq_version: faqVersion },
  }),
  TicketPrioritised: ({ data: { priority, because } }) => ({
    event: 'prioritised',
    metadata: { priority, because },
  }),
  TicketRated: ({ data: { rating, agentId } }) => ({
    event: 'rated',
    to: agentId ?? 'bot',
    metadata: { rating },
  }),
  // Names and numbers of customers are in no audit log.
  TicketContactChanged: () => ({ event: 'contact_changed' }),
  TicketCustomerChanged: ({ data: { customerId } }) => ({
    event: 'customer_changed',
    metadata: { customer_id: customerId },
  }),
  TicketOffersChanged: ({ data: { optedOut } }) => ({ event: optedOut ? 'opted_out' : 'opted_in' }),
  TeamReplied: ({ data }) => ({
    event: 'replied_as_sa',
    metadata: { message_id: data.messageId, notified: data.notifiedAgentId },
  }),
  BlastMessagePosted: ({ data }) => ({
    event: 'followup_sent',
    metadata: {
      message_id: data.messageId,
      blast_id: data.blastId,
      by: data.senderId,
      template: data.template?.name ?? null,
    },
  }),
  InternalNotePosted: ({ data }) => ({
    event: 'internal_note_posted',
    metadata: { message_id: data.noteId, tagged: data.taggedAgentId },
  }),
};

/** The change of the stage, and the names of the other fields. */
function crmEntry({ changes, words, source, confidence }: CrmUpdate['data']): Entry {
  const stage = changes.find(({ field }) => field === 'crm_stage');
  const fields = [...changes, ...words].filter((change) => change !== stage).map(({ field }) => field);
  const metadata = { source, confidence, fields: fields.length === 0 ? null : fields };
  if (!stage) return { event: 'crm_updated', metadata };
  const reason = changes.find(({ field }) => field === 'lost_reason')?.to ?? null;
  return {
    event: 'crm_stage_changed',
    from: String(stage.from),
    to: String(stage.to),
    metadata: { ...metadata, lost_reason: reason },
  };
}

const OF_TICKETS: ReadonlySet<string> = new Set(ticketEvents.map(({ type }) => type));

/** `TicketPinned` is `ticket_pinned`. */
const plainName = (type: string): string => type.replaceAll(/(?<=.)[A-Z]/g, '_$&').toLowerCase();

/** An event of a ticket that needs no more than its name is not listed above: no action may be missing here. */
const auditEntry = (event: Recorded): Entry | undefined =>
  dispatch(ENTRIES, event) ?? (OF_TICKETS.has(event.type) ? { event: plainName(event.type) } : undefined);

const roleOf = (actor: Actor): string => (actor.kind === 'user' ? actor.role : actor.kind);

function metadataOf({ metadata = {} }: Entry, actor: Actor): string | null {
  const members = Object.entries(metadata).filter(([, value]) => value !== null);
  if (actor.kind === 'system') members.push(['process', actor.process]);
  return members.length === 0 ? null : storableJson(Object.fromEntries(members));
}

/** The view `read.audit_log`. */
export function auditLogView(): View {
  return {
    name: 'audit_log',
    streams: ['ticket-', 'conversation-', 'internal-'],
    tables: ['audit_log'],
    forget: () => undefined,
    apply: async (on, events) => {
      const rows = events.flatMap((event) => {
        const entry = auditEntry(event);
        return entry && 'ticketId' in event.data && 'division' in event.data
          ? [{ event, entry, data: event.data, actor: event.metadata.actor }]
          : [];
      });
      if (rows.length === 0) return undefined;
      await on.query(
        write(
          'audit_log_insert',
          `insert into read.audit_log
  (division, ticket_id, position, id, event, at, actor_id, actor_role, from_who, to_who, metadata)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[],
  $8::text[], $9::text[], $10::text[], $11::json[])`,
          columnsOf('read.audit_log', rows, {
            division: ({ data }) => data.division,
            ticket_id: ({ data }) => data.ticketId,
            position: ({ event }) => event.position,
            id: ({ event }) => event.id,
            event: ({ entry }) => entry.event,
            at: ({ event }) => isoTime(event.metadata.at),
            actor_id: ({ actor }) => (actor.kind === 'user' ? actor.id : null),
            actor_role: ({ actor }) => storable(roleOf(actor)),
            from_who: ({ entry }) => (entry.from === undefined ? null : storable(entry.from)),
            to_who: ({ entry }) => (entry.to === undefined ? null : storable(entry.to)),
            metadata: ({ entry, actor }) => metadataOf(entry, actor),
          }),
        ),
      );
      return undefined;
    },
  };
}
