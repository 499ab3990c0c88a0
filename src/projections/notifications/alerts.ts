/** What the alert jobs read: tickets that wait in the queue or are idle, and which alerts were already raised. */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { dispatch, type Handlers, partsOf, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoSql, isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql, WriteStore } from '../../ports.ts';

/** For the jobs of the installation itself: readers have no rights on these tables. */
export type AlertTables = Pick<WriteStore, 'query'>;

/** One alert counts at most so many tickets; the next check finds the rest. */
const MOST = 500;

// ---------------------------------------------------------------- queries

/**
 * A ticket in the queue. `episode` names this wait of it. `offHours`: queued outside office hours, so the wait counts
 * from the opening.
 */
export type LateTicket = Readonly<
  Columns<
    'read.queue_watch',
    { ticketId: 'ticket_id'; division: 'division'; episode: 'episode'; offHours: 'off_hours' }
  >
>;

const queuedTickets = statement(
  'queue_watch_untold',
  (level: string, since: Date, most: number) =>
    sql<LateTicket>`select q.ticket_id as "ticketId", q.division, q.episode::text as episode, q.off_hours as "offHours"
from read.queue_watch q
left join read.alerts_told a on a.level = ${level} and a.ticket_id = q.ticket_id and a.episode = q.episode::text
where q.since <= ${since} and a.ticket_id is null order by q.since, q.ticket_id limit ${most}`,
);

/**
 * Tickets that are in the queue since `since` or longer and have no alert of this level yet, longest wait first.
 * @param minutes the level: an alert after so many minutes
 */
export const queuedWithoutAlert = (
  on: AlertTables,
  minutes: number,
  since: Date,
): Promise<readonly LateTicket[]> => on.query(queuedTickets(levelOf('queue', minutes), since, MOST));

/** An idle ticket. `episode` is the time of its last activity, ISO 8601. */
export type IdleTicket = Readonly<Columns<'read.tickets', { ticketId: 'id'; division: 'division' }>> & {
  readonly agentId: string;
  readonly episode: string;
};

const episodeSql = sql.raw(isoSql('t.last_activity_at'));

const idleTickets = statement(
  'idle_untold',
  (since: Date, most: number) =>
    sql<IdleTicket>`select t.id as "ticketId", t.division, t.assigned_to as "agentId", ${episodeSql} as episode
from read.tickets t
left join read.alerts_told a on a.level = 'idle' and a.ticket_id = t.id and a.episode = ${episodeSql}
where t.status in ('in_progress', 'awaiting_response') and t.assigned_to is not null and t.last_activity_at < ${since}
  and t.snoozed_until is null and a.ticket_id is null order by t.last_activity_at, t.id limit ${most}`,
);

/** Open assigned tickets without activity since `since` that have no alert yet, longest first. */
export const idleWithoutAlert = (on: AlertTables, since: Date): Promise<readonly IdleTicket[]> =>
  on.query(idleTickets(since, MOST));

// ---------------------------------------------------------------- view

const levelOf = (kind: 'queue', minutes: number): string => `${kind} ${String(minutes)}`;

interface Queued {
  readonly division: Division;
  readonly episode: string;
  readonly since: string;
  readonly offHours: boolean;
}

/** What a batch does to one ticket: whether it left the queue at some point, and whether it is in the queue at the end. */
interface QueueChange {
  readonly left: boolean;
  readonly queued: Queued | null;
}

type Changes = Map<string, QueueChange>;

const leave: (event: { readonly data: { readonly ticketId: string } }, changes: Changes) => unknown = (
  { data },
  changes,
) => changes.set(data.ticketId, { left: true, queued: null });

const HANDLERS: Handlers<[Changes], unknown> = {
  TicketQueued: ({ id, data, metadata }, changes) => {
    const wait = {
      division: data.division,
      episode: id,
      since: isoTime(metadata.at),
      offHours: data.label === 'off_hours',
    };
    const known = changes.get(data.ticketId);
    changes.set(data.ticketId, { left: known?.left ?? false, queued: known?.queued ?? wait });
  },
  TicketWithdrawn: ({ id, data, metadata }, changes) =>
    changes.set(data.ticketId, {
      left: true,
      queued: { division: data.division, episode: id, since: isoTime(metadata.at), offHours: false },
    }),
  TicketReleased: ({ id, data, metadata }, changes) =>
    changes.set(data.ticketId, {
      left: true,
      queued:
        data.to === 'bot'
          ? null
          : { division: data.division, episode: id, since: isoTime(metadata.at), offHours: false },
    }),
  TicketTakenOver: leave,
  TicketAssigned: leave,
  TicketReassigned: leave,
  TicketClosed: leave,
  TicketReopened: leave,
};

async function writeQueue(on: Sql, changes: Changes): Promise<void> {
  const left = [...changes].filter(([, change]) => change.left).map(([id]) => id);
  if (left.length > 0)
    await on.query(
      write('queue_watch_delete', 'delete from read.queue_watch where ticket_id = any($1::uuid[])', [left]),
    );
  const queued = [...changes].flatMap(([ticketId, { queued: wait }]) =>
    wait ? [{ ticketId, ...wait }] : [],
  );
  if (queued.length === 0) return;
  await on.query(
    write(
      'queue_watch_upsert',
      `insert into read.queue_watch as q (ticket_id, division, episode, since, off_hours)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::boolean[])
on conflict (ticket_id) do update set
  episode = case when q.off_hours and not excluded.off_hours then excluded.episode else q.episode end,
  since = case when q.off_hours and not excluded.off_hours then excluded.since else q.since end,
  off_hours = excluded.off_hours`,
      columnsOf('read.queue_watch', queued, {
        ticket_id: ({ ticketId }) => ticketId,
        division: ({ division }) => division,
        episode: ({ episode }) => episode,
        since: ({ since }) => since,
        off_hours: ({ offHours }) => offHours,
      }),
    ),
  );
}

interface Alert {
  readonly level: string;
  readonly ticketId: string;
  readonly episode: string;
}

function alertsOf(event: Recorded): readonly Alert[] {
  if (event.type === 'QueueAlertRaised')
    return event.data.tickets.map((ticket) => ({ level: levelOf('queue', event.data.minutes), ...ticket }));
  if (event.type === 'IdleTicketsFound')
    return event.data.tickets.map((ticket) => ({ level: 'idle', ...ticket }));
  return [];
}

async function writeAlerts(on: Sql, events: readonly Recorded[]): Promise<void> {
  const latest = new Map(
    events.flatMap(alertsOf).map((alert) => [`${alert.level} ${alert.ticketId}`, alert]),
  );
  if (latest.size === 0) return;
  await on.query(
    write(
      'alerts_told_upsert',
      `insert into read.alerts_told (level, ticket_id, episode)
select * from unnest($1::text[], $2::uuid[], $3::text[])
on conflict (level, ticket_id) do update set episode = excluded.episode`,
      columnsOf('read.alerts_told', [...latest.values()], {
        level: ({ level }) => level,
        ticket_id: ({ ticketId }) => ticketId,
        episode: ({ episode }) => episode,
      }),
    ),
  );
}

/** The view of waits in the queue, and of the alerts that were raised. */
export function alertsView(): View {
  return {
    name: 'alerts',
    streams: ['ticket-', 'alerts-'],
    tables: ['queue_watch', 'alerts_told'],
    forget: () => undefined,
    apply: async (on, events) => {
      let waits = new Map<string, boolean>();
      // A part is cut where the hours of a wait change: its row decides whether a new wait begins (`queue_watch_upsert`).
      const parts = partsOf(events, (event) => {
        if (event.type !== 'TicketQueued' && event.type !== 'TicketWithdrawn') return false;
        const { ticketId } = event.data;
        const offHours = event.type === 'TicketQueued' && event.data.label === 'off_hours';
        const isCut = event.type === 'TicketQueued' && (waits.get(ticketId) ?? offHours) !== offHours;
        if (isCut) waits = new Map();
        waits.set(ticketId, offHours);
        return isCut;
      });
      for (const part of parts) {
        const changes: Changes = new Map();
        for (const event of part) dispatch(HANDLERS, event, changes);
        await writeQueue(on, changes);
      }
      await writeAlerts(on, events);
      return undefined;
    },
  };
}
