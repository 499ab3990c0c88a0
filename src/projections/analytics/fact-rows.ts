/** Reads and writes the facts of tickets, a batch at a time. */
import { sql } from 'kysely';
import { type Channel, type Division } from '../../domain/vocabulary.ts';
import { allOf } from '../../engine/projections/view.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { NewRow, Row } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import type { Fact, Wait } from './fact.ts';

type FactRow = Omit<Row<'read.analytics_tickets'>, 'division'> & { readonly channel: Channel };

const COLUMNS = `ticket_id, channel, opened_at, is_valid, is_resolved, had_agent, is_joined, agent_id, picking_since, replies,
  stage, decided_at, decided_by, deal_value, quote_value, discount_given, lost_reason, origin, destination,
  escalated_at, claimed_at, closed_at`;

const factOf = (division: Division, row: FactRow): Fact => ({
  division,
  ticketId: row.ticket_id,
  channel: row.channel,
  openedAt: row.opened_at.getTime(),
  valid: row.is_valid,
  resolved: row.is_resolved,
  hadAgent: row.had_agent,
  joined: row.is_joined,
  agentId: row.agent_id,
  pickingSince: row.picking_since?.getTime() ?? null,
  wait: row.replies as Wait | null,
  stage: row.stage,
  decidedAt: row.decided_at?.getTime() ?? null,
  decidedBy: row.decided_by,
  dealValue: row.deal_value,
  quoteValue: row.quote_value,
  discountGiven: row.discount_given,
  lostReason: row.lost_reason,
  origin: row.origin,
  destination: row.destination,
  escalatedAt: row.escalated_at?.getTime() ?? null,
  claimedAt: row.claimed_at?.getTime() ?? null,
  closedAt: row.closed_at?.getTime() ?? null,
});

// The division is a constant of the statement, so that the plan has one partition.
const factsIn = (division: Division) =>
  statement(
    `analytics_tickets_load_${division}`,
    (ids: readonly string[]) => sql<FactRow>`select ${sql.raw(COLUMNS)} from read.analytics_tickets
where division = ${division} and ticket_id = any(${ids}::uuid[])`,
  );
const factsByDivision = {
  sari: factsIn('sari'),
  savi: factsIn('savi'),
  safia: factsIn('safia'),
} satisfies Record<Division, unknown>;

/**
 * The facts of these tickets, in no order. Unknown ids are left out.
 *
 *     select ... from read.analytics_tickets where division = 'sari' and ticket_id = any($1::uuid[])
 */
export async function loadFacts(
  on: Sql,
  idsByDivision: ReadonlyMap<Division, readonly string[]>,
): Promise<readonly Fact[]> {
  const facts = await allOf(
    [...idsByDivision].map(async ([division, ids]) => {
      const rows = await on.query(factsByDivision[division](ids));
      return rows.map((row) => factOf(division, row));
    }),
  );
  return facts.flat();
}

/** A number of seconds costs less than a date: to write here, and to read in Postgres. */
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

type NewFactRow = NewRow<'read.analytics_tickets'>;

/** The parameters of `writeFacts`, in their order. */
const COLUMN_VALUES = {
  division: ({ division }) => division,
  ticket_id: ({ ticketId }) => ticketId,
  channel: ({ channel }) => channel,
  opened_at: ({ openedAt }) => seconds(openedAt),
  is_valid: ({ valid }) => valid,
  is_resolved: ({ resolved }) => resolved,
  had_agent: ({ hadAgent }) => hadAgent,
  is_joined: ({ joined }) => joined,
  agent_id: ({ agentId }) => agentId,
  picking_since: ({ pickingSince }) => seconds(pickingSince),
  replies: ({ wait }) => (wait === null ? null : JSON.stringify(wait)),
  stage: ({ stage }) => stage,
  decided_at: ({ decidedAt }) => seconds(decidedAt),
  decided_by: ({ decidedBy }) => decidedBy,
  deal_value: ({ dealValue }) => dealValue,
  quote_value: ({ quoteValue }) => quoteValue,
  discount_given: ({ discountGiven }) => discountGiven,
  lost_reason: ({ lostReason }) => lostReason,
  origin: ({ origin }) => origin,
  destination: ({ destination }) => destination,
  escalated_at: ({ escalatedAt }) => seconds(escalatedAt),
  claimed_at: ({ claimedAt }) => seconds(claimedAt),
  closed_at: ({ closedAt }) => seconds(closedAt),
} satisfies {
  readonly [Column in keyof NewFactRow]-?: (
    fact: Fact,
  ) => Column extends `${string}_at` | `${string}_since` ? number | null : NewFactRow[Column];
};

const PICKS: readonly ((fact: Fact) => unknown)[] = Object.values(COLUMN_VALUES);

const UPDATED_COLUMNS = `is_valid, is_resolved, had_agent, is_joined, agent_id, picking_since, replies, stage, decided_at, decided_by, deal_value,
  quote_value, discount_given, lost_reason, origin, destination, escalated_at, claimed_at, closed_at`;

/** Inserts or replaces these facts, in one statement. */
export const writeFacts = (on: Sql, facts: readonly Fact[]): Promise<unknown> =>
  on.query(
    write(
      'analytics_tickets_write',
      `insert into read.analytics_tickets (division, ${COLUMNS})
select division, ticket_id, channel, to_timestamp(opened_at), is_valid, is_resolved, had_agent, is_joined, agent_id,
  to_timestamp(picking_since), replies, stage, to_timestamp(decided_at), decided_by, deal_value, quote_value, discount_given,
  lost_reason, origin, destination, to_timestamp(escalated_at), to_timestamp(claimed_at), to_timestamp(closed_at)
from unnest($1::text[], $2::uuid[], $3::text[], $4::float8[], $5::bool[], $6::bool[], $7::bool[], $8::bool[], $9::uuid[],
  $10::float8[], $11::json[], $12::text[], $13::float8[], $14::uuid[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[],
  $19::text[], $20::text[], $21::float8[], $22::float8[], $23::float8[]) n (division, ${COLUMNS})
on conflict (division, ticket_id) do update set (${UPDATED_COLUMNS}) = row(${UPDATED_COLUMNS.replaceAll(/\w+/g, 'excluded.$&')})`,
      PICKS.map((pick) => facts.map(pick)),
    ),
  );
