/** The CRM of each ticket, folded from its changes with the code that decides (contract.md 6). */
import { type Crm, type CrmUpdate, evolveCrm, NO_CRM } from '../../domain/crm/crm.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { storableJson } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

// ---------------------------------------------------------------- query

/** A ticket's CRM in a scope that shows the ticket; `NO_CRM` when nothing was entered yet. */
export async function getCrm(
  read: ReadStore,
  scope: Exclude<Scope, { kind: 'all' }>,
  ticketId: string,
): Promise<Crm> {
  const [row] = await read.scoped(scope, (sql) =>
    sql.query<{ crm: Crm }>({
      name: 'crm_one',
      text: 'select crm from read.crm where division = $1 and ticket_id = $2',
      values: [scope.division, ticketId],
    }),
  );
  return row?.crm ?? NO_CRM;
}

// ---------------------------------------------------------------- view

interface Row {
  readonly division: Division;
  readonly ticketId: string;
  readonly crm: Crm;
}

async function rowsFor(sql: Sql, updates: readonly CrmUpdate['data'][]): Promise<Map<string, Row>> {
  const rows = await sql.query<Row>({
    name: 'crm_load',
    text: `select c.division, c.ticket_id as "ticketId", c.crm from read.crm c
join (select distinct * from unnest($1::text[], $2::uuid[])) n (division, ticket_id) using (division, ticket_id)`,
    values: columns(
      updates,
      ({ division }) => division,
      ({ ticketId }) => ticketId,
    ),
  });
  return new Map(rows.map((row) => [row.ticketId, row]));
}

export function crmView(): View {
  return {
    name: 'crm',
    streams: ['ticket-'],
    tables: ['crm'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const updates = events.flatMap((event) => (event.type === 'CrmUpdated' ? [event.data] : []));
      if (updates.length === 0) return undefined;
      const rows = await rowsFor(sql, updates);
      for (const data of updates) {
        const { division, ticketId } = data;
        const before = rows.get(ticketId)?.crm ?? NO_CRM;
        rows.set(ticketId, { division, ticketId, crm: evolveCrm(before, data) });
      }
      await sql.query({
        name: 'crm_upsert',
        text: `insert into read.crm (division, ticket_id, crm) select * from unnest($1::text[], $2::uuid[], $3::json[])
on conflict (division, ticket_id) do update set crm = excluded.crm`,
        values: columns(
          [...rows.values()],
          ({ division }) => division,
          ({ ticketId }) => ticketId,
          ({ crm }) => storableJson(crm),
        ),
      });
      return undefined;
    },
  };
}
