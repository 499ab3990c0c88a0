/** What the follow-up engine recommends (contract.md 8), and what it has to look at to do so. */
import type { Recorded } from '../../domain/codec.ts';
import type { Crm } from '../../domain/crm/crm.ts';
import { CANCELLED_PLAN, type Category, type Lead } from '../../domain/follow-ups/follow-up-rules.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql, WriteStore } from '../../ports.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

// ---------------------------------------------------------------- queries

export interface RecommendedLead {
  readonly ticket_id: string;
  readonly customer_name: string | null;
  readonly division: Division;
  readonly crm_stage: Crm['stage'];
  readonly category: Category;
  readonly reason: string;
  readonly last_interaction_at: string;
}

const LIST = `select count(*) over ()::int as total, json_build_object('ticket_id', r.ticket_id,
    'customer_name', t.card->>'customer_name', 'division', r.division, 'crm_stage', t.crm_stage, 'category', r.category,
    'reason', r.reason, 'last_interaction_at', ${isoSql('t.last_activity_at')}) as lead
from read.followup_recs r join read.tickets t on t.division = r.division and t.id = r.ticket_id
where r.division = any($1) and ($2::text is null or r.category = $2) and not r.is_acted
  and (t.status <> 'closed' or r.rule = '${CANCELLED_PLAN}')
order by array_position(array['PANAS', 'HANGAT', 'DINGIN'], r.category::text), t.last_activity_at, r.ticket_id
limit $3`;

/** Of the latest night, what nobody has acted on yet: the hottest first, of those the one that waits longest. */
export async function listRecommendations(
  read: ReadStore,
  scope: Scope,
  wanted: {
    readonly divisions: readonly Division[];
    readonly category: Category | null;
    readonly limit: number;
  },
): Promise<{ readonly leads: readonly RecommendedLead[]; readonly total: number }> {
  const rows = await read.scoped(scope, (sql) =>
    sql.query<{ total: number; lead: RecommendedLead }>({
      name: 'followup_list',
      text: LIST,
      values: [wanted.divisions, wanted.category, wanted.limit],
    }),
  );
  return { leads: rows.map(({ lead }) => lead), total: rows[0]?.total ?? 0 };
}

export interface Candidate extends Lead {
  readonly ticketId: string;
}

const PAGE = 2_000;

interface CandidateRow {
  readonly id: string;
  readonly crm: Crm;
  readonly open: boolean;
  readonly last: Date;
}

/** For the engine itself: the tickets of a division that a rule could match. Without CRM data none does. */
export async function* followUpCandidates(
  tables: Pick<WriteStore, 'query'>,
  division: Division,
): AsyncGenerator<Candidate> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows: CandidateRow[] = await tables.query<CandidateRow>({
      name: 'followup_candidates',
      text: `select t.id, c.crm, t.status <> 'closed' as open, t.last_activity_at as last
from read.crm c join read.tickets t on t.division = c.division and t.id = c.ticket_id
where c.division = $1 and c.ticket_id > $2
  and (t.status <> 'closed' or c.crm->'values'->>'lost_reason' = 'cancelled_plan')
order by c.ticket_id limit $3`,
      values: [division, after, PAGE],
    });
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

/** By what a recommendation is acted on: whatever the sales desk says to the customer after it. */
const REACHING: ReadonlySet<string> = new Set(['AgentReplied', 'TeamReplied', 'BlastMessagePosted']);

/** A new night takes the place of the last one; an earlier night that is made up for changes nothing here. */
async function beginNight(sql: Sql, division: Division, night: string): Promise<void> {
  await sql.query({
    name: 'followup_night',
    text: `insert into read.followup_nights as n (division, night) values ($1, $2::date)
on conflict (division) do update set night = greatest(n.night, excluded.night)`,
    values: [division, night],
  });
  await sql.query({
    name: 'followup_forget',
    text: `delete from read.followup_recs r using read.followup_nights n
where r.division = $1 and n.division = $1 and r.night < n.night`,
    values: [division],
  });
}

const addLeads = (sql: Sql, { division, night, leads }: Recommended): Promise<unknown> =>
  sql.query({
    name: 'followup_add',
    text: `insert into read.followup_recs (division, ticket_id, night, category, rule, reason)
select $1, l.ticket_id, $2::date, l.category, l.rule, l.reason
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) l (ticket_id, category, rule, reason)
where exists (select from read.followup_nights n where n.division = $1 and n.night = $2::date)`,
    values: [
      division,
      night,
      ...columns(
        leads,
        ({ ticketId }) => ticketId,
        ({ category }) => category,
        ({ rule }) => rule,
        ({ reason }) => reason,
      ),
    ],
  });

async function markActed(sql: Sql, tickets: ReadonlySet<string>): Promise<void> {
  if (tickets.size === 0) return;
  await sql.query({
    name: 'followup_acted',
    text: 'update read.followup_recs set is_acted = true where ticket_id = any($1::uuid[]) and not is_acted',
    values: [[...tickets]],
  });
}

export function followUpView(): View {
  return {
    name: 'followup',
    streams: ['followup-', 'conversation-'],
    tables: ['followup_recs', 'followup_nights'],
    forget: () => undefined,
    apply: async (sql, events) => {
      // In their order: what was said before a recommendation does not act on it.
      let reached = new Set<string>();
      for (const event of events) {
        if (event.type === 'FollowUpsRecommended' || event.type === 'FollowUpNightCompleted') {
          await markActed(sql, reached);
          reached = new Set();
          await beginNight(sql, event.data.division, event.data.night);
          if (event.type === 'FollowUpsRecommended') await addLeads(sql, event.data);
        } else if (REACHING.has(event.type) && 'ticketId' in event.data && event.data.ticketId !== null)
          reached.add(event.data.ticketId);
      }
      await markActed(sql, reached);
      return undefined;
    },
  };
}
