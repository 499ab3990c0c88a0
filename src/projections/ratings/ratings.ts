/** What customers think of jobs (docs/design/field-service.md#ratings): the view, the list, and figures for each technician. */
import { sql } from 'kysely';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { RATING_NOT_SENT, RatingEvent } from '../../domain/ratings/rating.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { dispatch, type Handlers, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { isoSql, isoTime, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { NOBODY, type ReadStore, type Scope, type Sql, type WriteStore } from '../../ports.ts';

// ---------------------------------------------------------------- queries

/** Ratings that were given between two days of the business, both within; of one technician, or of all. */
export interface RatingsLens {
  readonly technicianId?: string | undefined;
  /** Moments: from the beginning of the first day to the end of the last. */
  readonly from: Date;
  readonly to: Date;
}

interface ShownRating {
  readonly job_id: string;
  readonly division: Division;
  readonly technicianId: string;
  readonly technicianName: string | null;
  readonly technician: number;
  readonly service: number;
  readonly comment: string | null;
  readonly by_technician: boolean;
  readonly rated_at: string;
}

const listed = statement(
  'ratings_page',
  (
    technicianId: string | null,
    from: string,
    to: string,
    before: string,
    beforeId: string,
    most: number,
  ) => sql<ShownRating>`
select r.job_id, r.division, r.technician_id as "technicianId", u.name as "technicianName", r.technician, r.service, r.comment, r.by_technician,
  ${sql.raw(isoSql('r.rated_at'))} as rated_at
from read.ratings r left join read.users u on u.id = r.technician_id
where r.rated_at >= ${from}::timestamptz and r.rated_at < ${to}::timestamptz
  and (${technicianId}::uuid is null or r.technician_id = ${technicianId}::uuid)
  and (r.rated_at, r.job_id) < (${before}::timestamptz, ${beforeId}::uuid)
order by r.rated_at desc, r.job_id desc limit ${most}`,
);

interface TechnicianFigures {
  readonly technicianId: string;
  readonly technicianName: string | null;
  readonly asked: number;
  readonly rated: number;
  readonly technician: number | null;
  readonly service: number | null;
}

const figures = statement(
  'ratings_figures',
  (technicianId: string | null, from: string, to: string) => sql<TechnicianFigures>`
select r.technician_id as "technicianId", u.name as "technicianName",
  (count(*) filter (where r.asked_at >= ${from}::timestamptz and r.asked_at < ${to}::timestamptz))::int as asked,
  (count(*) filter (where r.rated_at >= ${from}::timestamptz and r.rated_at < ${to}::timestamptz and not r.by_technician))::int as rated,
  (round(avg(r.technician) filter (where r.rated_at >= ${from}::timestamptz and r.rated_at < ${to}::timestamptz and not r.by_technician), 2))::float8 as technician,
  (round(avg(r.service) filter (where r.rated_at >= ${from}::timestamptz and r.rated_at < ${to}::timestamptz and not r.by_technician), 2))::float8 as service
from read.ratings r left join read.users u on u.id = r.technician_id
where (${technicianId}::uuid is null or r.technician_id = ${technicianId}::uuid)
  and (r.asked_at >= ${from}::timestamptz and r.asked_at < ${to}::timestamptz
    or r.rated_at >= ${from}::timestamptz and r.rated_at < ${to}::timestamptz)
group by 1, 2 order by technician desc nulls last, rated desc, 1`,
);

const LIST = 'ratings';
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const BEHIND_ALL = ['9999-12-31T00:00:00.000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** One page of ratings, the newest first, and the averages of each technician. @throws InvalidCursor */
export async function listRatings(
  read: ReadStore,
  scope: Scope,
  { technicianId = null, from, to }: { technicianId?: string | null | undefined; from: Date; to: Date },
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const [before, beforeId] = cursor === undefined ? BEHIND_ALL : readCursor(LIST, cursor, [TIME, UUID]);
  const [start, end] = [from.toISOString(), to.toISOString()];
  const [rows, technicians] = await read.scoped(scope, (on) =>
    Promise.all([
      on.query(listed(technicianId, start, end, before ?? '', beforeId ?? '', limit + 1)),
      on.query(figures(technicianId, start, end)),
    ]),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    ratings: shown.map(({ technicianId: id, technicianName, ...rest }) => ({
      ...rest,
      technician: { id, name: technicianName ?? '', stars: rest.technician },
    })),
    technicians: technicians.map(({ technicianId: id, technicianName, ...rest }) => ({
      ...rest,
      technician: { id, name: technicianName ?? '', average: rest.technician },
    })),
    nextCursor: rows.length > limit && last ? writeCursor(LIST, [last.rated_at, last.job_id]) : null,
  };
}

const byToken = statement(
  'rating_by_token',
  (hash: string) =>
    sql<
      Columns<'read.ratings', { jobId: 'job_id'; isErased: 'is_erased' }>
    >`select job_id as "jobId", is_erased as "isErased"
from read.ratings where token_hash = ${hash}`,
);

/** The job behind a customer's link. Null: no such link, or its customer was erased. @param hash SHA-256 of the token */
export async function jobToRate(read: ReadStore, hash: string): Promise<string | null> {
  const [found] = await read.scoped({ kind: 'all', userId: NOBODY }, (on) => on.query(byToken(hash)));
  return found && !found.isErased ? found.jobId : null;
}

const waiting = statement(
  'ratings_waiting',
  (askedBefore: string, now: string) =>
    sql<Columns<'read.ratings', { jobId: 'job_id' }>>`select job_id as "jobId" from read.ratings
where (rated_at is null or by_technician) and reminded_at is null and not is_erased and not_sent is null and posted_at is not null
  and asked_at <= ${askedBefore}::timestamptz and expires_at > ${now}::timestamptz order by asked_at limit 500`,
);

/** Jobs whose customers got a link before `askedBefore`, have not rated and were not reminded. */
export const ratingsToRemind = (tables: Pick<WriteStore, 'query'>, askedBefore: Date, now: Date) =>
  tables.query(waiting(askedBefore.toISOString(), now.toISOString()));

// ---------------------------------------------------------------- view

interface RatingRow {
  readonly division: Division;
  readonly jobId: string;
  readonly customerId: string;
  readonly technicianId: string;
  readonly tokenHash: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly postedAt: string | null;
  readonly notSent: (typeof RATING_NOT_SENT)[number] | null;
  readonly remindedAt: string | null;
  readonly ratedAt: string | null;
  readonly technician: number | null;
  readonly service: number | null;
  readonly comment: string | null;
  readonly byTechnician: boolean;
}

const stored = statement(
  'ratings_load',
  (divisions: readonly string[], ids: readonly string[]) => sql<RatingRow>`
select division, job_id as "jobId", customer_id as "customerId", technician_id as "technicianId", token_hash as "tokenHash",
  ${sql.raw(isoSql('asked_at'))} as "askedAt", ${sql.raw(isoSql('expires_at'))} as "expiresAt",
  ${sql.raw(isoSql('posted_at'))} as "postedAt", not_sent as "notSent", ${sql.raw(isoSql('reminded_at'))} as "remindedAt",
  ${sql.raw(isoSql('rated_at'))} as "ratedAt", technician, service, comment,
  by_technician as "byTechnician"
from read.ratings where division = any(${divisions}) and job_id = any(${ids}::uuid[])`,
);

const HANDLERS: Handlers<[RatingRow], RatingRow> = {
  RatingLinkPosted: ({ data: { because, isReminder }, metadata }, row) =>
    isReminder
      ? { ...row, remindedAt: isoTime(metadata.at) }
      : { ...row, postedAt: isoTime(metadata.at), notSent: because },
  JobRated: ({ data: { technician, service, comment, byTechnician }, metadata }, row) => ({
    ...row,
    ...{ technician, service, comment: storableOrNull(comment), byTechnician },
    ratedAt: isoTime(metadata.at),
  }),
};

function evolveRating(row: RatingRow | undefined, event: Recorded): RatingRow | undefined {
  if (event.type !== 'RatingRequested') return row && (dispatch(HANDLERS, event, row) ?? row);
  const { division, jobId, customerId, technicianId, tokenHash, expiresAt } = event.data;
  return (
    row ?? {
      ...{ division, jobId, customerId, technicianId, tokenHash },
      ...{ askedAt: isoTime(event.metadata.at), expiresAt: isoTime(expiresAt) },
      ...{ postedAt: null, notSent: null, remindedAt: null, ratedAt: null },
      ...{ technician: null, service: null, comment: null, byTechnician: false },
    }
  );
}

const writeRatings = (on: Sql, rows: readonly RatingRow[]): Promise<unknown> =>
  on.query(
    write(
      'ratings_write',
      `insert into read.ratings (division, job_id, customer_id, technician_id, token_hash, asked_at, expires_at, posted_at, not_sent,
  reminded_at, rated_at, technician, service, comment, by_technician)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[],
  $8::timestamptz[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::smallint[], $13::smallint[], $14::text[], $15::boolean[])
on conflict (division, job_id) do update set posted_at = excluded.posted_at, not_sent = excluded.not_sent,
  reminded_at = excluded.reminded_at, rated_at = excluded.rated_at, technician = excluded.technician,
  service = excluded.service, comment = excluded.comment, by_technician = excluded.by_technician`,
      columnsOf('read.ratings', rows, {
        division: (row) => row.division,
        job_id: (row) => row.jobId,
        customer_id: (row) => row.customerId,
        technician_id: (row) => row.technicianId,
        token_hash: (row) => row.tokenHash,
        asked_at: (row) => row.askedAt,
        expires_at: (row) => row.expiresAt,
        posted_at: (row) => row.postedAt,
        not_sent: (row) => row.notSent,
        reminded_at: (row) => row.remindedAt,
        rated_at: (row) => row.ratedAt,
        technician: (row) => row.technician,
        service: (row) => row.service,
        comment: (row) => row.comment,
        by_technician: (row) => row.byTechnician,
      }),
    ),
  );

type RatingFact = RecordedOf<RatingEvent['type']>;
const TOLD: ReadonlySet<string> = new Set<RatingEvent['type']>([
  'RatingRequested',
  'RatingLinkPosted',
  'JobRated',
]);

/** The view `read.ratings`. */
export const ratingsView = (): View => ({
  name: 'ratings',
  streams: ['rating-'],
  tables: ['ratings'],
  forget: () => undefined,
  async apply(on, events) {
    const told = events
      .filter((event): event is RatingFact => TOLD.has(event.type))
      .map((event) => ({ event, id: event.data.jobId, division: event.data.division }));
    if (told.length === 0) return undefined;
    const divisions = [...new Set(told.map(({ division }) => division))];
    const known = await on.query(stored(divisions, [...new Set(told.map(({ id }) => id))]));
    const rows = new Map(known.map((row) => [row.jobId, row]));
    for (const { event, id } of told) {
      const after = evolveRating(rows.get(id), event);
      if (after !== undefined) rows.set(id, after);
    }
    if (rows.size > 0) await writeRatings(on, [...rows.values()]);
    return undefined;
  },
});
