/** What the database itself says about a view's tables: enough to make them again, and to see whether two are alike. */
import { sql } from 'kysely';
import type { Sql } from '../../../ports.ts';
import { statement } from '../../sql/statement.ts';

export interface Partition {
  readonly name: string;
  /** `FOR VALUES IN ('sari')` */
  readonly bound: string;
}

/** A table as it is, by the statements that would make it. */
export interface TableDefinition {
  readonly name: string;
  /** `LIST (division)`; null: not cut. */
  readonly key: string | null;
  readonly partitions: readonly Partition[];
  /** Of which columns ANALYZE keeps how much, before a row is in it: 0 where the values are personal (docs/erasure.md). */
  readonly statistics: readonly { readonly of: string; readonly statement: string }[];
  /** Keys and other constraints that need an index, as `ALTER TABLE ... ADD CONSTRAINT` takes them. */
  readonly constraints: readonly { readonly name: string; readonly definition: string }[];
  /** `CREATE INDEX ... ON read.tickets ...`; those behind constraints are left out. */
  readonly indexes: readonly string[];
  /** Everything else that a table made from this one gets: storage options, row security, policies, grants. */
  readonly afterwards: readonly { readonly of: string; readonly statement: string }[];
  /** Policies of other tables, or views, refer to this very table: it cannot be swapped, only its rows can. */
  readonly referredTo: boolean;
}

interface TableRow {
  readonly oid: number;
  readonly name: string;
  readonly parent: string | null;
  readonly options: string[] | null;
  readonly bound: string | null;
  readonly key: string | null;
  readonly secured: boolean;
  readonly forced: boolean;
}

const tableRows = statement(
  null,
  (
    tables: readonly string[],
  ) => sql<TableRow>`select c.oid::int, c.relname as name, parent.relname as parent, c.reloptions as options,
  pg_get_expr(c.relpartbound, c.oid) as bound, case c.relkind when 'p' then pg_get_partkeydef(c.oid) end as key,
  c.relrowsecurity as secured, c.relforcerowsecurity as forced
from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
where c.relnamespace = 'read'::regnamespace and c.relkind in ('r', 'p') and coalesce(parent.relname, c.relname) = any(${tables})
order by c.oid`,
);

const statisticsOf = statement(
  null,
  (oids: readonly number[]) => sql<{
    oid: number;
    statement: string;
  }>`select attrelid::int as oid, format('ALTER TABLE ONLY read.%I ALTER COLUMN %I SET STATISTICS %s', relname, attname,
  attstattarget) as statement
from pg_attribute join pg_class c on c.oid = attrelid
where attrelid = any(${oids}::oid[]) and attnum > 0 and not attisdropped and attstattarget >= 0 order by attrelid, attnum`,
);

const constraintsOf = statement(
  null,
  (oids: readonly number[]) => sql<{
    oid: number;
    name: string;
    definition: string;
  }>`select conrelid::int as oid, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
where conrelid = any(${oids}::oid[]) and contype in ('p', 'u', 'x', 'f') order by pg_constraint.oid`,
);

const indexesOf = statement(
  null,
  (oids: readonly number[]) => sql<{
    oid: number;
    definition: string;
  }>`select i.indrelid::int as oid, pg_get_indexdef(i.indexrelid) as definition from pg_index i
where i.indrelid = any(${oids}::oid[]) and not exists (select from pg_constraint where conindid = i.indexrelid)
order by i.indexrelid`,
);

const policiesOf = statement(
  null,
  (oids: readonly number[]) => sql<{
    oid: number;
    statement: string;
  }>`select polrelid::int as oid, format('CREATE POLICY %I ON read.%I AS %s FOR %s TO %s%s%s', polname, relname,
  case when polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
  case polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
  (select string_agg(case role when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(role)) end, ', ' order by role)
    from unnest(polroles) role),
  coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', ''),
  coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '')) as statement
from pg_policy join pg_class c on c.oid = polrelid where polrelid = any(${oids}::oid[]) order by pg_policy.oid`,
);

const grantsOf = statement(
  null,
  (oids: readonly number[]) => sql<{
    oid: number;
    statement: string;
  }>`select oid, format('GRANT %s%s ON read.%I TO %s%s', privilege, coalesce(' (' || quote_ident(of) || ')', ''), name, who,
  case when grantable then ' WITH GRANT OPTION' else '' end) as statement
from (
  select c.oid::int, c.relname as name, null as of, a.privilege_type as privilege, a.is_grantable as grantable,
    case a.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(a.grantee)) end as who
  from pg_class c cross join aclexplode(c.relacl) a where c.oid = any(${oids}::oid[]) and a.grantee <> c.relowner
  union all
  select c.oid::int, c.relname, t.attname, a.privilege_type, a.is_grantable,
    case a.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(a.grantee)) end
  from pg_class c join pg_attribute t on t.attrelid = c.oid cross join aclexplode(t.attacl) a
  where c.oid = any(${oids}::oid[]) and a.grantee <> c.relowner
) g order by 2`,
);

const referredOf = statement(
  null,
  (oids: readonly number[]) => sql<{ oid: number }>`select distinct d.refobjid::int as oid from pg_depend d
left join pg_policy p on d.classid = 'pg_policy'::regclass and p.oid = d.objid
left join pg_constraint f on d.classid = 'pg_constraint'::regclass and f.oid = d.objid and f.contype = 'f'
where d.refclassid = 'pg_class'::regclass and d.refobjid = any(${oids}::oid[])
  and (p.polrelid <> d.refobjid or f.confrelid = d.refobjid or d.classid = 'pg_rewrite'::regclass)`,
);

/** The definitions of these tables of schema read, in their order. @throws Error when one is missing */
export async function definitionsOf(on: Sql, tables: readonly string[]): Promise<readonly TableDefinition[]> {
  const rows = await on.query(tableRows(tables));
  const oids = rows.map(({ oid }) => oid);
  const statistics = await on.query(statisticsOf(oids));
  const constraints = await on.query(constraintsOf(oids));
  const indexes = await on.query(indexesOf(oids));
  const policies = await on.query(policiesOf(oids));
  const grants = await on.query(grantsOf(oids));
  const referred = await on.query(referredOf(oids));

  return tables.map((name) => {
    const table = rows.find((row) => row.name === name && row.parent === null);
    if (!table) throw new Error(`there is no table read.${name}: run npm run migrate`);
    const partitions = rows.filter(({ parent }) => parent === name);
    const of = <T extends { oid: number }>(all: readonly T[], { oid }: TableRow): T[] =>
      all.filter((one) => one.oid === oid);
    return {
      name,
      key: table.key,
      partitions: partitions.map((one) => ({ name: one.name, bound: one.bound ?? '' })),
      statistics: [table, ...partitions].flatMap((one) =>
        of(statistics, one).map((each) => ({ of: one.name, statement: each.statement })),
      ),
      constraints: of(constraints, table).map((one) => ({ name: one.name, definition: one.definition })),
      indexes: of(indexes, table).map(({ definition }) => definition.replace(' ON ONLY ', ' ON ')),
      afterwards: [table, ...partitions].flatMap((one) =>
        [
          ...(one.options ?? []).map((option) => `ALTER TABLE read.${one.name} SET (${option})`),
          ...(one.secured ? [`ALTER TABLE read.${one.name} ENABLE ROW LEVEL SECURITY`] : []),
          ...(one.forced ? [`ALTER TABLE read.${one.name} FORCE ROW LEVEL SECURITY`] : []),
          ...of(policies, one).map(({ statement }) => statement),
          ...of(grants, one).map(({ statement }) => statement),
        ].map((statement) => ({ of: one.name, statement })),
      ),
      referredTo: of(referred, table).length > 0,
    };
  });
}

const facts = statement(
  null,
  (schema: string, tables: readonly string[]) => sql<{
    table: string;
    fact: string;
  }>`select coalesce(parent.relname || '/', '') || c.relname as "table", f.fact
from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
cross join lateral (
  select format('%s %s, security %s %s, options %s, owner %s', c.relkind, pg_get_expr(c.relpartbound, c.oid),
    c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relowner) as fact
  union all
  select format('column %s %s %s collation %s, not null %s, default %s, %s%s, statistics %s, acl %s', row_number() over (order by attnum),
    attname, format_type(atttypid, atttypmod), attcollation, attnotnull, pg_get_expr(adbin, adrelid), attidentity,
    attgenerated, coalesce(attstattarget, -1), (select string_agg(item::text, ',' order by item::text) from unnest(attacl) item))
  from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = c.oid and attnum > 0 and not attisdropped
  union all
  select format('constraint %s %s', case when parent.oid is null then conname end, pg_get_constraintdef(oid))
  from pg_constraint where conrelid = c.oid and contype <> 'n'
  union all
  select case when parent.oid is null then pg_get_indexdef(indexrelid)
    else regexp_replace(pg_get_indexdef(indexrelid), 'INDEX \\S+ ON', 'INDEX ON') end || case when indisvalid then '' else ' INVALID' end
  from pg_index where indrelid = c.oid
  union all
  select format('policy %s %s %s %s using %s check %s', polname, polpermissive, polcmd, polroles,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy where polrelid = c.oid
  union all
  select format('grant %s to %s, with option %s', privilege_type, grantee, is_grantable)
  from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))
  union all
  select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where tgrelid = c.oid and not tgisinternal
) f
where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p') and coalesce(parent.relname, c.relname) = any(${tables})`,
);

/**
 * Everything that makes a table what it is (columns, keys, indexes, row security, policies, grants), as one sorted list
 * of sentences: two schemas' tables are alike when their lists are equal. Row security that is missing on one partition
 * would show every division's rows (docs/design/reliability.md#fault-tests, F19).
 */
export async function factsOf(
  on: Sql,
  schema: string,
  tables: readonly string[],
): Promise<readonly string[]> {
  const rows = await on.query(facts(schema, tables));
  return rows.map(({ table, fact }) => `${table}: ${fact.replaceAll(`${schema}.`, 'read.')}`).sort();
}
