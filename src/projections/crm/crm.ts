/** The CRM of each ticket, folded from its changes with the code that decides (docs/design/api.md#crm). */
import { sql } from 'kysely';
import { type Crm, crmObject, type CrmUpdate, evolveCrm, NO_CRM } from '../../domain/crm/crm.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { storableJson } from '../../engine/sql/postgres-text.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';

// ---------------------------------------------------------------- query

const crmOf = statement('crm_one', (division: Division, ticketId: string) =>
  tables
    .selectFrom('read.crm')
    .select(({ ref }) => ref('crm').$castTo<Crm>().as('crm'))
    .where('division', '=', division)
    .where('ticket_id', '=', ticketId),
);

/** A ticket's CRM in a scope that shows the ticket; `NO_CRM` when nothing was entered yet. */
export async function getCrm(
  read: ReadStore,
  scope: Exclude<Scope, { kind: 'all' }>,
  ticketId: string,
): Promise<Crm> {
  const [row] = await read.scoped(scope, (sql) => sql.query(crmOf(scope.division as Division, ticketId)));
  return row?.crm ?? NO_CRM;
}

const crmsOf = statement('crm_several', (division: Division, ticketIds: readonly string[]) =>
  tables
    .selectFrom('read.crm')
    .select(({ ref }) => ['ticket_id', ref('crm').$castTo<Crm>().as('crm')])
    .where('division', '=', division)
    .where('ticket_id', '=', sql<string>`any(${ticketIds}::uuid[])`),
);

/** @returns the CrmObject of each of these tickets, as JSON text */
export async function crmTexts(
  on: Sql,
  division: Division,
  ticketIds: readonly string[],
): Promise<(ticketId: string) => string> {
  const rows = ticketIds.length === 0 ? [] : await on.query(crmsOf(division, ticketIds));
  const known = new Map(rows.map((row) => [row.ticket_id, row.crm]));
  return (ticketId) => JSON.stringify(crmObject(division, known.get(ticketId) ?? NO_CRM));
}

// ---------------------------------------------------------------- view

interface CrmRow {
  readonly division: Division;
  readonly ticketId: string;
  readonly crm: Crm;
}

const crmOfAll = statement(
  'crm_load',
  (divisions: readonly string[], ticketIds: readonly string[]) => sql<
    Columns<'read.crm', { division: 'division'; ticketId: 'ticket_id' }> & { crm: Crm }
  >`select c.division, c.ticket_id as "ticketId", c.crm from read.crm c
join (select distinct * from unnest(${divisions}::text[], ${ticketIds}::uuid[])) n (division, ticket_id) using (division, ticket_id)`,
);

async function rowsFor(sql: Sql, updates: readonly CrmUpdate['data'][]): Promise<Map<string, CrmRow>> {
  const rows = await sql.query(
    crmOfAll(
      updates.map(({ division }) => division),
      updates.map(({ ticketId }) => ticketId),
    ),
  );
  return new Map(rows.map((row) => [row.ticketId, row]));
}

/** The view `read.crm`. */
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
      await sql.query(
        write(
          'crm_upsert',
          `insert into read.crm (division, ticket_id, crm) select * from unnest($1::text[], $2::uuid[], $3::json[])
on conflict (division, ticket_id) do update set crm = excluded.crm`,
          columnsOf('read.crm', [...rows.values()], {
            division: ({ division }) => division,
            ticket_id: ({ ticketId }) => ticketId,
            crm: ({ crm }) => storableJson(crm),
          }),
        ),
      );
      return undefined;
    },
  };
}
