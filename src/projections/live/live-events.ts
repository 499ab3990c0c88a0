/**
 * What the live stream sends for a batch of events, once the read tables show it: the same objects that the reads
 * give, so that a client that loads them again finds the same.
 */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { saysSomething } from '../../domain/conversation/conversation.ts';
import { NOTIFIES_BY_STATE, notificationsOf } from '../../domain/notifications/notification-rules.ts';
import { userStream } from '../../domain/staff/user.ts';
import type { Division } from '../../domain/vocabulary.ts';
import {
  type Clock,
  type MessageWording,
  NOBODY,
  type Position,
  type ReadStore,
  type Scope,
  type Sql,
} from '../../ports.ts';
import { blastForStream } from '../blasts/blast-progress.ts';
import { crmTexts } from '../crm/crm.ts';
import { findExport } from '../exports/exports-view.ts';
import { PAGE_COLUMNS, type PageRow, ticketText } from '../tickets/inbox-page.ts';
import { activeTicketCounts } from '../routing/agent-workload.ts';
import { liveInvoices } from './live-invoices.ts';
import { liveJobs } from './live-jobs.ts';
import { liveUnread } from './live-unread.ts';
import type { Rendered } from './rendered.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import { notesByIds } from '../conversation/internal-messages.ts';
import { messagesByIds } from '../conversation/messages.ts';
import {
  DECIDES_BLAST,
  notificationsAt,
  notificationsById,
  notificationsOfBlasts,
  notificationsResolvedAt,
} from '../notifications/notifications.ts';
import type { StaffTables } from '../staff/users.ts';

export interface RenderDeps {
  readonly read: ReadStore;
  readonly staff: StaffTables;
  readonly clock: Clock;
  readonly idleAfterHours: number;
  readonly messageWording: MessageWording;
}

/** The renderer reads everything of a division; each reader then gets only what they may see. */
const scopeOf = (division: Division): Scope => ({ kind: 'division', division, userId: NOBODY });

/** What of one ticket was touched, each thing with the last event that touched it. */
interface Touched {
  readonly division: Division;
  readonly ticketId: string;
  ticket: Position | null;
  crm: Position | null;
  readonly messages: Map<string, Position>;
  readonly channelMessages: Map<string, Position>;
  readonly notes: Map<string, Position>;
}

/** Steps of a delivery that nobody sees; and what somebody has read, which is told to them alone. */
const UNSEEN: ReadonlySet<string> = new Set(['DeliveryAttempted', 'DeliveryDeferred', 'TicketRead']);

function touchedBy(events: readonly Recorded[]): readonly Touched[] {
  const all = new Map<string, Touched>();
  const of = (ticketId: string, division: Division): Touched => {
    const known = all.get(ticketId);
    if (known) return known;
    const fresh = {
      division,
      ticketId,
      ticket: null,
      crm: null,
      messages: new Map<string, Position>(),
      channelMessages: new Map<string, Position>(),
      notes: new Map<string, Position>(),
    };
    all.set(ticketId, fresh);
    return fresh;
  };
  for (const event of events) {
    const { data, position } = event;
    if (event.type === 'IdleTicketsFound')
      for (const { ticketId, division } of event.data.tickets) of(ticketId, division).ticket = position;
    if (event.type === 'CustomerErased')
      for (const ticketId of event.data.ticketIds)
        Object.assign(of(ticketId, event.data.division), { ticket: position, crm: position });
    if (!('ticketId' in data && 'division' in data) || UNSEEN.has(event.type)) continue;
    const touched = of(data.ticketId, data.division);
    // L2 has a way of its own: a note does not even touch its ticket
    // (docs/design/business-rules.md#l2-never-reaches-a-customer).
    if (event.type === 'InternalNotePosted') {
      touched.notes.set(event.data.noteId, position);
      continue;
    }
    // What became of another message is shown there.
    if (event.type === 'MessageReceived' && !saysSomething(event.data.kind) && event.data.replyTo !== null)
      touched.channelMessages.set(event.data.replyTo, position);
    if ('messageId' in data && typeof data.messageId === 'string')
      touched.messages.set(data.messageId, position);
    else if (event.type === 'DeliveryReported')
      touched.channelMessages.set(event.data.channelMessageId, position);
    if (event.type === 'CrmUpdated') touched.crm = position;
    touched.ticket = position;
  }
  return [...all.values()];
}

const ticketsOf = statement(
  'live_tickets',
  (division: Division, ids: readonly string[]) => sql<PageRow>`select ${sql.raw(PAGE_COLUMNS)}
from read.tickets r left join read.users a on a.id = r.assigned_to left join read.users w on w.id = r.waiting_for
where r.division = ${division} and r.id = any(${ids}::uuid[])`,
);

const ticketRows = (sql: Sql, division: Division, ids: readonly string[]): Promise<PageRow[]> =>
  sql.query(ticketsOf(division, ids));

const wrapped = (one: Touched, layer: 'L1' | 'L2', message: string): string =>
  `{"ticket_id":"${one.ticketId}","division":"${one.division}","layer":"${layer}","message":${message}}`;

async function ofDivision(
  { read, clock, idleAfterHours, messageWording }: RenderDeps,
  division: Division,
  touched: readonly Touched[],
): Promise<Rendered[]> {
  const idleBefore = new Date(clock.now().getTime() - idleAfterHours * 3_600_000).toISOString();
  return read.scoped(scopeOf(division), async (sql) => {
    // All in one tick: one round trip, one snapshot.
    const [rows, crms, talks, notes] = await Promise.all([
      ticketRows(
        sql,
        division,
        touched.map(({ ticketId }) => ticketId),
      ),
      crmTexts(
        sql,
        division,
        touched.flatMap(({ ticketId, crm }) => (crm === null ? [] : [ticketId])),
      ),
      Promise.all(
        touched.map(async (one) =>
          one.messages.size + one.channelMessages.size === 0
            ? []
            : messagesByIds(
                sql,
                one,
                [...one.messages.keys()],
                [...one.channelMessages.keys()],
                messageWording,
              ),
        ),
      ),
      Promise.all(
        touched.map(async (one) => (one.notes.size === 0 ? [] : notesByIds(sql, one, [...one.notes.keys()]))),
      ),
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return touched.flatMap((one, index) => {
      const row = byId.get(one.ticketId);
      if (!row) return [];
      const about = { division, assignee: row.assignedTo };
      const latest = [...one.channelMessages.values()].at(-1) ?? '';
      const rendered: Rendered[] = [];
      if (one.ticket !== null) {
        const data = ticketText(row, idleBefore);
        rendered.push({
          position: one.ticket,
          event: 'ticket',
          audience: { kind: 'ticket', ...about },
          data,
          of: one.ticketId,
        });
      }
      if (one.crm !== null) {
        const data = `{"ticket_id":"${one.ticketId}","division":"${division}","crm":${crms(one.ticketId)}}`;
        const audience = { kind: 'ticket' as const, ...about };
        rendered.push({ position: one.crm, event: 'crm', audience, data, of: `crm ${one.ticketId}` });
      }
      for (const { id, json } of talks[index] ?? []) {
        const position = one.messages.get(id) ?? latest;
        const data = wrapped(one, 'L1', json);
        rendered.push({ position, event: 'message', audience: { kind: 'message', ...about }, data, of: id });
      }
      for (const { id, note } of notes[index] ?? []) {
        const position = one.notes.get(id) ?? '';
        const data = wrapped(one, 'L2', note);
        rendered.push({ position, event: 'message', audience: { kind: 'note', ...about }, data });
      }
      return rendered;
    });
  });
}

const presenceOf = statement('live_presence', (ids: readonly string[]) =>
  tables
    .selectFrom('read.users')
    .select(['id', 'name', 'division', 'status'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`),
);

async function presences({ staff, read }: RenderDeps, events: readonly Recorded[]): Promise<Rendered[]> {
  const changed = new Map<string, Recorded>();
  for (const event of events) {
    if (event.type === 'PresenceChanged' || event.type === 'UserDeactivated')
      changed.set(event.data.userId, event);
  }
  if (changed.size === 0) return [];
  const [rows, loads] = await Promise.all([
    staff.query(presenceOf([...changed.keys()])),
    activeTicketCounts(read, NOBODY),
  ]);
  return rows.flatMap((row) => {
    const event = changed.get(row.id);
    if (event?.stream !== userStream(row.id)) return [];
    const active_ticket_count = loads.get(row.id) ?? 0;
    const data = JSON.stringify({ ...row, changed_at: event.metadata.at, active_ticket_count });
    return [
      {
        position: event.position,
        event: 'presence',
        audience: { kind: 'presence', userId: row.id, division: row.division },
        data,
      },
    ];
  });
}

async function notifications({ read, staff }: RenderDeps, events: readonly Recorded[]): Promise<Rendered[]> {
  /** By person: ids of their notifications that are new or were read, each with the event that says so. */
  const wanted = new Map<string, Map<string, Position>>();
  const add = (userId: string, id: string, position: Position): void => {
    wanted.set(userId, (wanted.get(userId) ?? new Map<string, Position>()).set(id, position));
  };
  const byState = events.filter(({ type }) => NOTIFIES_BY_STATE.has(type)).map(({ position }) => position);
  if (byState.length > 0)
    for (const { userId, id, position } of await notificationsAt(staff, byState)) add(userId, id, position);
  const changed = events.flatMap(({ type, data, metadata: { at }, position }) =>
    'ticketId' in data && typeof data.ticketId === 'string' && !UNSEEN.has(type)
      ? [{ ticketId: data.ticketId, at, position }]
      : [],
  );
  for (const { userId, id, ticketId } of await notificationsResolvedAt(staff, changed))
    add(userId, id, changed.findLast((one) => one.ticketId === ticketId)?.position ?? '');
  // An approval that somebody gave is nothing to do for the others any more.
  const decided = new Map(
    events.flatMap((event) =>
      DECIDES_BLAST.has(event.type) && 'blastId' in event.data
        ? [[event.data.blastId, event.position] as const]
        : [],
    ),
  );
  if (decided.size > 0)
    for (const { userId, id, blastId } of await notificationsOfBlasts(staff, [...decided.keys()]))
      add(userId, id, decided.get(blastId) ?? '');
  for (const event of events) {
    for (const { userId } of notificationsOf(event)) add(userId, event.id, event.position);
    if (event.type === 'ParkedStreamFreed')
      for (const userId of event.data.recipients) add(userId, event.data.noticeId, event.position);
    if (event.type === 'NotificationRead') add(event.data.userId, event.data.notificationId, event.position);
  }
  const all = await Promise.all(
    [...wanted].map(async ([userId, ids]) => {
      const found = await notificationsById(read, { kind: 'all', userId }, [...ids.keys()], 'shown');
      return found.map((one): Rendered => ({
        position: ids.get(one.id) ?? '',
        event: 'notification',
        audience: { kind: 'user', userId },
        data: JSON.stringify(one),
      }));
    }),
  );
  return all.flat();
}

/** How far each blast came that something happened to. */
async function blasts({ read }: RenderDeps, events: readonly Recorded[]): Promise<Rendered[]> {
  const touched = new Map<string, Position>();
  for (const { type, data, position } of events) {
    if ('blastId' in data && type !== 'BlastMessagePosted') touched.set(data.blastId, position);
  }
  const rendered = await Promise.all(
    [...touched].map(async ([id, position]): Promise<Rendered[]> => {
      const found = await blastForStream(read, NOBODY, id);
      if (!found) return [];
      const data = JSON.stringify({ blast_id: id, ...found.progress });
      return [{ position, event: 'blast', audience: { kind: 'blast', userId: found.creatorId }, data }];
    }),
  );
  return rendered.flat();
}

/** How far each export is that something happened to: for the person who asked for it. */
async function exports({ read }: RenderDeps, events: readonly Recorded[]): Promise<Rendered[]> {
  const touched = new Map<string, Position>();
  for (const { type, data, position } of events) {
    if ('exportId' in data && type !== 'ExportDownloaded') touched.set(data.exportId, position);
  }
  const rendered = await Promise.all(
    [...touched].map(async ([id, position]): Promise<Rendered[]> => {
      const found = await findExport(read, { kind: 'all', userId: NOBODY }, id);
      if (!found) return [];
      const data = JSON.stringify(found.object);
      return [{ position, event: 'export', audience: { kind: 'user', userId: found.requestedBy }, data }];
    }),
  );
  return rendered.flat();
}

/** In the order of their events. The read tables must have taken all of them in. @throws StoreUnavailable */
export async function renderLive(
  deps: RenderDeps,
  events: readonly Recorded[],
): Promise<readonly Rendered[]> {
  const touched = touchedBy(events);
  const divisions = [...new Set(touched.map(({ division }) => division))];
  const all = await Promise.all([
    ...divisions.map((division) =>
      ofDivision(
        deps,
        division,
        touched.filter((one) => one.division === division),
      ),
    ),
    presences(deps, events),
    blasts(deps, events),
    exports(deps, events),
    liveUnread(deps, events),
    notifications(deps, events),
    liveJobs(deps.read, events),
    liveInvoices(deps, events),
  ]);
  return all.flat();
}
