/** The CustomerObject (docs/design/api.md#customer-object). */
import { sql } from 'kysely';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { ReadStore, Scope } from '../../ports.ts';

interface PersonOfStaff {
  readonly id: string;
  readonly name: string;
}

export interface CustomerObject {
  readonly id: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly division: Division;
  readonly channels: { readonly channel: Channel; readonly id_hint: string; readonly line: string | null }[];
  readonly opted_out: {
    readonly at: string;
    readonly by: PersonOfStaff | null;
    readonly how: 'keyword' | 'channel' | 'agent';
  } | null;
  readonly assigned_agent: PersonOfStaff | null;
  readonly first_seen_at: string | null;
  readonly last_interaction_at: string | null;
  readonly ticket_count: number;
  readonly won_count: number;
  readonly revenue: number;
}

/** The last characters of an id: enough to tell two apart, too little to write to. */
const HINT = 4;

const customerQuery = statement(
  'customer_object',
  (division: Division, id: string) => sql<{ readonly customer: CustomerObject }>`
select json_build_object('id', c.id, 'name', c.name, 'phone', c.phone, 'division', c.division,
  'channels', json_build_array(json_build_object('channel', c.channel, 'id_hint', '…' || right(c.channel_user_id, ${HINT}::int),
    'line', s.line)),
  'opted_out', case when c.opted_out_at is not null then json_build_object('at', ${sql.raw(isoSql('c.opted_out_at'))},
    'by', case when c.opted_out_by is not null then json_build_object('id', c.opted_out_by, 'name', coalesce(o.name, '')) end,
    'how', c.opted_out_how) end,
  'assigned_agent', case when s.agent is not null then json_build_object('id', s.agent, 'name', coalesce(a.name, '')) end,
  'first_seen_at', ${sql.raw(isoSql('coalesce(c.first_seen_at, s.first)'))},
  'last_interaction_at', ${sql.raw(isoSql('s.last'))},
  'ticket_count', s.tickets, 'won_count', s.won, 'revenue', s.revenue) as customer
from read.customers c
cross join lateral (select count(*)::int as tickets, (count(*) filter (where t.crm_stage = 'Won'))::int as won,
    coalesce(sum((m.crm->'values'->>'deal_value')::numeric) filter (where t.crm_stage = 'Won'), 0)::float8 as revenue,
    min(t.created_at) as first, max(t.last_activity_at) as last,
    (array_agg(t.card->>'wa_phone_id' order by t.created_at desc))[1] as line,
    (array_agg(t.assigned_to order by t.created_at desc) filter (where t.assigned_to is not null))[1] as agent
  from read.tickets t left join read.crm m on m.division = t.division and m.ticket_id = t.id
  where t.division = ${division} and t.customer_id = c.id) s
left join read.users o on o.id = c.opted_out_by
left join read.users a on a.id = s.agent
where c.division = ${division} and c.id = ${id}`,
);

/** @returns null when no customer of these divisions has this id: unknown and foreign look alike */
export async function findCustomer(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  customerId: string,
): Promise<CustomerObject | null> {
  const found = await read.scoped(scope, (on) =>
    Promise.all(divisions.map((division) => on.query(customerQuery(division, customerId)))),
  );
  return found.flat()[0]?.customer ?? null;
}
