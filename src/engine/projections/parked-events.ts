/**
 * Events that a view could not take in, with what came behind them: ops.projection_parked
 * (docs/design/reliability.md#parked-streams).
 */
import { sql } from 'kysely';
import type { Position, Sql, StoredEvent, WriteStore } from '../../ports.ts';
import { columnsOf } from '../sql/columns-of.ts';
import { type NoRow, statement, write } from '../sql/statement.ts';
import { tables } from '../sql/tables.ts';

/** An event that a view holds back. */
export interface ParkedEvent {
  readonly stored: Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'position'>;
  /** What is held together with it. */
  readonly subject: string;
  /** Why the view cannot take it in; null: it waits behind another. */
  readonly reason: string | null;
}

/** What a view leaves out. */
export interface Holding {
  /** Ids of events that a person skipped. */
  readonly skipped: ReadonlySet<string>;
  /** Subjects with a parked event: what follows waits behind it. */
  readonly held: ReadonlySet<string>;
}

/** Puts events of a view aside, in the transaction that moves its checkpoint past them. */
export async function park(on: Sql, view: string, events: readonly ParkedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await on.query(
    write(
      'projection_park',
      `insert into ops.projection_parked (view, position, stream, revision, event_id, subject, reason)
select $1, * from unnest($2::text[], $3::text[], $4::int8[], $5::uuid[], $6::text[], $7::text[])
on conflict (view, position) do update set reason = excluded.reason, retry = false`,
      [
        view,
        ...columnsOf('ops.projection_parked', events, {
          position: ({ stored }) => stored.position,
          stream: ({ stored }) => stored.stream,
          revision: ({ stored }) => Number(stored.revision),
          event_id: ({ stored }) => stored.id,
          subject: ({ subject }) => subject,
          reason: ({ reason }) => reason,
        }),
      ],
    ),
  );
}

export interface ParkedRow {
  readonly view: string;
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly retry: boolean;
}

const parkedRows = statement(null, (views: readonly string[]) =>
  tables
    .selectFrom('ops.projection_parked')
    .select(['view', 'position', 'stream', 'revision', 'event_id as eventId', 'subject', 'reason', 'retry'])
    .where('view', '=', sql<string>`any(${views})`)
    .orderBy('position'),
);

/** Everything that these views hold back, in order. @throws StoreUnavailable */
export const readParked = (
  on: Pick<WriteStore, 'query'>,
  views: readonly string[],
): Promise<readonly ParkedRow[]> => on.query(parkedRows(views));

/** What one view holds back. */
export interface ParkedSummary {
  readonly view: string;
  readonly streams: number;
  readonly events: number;
  /** The first event that it could not take in, and why. */
  readonly firstEventId: string;
  readonly because: string;
}

const parkedSummaries = statement(
  'projection_parked_summaries',
  () => sql<ParkedSummary>`select view, count(distinct stream)::int as streams, count(*)::int as events,
  (array_agg(event_id order by position) filter (where reason is not null))[1] as "firstEventId",
  (array_agg(reason order by position) filter (where reason is not null))[1] as because
from ops.projection_parked group by view`,
);

/** Per view that holds something back. @throws StoreUnavailable */
export const summarizeParked = (on: Pick<WriteStore, 'query'>): Promise<readonly ParkedSummary[]> =>
  on.query(parkedSummaries());

/** Told of one by one; the rest is in the summary. */
const MOST_TOLD = 50;

const parkedFirst = statement(
  'projection_parked_first',
  (most: number) => sql<{ view: string; subject: string }>`select view, subject from (
  select view, subject, row_number() over (partition by view order by min(position)) as n
  from ops.projection_parked where reason is not null group by view, subject
) p where n <= ${most} order by view, n`,
);

/** What each view cannot take in, by subject, the first so many of each view. @throws StoreUnavailable */
export const listParkedSubjects = (
  on: Pick<WriteStore, 'query'>,
): Promise<readonly { readonly view: string; readonly subject: string }[]> =>
  on.query(parkedFirst(MOST_TOLD));

const stillParked = statement(
  'projection_parked_still',
  () => sql<{ view: string; subject: string }>`select distinct view, subject from ops.projection_parked`,
);

/** Every subject that a view holds back. @throws StoreUnavailable */
export const subjectsHeldByViews = (
  on: Pick<WriteStore, 'query'>,
): Promise<readonly { readonly view: string; readonly subject: string }[]> => on.query(stillParked());

const parkedSubjects = statement(
  'projection_parked_subjects',
  () => sql<{ subject: string }>`select distinct subject from ops.projection_parked`,
);

/** What any view holds back. @throws StoreUnavailable */
export const subjectsParked = async (on: Pick<WriteStore, 'query'>): Promise<ReadonlySet<string>> =>
  new Set((await on.query(parkedSubjects())).map(({ subject }) => subject));

const asked = statement(
  null,
  () => sql<{ view: string }>`select distinct view from ops.projection_parked where retry`,
);

/** Views of which a person wants another try. @throws StoreUnavailable */
export const viewsToRetry = async (on: Pick<WriteStore, 'query'>): Promise<readonly string[]> =>
  (await on.query(asked())).map(({ view }) => view);

const askAll = statement(
  null,
  (views: readonly string[]) =>
    sql<{
      view: string;
    }>`update ops.projection_parked set retry = true where view = any(${views}) returning view`,
);

/** Asks the projector to try again what these views hold back. @returns how many events that are */
export const askRetry = async (on: Pick<WriteStore, 'query'>, views: readonly string[]): Promise<number> =>
  (await on.query(askAll(views))).length;

const askForSubject = statement(
  null,
  (
    eventId: string,
  ) => sql<NoRow>`update ops.projection_parked p set retry = true from ops.projection_parked skipped
where skipped.event_id = ${eventId} and p.view = skipped.view and p.subject = skipped.subject`,
);

/** Asks the projector to try again what waits behind this event. */
export const askRetryBehind = (on: Pick<WriteStore, 'query'>, eventId: string): Promise<unknown> =>
  on.query(askForSubject(eventId));

const whereParked = statement(null, (eventId: string) =>
  tables
    .selectFrom('ops.projection_parked')
    .select(['view', 'position', 'stream', 'reason'])
    .where('event_id', '=', eventId)
    .orderBy('view'),
);

/** The views that hold this event back. */
export const viewsHolding = (on: Pick<WriteStore, 'query'>, eventId: string) =>
  on.query(whereParked(eventId));

const free = statement(
  null,
  (view: string, positions: readonly Position[]) =>
    sql<{
      position: string;
    }>`delete from ops.projection_parked where view = ${view} and position = any(${positions}) returning position`,
);

/** @returns how many of them were still parked */
export const release = async (on: Sql, view: string, positions: readonly Position[]): Promise<number> =>
  (await on.query(free(view, positions))).length;

const stay = statement(
  null,
  (view: string, subject: string, first: Position, reason: string) =>
    sql<NoRow>`update ops.projection_parked set retry = false,
  reason = case when position = ${first} then ${reason} when position > ${first} then null else reason end
where view = ${view} and subject = ${subject}`,
);

/** Another try did not help: all of it stays, behind `first`. */
export const stayParked = (
  on: Pick<WriteStore, 'query'>,
  { view, subject, position }: Pick<ParkedRow, 'view' | 'subject' | 'position'>,
  reason: string,
): Promise<unknown> => on.query(stay(view, subject, position, reason));

/** What a rebuilt view holds back, instead of what it held back before. */
export async function replaceParked(on: Sql, view: string, events: readonly ParkedEvent[]): Promise<void> {
  await on.query(write(null, 'delete from ops.projection_parked where view = $1', [view]));
  await park(on, view, events);
}
