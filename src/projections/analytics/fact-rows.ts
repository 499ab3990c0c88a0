/** Reads and writes the facts of tickets, a batch at a time. */
import type { Channel, Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { allOf, columns } from '../../engine/projections/view.ts';
import type { Fact } from './fact.ts';

interface FactRow {
  readonly ticket_id: string;
  readonly channel: Channel;
  readonly opened_at: Date;
  readonly is_valid: boolean;
  readonly is_resolved: boolean;
  readonly had_agent: boolean;
  readonly agent_id: string | null;
  readonly picking_since: Date | null;
  readonly stage: Fact['stage'];
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly deal_value: number | null;
  readonly quote_value: number | null;
  readonly discount_given: number | null;
  readonly lost_reason: string | null;
  readonly origin: string | null;
  readonly destination: string | null;
}

const COLUMNS = `ticket_id, channel, opened_at, is_valid, is_resolved, had_agent, agent_id, picking_since, stage,
  decided_at, decided_by, deal_value, quote_value, discount_given, lost_reason, origin, destination`;

const factOf = (division: Division, row: FactRow): Fact => ({
  division,
  ticketId: row.ticket_id,
  channel: row.channel,
  openedAt: row.opened_at.getTime(),
  valid: row.is_valid,
  resolved: row.is_resolved,
  hadAgent: row.had_agent,
  agentId: row.agent_id,
  pickingSince: row.picking_since?.getTime() ?? null,
  stage: row.stage,
  decidedAt: row.decided_at?.getTime() ?? null,
  decidedBy: row.decided_by,
  dealValue: row.deal_value,
  quoteValue: row.quote_value,
  discountGiven: row.discount_given,
  lostReason: row.lost_reason,
  origin: row.origin,
  destination: row.destination,
});

/**
 * The facts of these tickets, in no order. Unknown ids are left out.
 *
 *     select ... from read.analytics_tickets where division = 'sari' and ticket_id = any($1::uuid[])
 */
export async function loadFacts(
  sql: Sql,
  idsByDivision: ReadonlyMap<Division, readonly string[]>,
): Promise<readonly Fact[]> {
  const facts = await allOf(
    [...idsByDivision].map(async ([division, ids]) => {
      const rows = await sql.query<FactRow>({
        // The division is a literal, so that the plan has one partition.
        name: `analytics_tickets_load_${division}`,
        text: `select ${COLUMNS} from read.analytics_tickets
where division = '${division}' and ticket_id = any($1::uuid[])`,
        values: [ids],
      });
      return rows.map((row) => factOf(division, row));
    }),
  );
  return facts.flat();
}

/** A number of seconds costs less than a date: to write here, and to read in Postgres. */
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

const UPDATED_COLUMNS = `is_valid, is_resolved, had_agent, agent_id, picking_since, stage, decided_at, decided_by, deal_value,
  quote_value, discount_given, lost_reason, origin, destination`;

/** Inserts or replaces these facts, in one statement. */
export const writeFacts = (sql: Sql, facts: readonly Fact[]): Promise<unknown> =>
  sql.query({
    name: 'analytics_tickets_write',
    text: `insert into read.analytics_tickets (division, ${COLUMNS})
select division, ticket_id, channel, to_timestamp(opened_at), is_valid, is_resolved, had_agent, agent_id,
  to_timestamp(picking_since), stage, to_timestamp(decided_at), decided_by, deal_value, quote_value, discount_given,
  lost_reason, origin, destination
from unnest($1::text[], $2::uuid[], $3::text[], $4::float8[], $5::bool[], $6::bool[], $7::bool[], $8::uuid[],
  $9::float8[], $10::text[], $11::float8[], $12::uuid[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[],
  $17::text[], $18::text[]) n (division, ${COLUMNS})
on conflict (division, ticket_id) do update set (${UPDATED_COLUMNS}) = row(${UPDATED_COLUMNS.replaceAll(/\w+/g, 'excluded.$&')})`,
    values: columns(
      facts,
      ({ division }) => division,
      ({ ticketId }) => ticketId,
      ({ channel }) => channel,
      ({ openedAt }) => seconds(openedAt),
      ({ valid }) => valid,
      ({ resolved }) => resolved,
      ({ hadAgent }) => hadAgent,
      ({ agentId }) => agentId,
      ({ pickingSince }) => seconds(pickingSince),
      ({ stage }) => stage,
      ({ decidedAt }) => seconds(decidedAt),
      ({ decidedBy }) => decidedBy,
      ({ dealValue }) => dealValue,
      ({ quoteValue }) => quoteValue,
      ({ discountGiven }) => discountGiven,
      ({ lostReason }) => lostReason,
      ({ origin }) => origin,
      ({ destination }) => destination,
    ),
  });
