/** What the follow-up engine recommends (docs/design/api.md#follow-up), and the tickets that it looks at. */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { Crm } from '../../domain/crm/crm.ts';
import { CANCELLED_PLAN, type Category, type Lead } from '../../domain/follow-ups/follow-up-rules.ts';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import type { View } from '../../engine/projections/view.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql, WriteStore } from '../../ports.ts';

// ---------------------------------------------------------------- queries

type RecommendedLead = Columns<
  'read.followup_recs',
  {
    ticket_id: 'ticket_id';
    division: 'division';
    category: 'category';
    reason: 'reason';
    is_acted: 'is_acted';
  }
> &
  Columns<'read.tickets', { id: 'id'; customer_id: 'customer_id'; crm_stage: 'crm_stage' }> & {
    readonly channel: Channel;
    readonly customer_name: string | null;
    readonly customer_phone: string | null;
    readonly assigned_to: { readonly id: string; readonly name: string } | null;
    /** ISO 8601. */
    readonly last_interaction_at: string;
    /** Whole days. */
    readonly idle_days: number;
    readonly window_expires_at: string | null;
    readonly opted_out: boolean;
  };

interface ListRow {
  readonly total: number;
  readonly rank: number;
  /** ISO 8601: no time in the tables is finer. */
  readonly at: string;
  readonly lead: RecommendedLead;
}

const RANK = `array_position(array['PANAS', 'HANGAT', 'DINGIN'], r.category::text)`;

/** The last lead of the page before. */
interface AfterLead {
  readonly rank: number;
  readonly at: string;
  readonly id: string;
}

const leadsPage = statement(
  'followup_list',
  (
    divisions: readonly Division[],
    category: Category | null,
    assignedTo: string | null,
    now: string,
    afterRank: number | null,
    afterAt: string | null,
    afterId: string | null,
    most: number,
  ) =>
    // A customer who is back on a newer ticket is talked with there.
    sql<ListRow>`select * from (select count(*) over ()::int as total, ${sql.raw(RANK)} as rank,
  ${sql.raw(isoSql('t.last_activity_at'))} as at, t.last_activity_at as last, r.ticket_id,
  json_build_object('id', r.ticket_id, 'ticket_id', r.ticket_id, 'customer_id', t.customer_id,
    'customer_name', t.card->>'customer_name', 'customer_phone', t.card->>'customer_phone', 'division', r.division,
    'channel', t.channel, 'crm_stage', t.crm_stage, 'category', r.category, 'reason', r.reason,
    'assigned_to', case when t.assigned_to is not null then json_build_object('id', t.assigned_to, 'name', coalesce(a.name, '')) end,
    'last_interaction_at', ${sql.raw(isoSql('t.last_activity_at'))},
    'idle_days', greatest(0, floor(extract(epoch from ${now}::timestamptz - t.last_activity_at) / 86400))::int,
    'window_expires_at', t.card->>'window_expires_at', 'opted_out', coalesce((t.card->>'opted_out')::boolean, false),
    'is_acted', r.is_acted) as lead
from read.followup_recs r join read.tickets t on t.division = r.division and t.id = r.ticket_id
left join read.users a on a.id = t.assigned_to
where r.division = any(${divisions}) and (${category}::text is null or r.category = ${category}) and not r.is_acted
  and (t.status <> 'closed' or r.rule = ${CANCELLED_PLAN})
  and (${assignedTo}::uuid is null or t.assigned_to = ${assignedTo}::uuid)
  and not exists (select from read.tickets n where n.division = t.division and n.customer_id = t.customer_id
    and n.status <> 'closed' and n.created_at > t.created_at)) l
where ${afterRank}::int is null
  or (l.rank, l.last, l.ticket_id) > (${afterRank}::int, ${afterAt}::timestamptz, ${afterId}::uuid)
order by l.rank, l.last, l.ticket_id
limit ${most}`,
);

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function afterLead(cursor: string | undefined): AfterLead | null {
  if (cursor === undefined) return null;
  const [rank = '', at = '', id = ''] = readCursor('followups', cursor, [/^[123]$/, TIME, UUID]);
  if (Number.isNaN(Date.parse(at))) readCursor('followups', '', []);
  return { rank: Number(rank), at, id };
}

/**
 * The recommendations of the latest night that nobody has acted on yet: PANAS first, then by last activity, oldest first.
 * @returns `total`: without the limit and the cursor
 * @throws InvalidCursor
 */
export async function listRecommendations(
  read: ReadStore,
  scope: Scope,
  {
    divisions,
    category,
    assignedTo,
    now,
    cursor,
    limit,
  }: {
    readonly divisions: readonly Division[];
    readonly category: Category | null;
    /** Only those of this person; null: of everybody. */
    readonly assignedTo: string | null;
    /** ISO 8601. */
    readonly now: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
): Promise<{
  readonly leads: readonly RecommendedLead[];
  readonly total: number;
  readonly nextCursor: string | null;
}> {
  const after = afterLead(cursor);
  const rows = await read.scoped(scope, (on) =>
    on.query(
      leadsPage(
        divisions,
        category,
        assignedTo,
        now,
        after?.rank ?? null,
        after?.at ?? null,
        after?.id ?? null,
        limit + 1,
      ),
    ),
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    leads: page.map(({ lead }) => lead),
    total: rows[0]?.total ?? 0,
    nextCursor:
      rows.length > limit && last
        ? writeCursor('followups', [String(last.rank), last.at, last.lead.ticket_id])
        : null,
  };
}

export interface FollowUpCandidate extends Lead {
  readonly ticketId: string;
}

const PAGE = 2_000;

type CandidateRow = Columns<'read.tickets', { id: 'id'; last: 'last_activity_at' }> & {
  readonly crm: Crm;
  readonly open: boolean;
};

const candidatesPage = statement(
  'followup_candidates',
  (division: Division, after: string, most: number) =>
    sql<CandidateRow>`select t.id, c.crm, t.status <> 'closed' as open, t.last_activity_at as last
from read.crm c join read.tickets t on t.division = c.division and t.id = c.ticket_id
where c.division = ${division} and c.ticket_id > ${after}
  and (t.status <> 'closed' or c.crm->'values'->>'lost_reason' = 'cancelled_plan')
order by c.ticket_id limit ${most}`,
);

/** For the engine: the tickets of a division that a rule can match. Rules need CRM data, so others are left out. */
export async function* followUpCandidates(
  database: Pick<WriteStore, 'query'>,
  division: Division,
): AsyncGenerator<FollowUpCandidate> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows: readonly CandidateRow[] = await database.query(candidatesPage(division, after, PAGE));
    for (const { id, crm, open, last } of rows) {
      const { stage, values } = crm;
      yield { ticketId: id, division, open, stage, values, lastActivityAt: last.toISOString() };
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.id ?? after;
  }
}

// ---------------------------------------------------------------- view

type Recommended = Extract<Recorded, { type: 'FollowUpsRecommended' }>['data'];

/** A message of the sales team to the customer acts on the recommendation. */
const ACTING: ReadonlySet<string> = new Set(['AgentReplied', 'TeamReplied', 'BlastMessagePosted']);

/** A new night replaces the last one; an earlier night that comes late changes nothing here. */
async function beginNight(on: Sql, division: Division, night: string): Promise<void> {
  await on.query(
    write(
      'followup_night',
      `insert into read.followup_nights as n (division, night) values ($1, $2::date)
on conflict (division) do update set night = greatest(n.night, excluded.night)`,
      [division, night],
    ),
  );
  await on.query(
    write(
      'followup_forget',
      `delete from read.followup_recs r using read.followup_nights n
where r.division = $1 and n.division = $1 and r.night < n.night`,
      [division],
    ),
  );
}

const addLeads = (on: Sql, { division, night, leads }: Recommended): Promise<unknown> =>
  on.query(
    write(
      'followup_add',
      `insert into read.followup_recs (division, ticket_id, night, category, rule, reason)
select $1, l.ticket_id, $2::date, l.category, l.rule, l.reason
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) l (ticket_id, category, rule, reason)
where exists (select from read.followup_nights n where n.division = $1 and n.night = $2::date)`,
      [
        division,
        night,
        ...columnsOf('read.followup_recs', leads, {
          ticket_id: ({ ticketId }) => ticketId,
          category: ({ category }) => category,
          rule: ({ rule }) => rule,
          reason: ({ reason }) => reason,
        }),
      ],
    ),
  );

async function markActed(on: Sql, tickets: ReadonlySet<string>): Promise<void> {
  if (tickets.size === 0) return;
  await on.query(
    write(
      'followup_acted',
      'update read.followup_recs set is_acted = true where ticket_id = any($1::uuid[]) and not is_acted',
      [[...tickets]],
    ),
  );
}

/** The view of recommendations. */
export function followUpView(): View {
  return {
    name: 'followup',
    streams: ['followup-', 'conversation-'],
    tables: ['followup_recs', 'followup_nights'],
    forget: () => undefined,
    apply: async (on, events) => {
      // In the order of the events: a message before a recommendation does not act on it.
      let acted = new Set<string>();
      for (const event of events) {
        if (event.type === 'FollowUpsRecommended' || event.type === 'FollowUpNightCompleted') {
          await markActed(on, acted);
          acted = new Set();
          await beginNight(on, event.data.division, event.data.night);
          if (event.type === 'FollowUpsRecommended') await addLeads(on, event.data);
        } else if (ACTING.has(event.type) && 'ticketId' in event.data && event.data.ticketId !== null)
          acted.add(event.data.ticketId);
      }
      await markActed(on, acted);
      return undefined;
    },
  };
}
