/** What the checks of the queue and of idle tickets look at: who waits since when, and what was told already. */
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql, WriteStore } from '../../ports.ts';
import { isoSql, isoTime } from '../../engine/sql/postgres-text.ts';
import { columns, dispatch, type Handlers, partsOf, type View } from '../../engine/projections/view.ts';

/** For the jobs of the installation itself: readers have no part in these tables. */
export type AlertTables = Pick<WriteStore, 'query'>;

/** Most tickets that one alert counts; the next check finds the rest. */
const MOST = 500;

// ---------------------------------------------------------------- queries

export interface WaitingTicket {
  readonly ticketId: string;
  readonly division: Division;
  readonly episode: string;
  /** Queued outside office hours: waits, as far as anybody is concerned, from the opening on. */
  readonly offHours: boolean;
}

/** Tickets in the queue since before `since` that nobody was told of on this level, longest first. */
export const untoldWaiting = (
  tables: AlertTables,
  minutes: number,
  since: Date,
): Promise<readonly WaitingTicket[]> =>
  tables.query<WaitingTicket>({
    name: 'queue_watch_untold',
    text: `select q.ticket_id as "ticketId", q.division, q.episode::text as episode, q.off_hours as "offHours"
from read.queue_watch q
left join read.alerts_told a on a.level = $1 and a.ticket_id = q.ticket_id and a.episode = q.episode::text
where q.since <= $2 and a.ticket_id is null order by q.since, q.ticket_id limit $3`,
    values: [levelOf('queue', minutes), since, MOST],
  });

export interface IdleTicket {
  readonly ticketId: string;
  readonly division: Division;
  readonly agentId: string;
  readonly episode: string;
}

/** Open assigned tickets without activity since `since` that nobody was told of, longest first. */
export const untoldIdle = (tables: AlertTables, since: Date): Promise<readonly IdleTicket[]> =>
  tables.query<IdleTicket>({
    name: 'idle_untold',
    text: `select t.id as "ticketId", t.division, t.assigned_to as "agentId", ${isoSql('t.last_activity_at')} as episode
from read.tickets t
left join read.alerts_told a on a.level = 'idle' and a.ticket_id = t.id and a.episode = ${isoSql('t.last_activity_at')}
where t.status in ('in_progress', 'awaiting_response') and t.assigned_to is not null and t.last_activity_at < $1
  and a.ticket_id is null order by t.last_activity_at, t.id limit $2`,
    values: [since, MOST],
  });

// ---------------------------------------------------------------- view

const levelOf = (kind: 'queue', minutes: number): string => `${kind} ${String(minutes)}`;

interface Queued {
  readonly division: Division;
  readonly episode: string;
  readonly since: string;
  readonly offHours: boolean;
}

/** What a batch does to one ticket: `left` the queue at some point, and stands in it (again) at the end, or not. */
interface Change {
  readonly left: boolean;
  readonly queued: Queued | null;
}

type Changes = Map<string, Change>;

const left: (event: { readonly data: { readonly ticketId: string } }, changes: Changes) => unknown = (
  { data },
  changes,
) => changes.set(data.ticketId, { left: true, queued: null });

const HANDLERS: Handlers<[Changes], unknown> = {
  TicketQueued: ({ id, data, metadata }, changes) => {
    const now = {
      division: data.division,
      episode: id,
      since: isoTime(metadata.at),
      offHours: data.label === 'off_hours',
    };
    const known = changes.get(data.ticketId);
    changes.set(data.ticketId, { left: known?.left ?? false, queued: known?.queued ?? now });
  },
  TicketWithdrawn: ({ id, data, metadata }, changes) =>
    changes.set(data.ticketId, {
      left: true,
      queued: { division: data.division, episode: id, since: isoTime(metadata.at), offHours: false },
    }),
  TicketTakenOver: left,
  TicketAssigned: left,
  TicketReassigned: left,
  TicketClosed: left,
  TicketReopened: left,
};

async function writeQueue(sql: Sql, changes: Changes): Promise<void> {
  const gone = [...changes].filter(([, change]) => change.left).map(([id]) => id);
  if (gone.length > 0) {
    await sql.query({
      name: 'queue_watch_delete',
      text: 'delete from read.queue_watch where ticket_id = any($1::uuid[])',
      values: [gone],
    });
  }
  const queued = [...changes].flatMap(([ticketId, { queued: one }]) => (one ? [{ ticketId, ...one }] : []));
  if (queued.length === 0) return;
  await sql.query({
    name: 'queue_watch_upsert',
    text: `insert into read.queue_watch as q (ticket_id, division, episode, since, off_hours)
select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::boolean[])
on conflict (ticket_id) do update set
  episode = case when q.off_hours and not excluded.off_hours then excluded.episode else q.episode end,
  since = case when q.off_hours and not excluded.off_hours then excluded.since else q.since end,
  off_hours = excluded.off_hours`,
    values: columns(
      queued,
      ({ ticketId }) => ticketId,
      ({ division }) => division,
      ({ episode }) => episode,
      ({ since }) => since,
      ({ offHours }) => offHours,
    ),
  });
}

function toldBy(event: Recorded): readonly { level: string; ticketId: string; episode: string }[] {
  if (event.type === 'QueueAlertRaised')
    return event.data.tickets.map((ticket) => ({ level: levelOf('queue', event.data.minutes), ...ticket }));
  if (event.type === 'IdleTicketsFound')
    return event.data.tickets.map((ticket) => ({ level: 'idle', ...ticket }));
  return [];
}

async function writeTold(sql: Sql, events: readonly Recorded[]): Promise<void> {
  const latest = new Map(events.flatMap(toldBy).map((one) => [`${one.level} ${one.ticketId}`, one]));
  if (latest.size === 0) return;
  await sql.query({
    name: 'alerts_told_upsert',
    text: `insert into read.alerts_told (level, ticket_id, episode)
select * from unnest($1::text[], $2::uuid[], $3::text[])
on conflict (level, ticket_id) do update set episode = excluded.episode`,
    values: columns(
      [...latest.values()],
      ({ level }) => level,
      ({ ticketId }) => ticketId,
      ({ episode }) => episode,
    ),
  });
}

export function alertsView(): View {
  return {
    name: 'alerts',
    streams: ['ticket-', 'alerts-'],
    tables: ['queue_watch', 'alerts_told'],
    forget: () => undefined,
    apply: async (sql, events) => {
      let waits = new Map<string, boolean>();
      // Whether a wait goes on or begins anew when its hours change, its row says (`queue_watch_upsert`).
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
        await writeQueue(sql, changes);
      }
      await writeTold(sql, events);
      return undefined;
    },
  };
}
