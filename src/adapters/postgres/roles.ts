import { sql } from 'kysely';
import { assembled, statement } from '../../engine/sql/statement.ts';
import type { Logger, WriteStore } from '../../ports.ts';
import { READER_ROLES } from './reads.ts';
import { UnsafeDatabase } from './session.ts';

export { UnsafeDatabase };

const READERS = Object.values(READER_ROLES);

/** Each statement names what is wrong in one column, `finding`; no rows when all is well. $1: the reader roles. */
const CHECKS: readonly string[] = [
  `select format('role %s is missing: run npm run migrate', reader) as finding
     from unnest($1::text[]) reader where not exists (select from pg_roles where rolname = reader)`,
  `select format('role %s is a superuser, may log in, may create roles or bypasses row security', rolname) as finding
     from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole)`,
  `select format('role %s is a member of %s', reader.rolname, other.rolname) as finding
     from pg_auth_members m join pg_roles reader on reader.oid = m.member join pg_roles other on other.oid = m.roleid
     where reader.rolname = any($1)`,
  `select format('%s may not become %s: GRANT %s TO %s', current_user, rolname, rolname, current_user) as finding
     from pg_roles where rolname = any($1) and not pg_has_role(current_user, oid, 'MEMBER')`,
  `select format('role %s owns %s', pg_get_userbyid(relowner), oid::regclass) as finding
     from pg_class where pg_get_userbyid(relowner) = any($1)`,
  // A grant on a partition goes round the parent's policy (docs/design/reliability.md#roles-that-row-security-binds).
  // PUBLIC's grants count too.
  `select format('role %s has a grant on the partition %s', r.rolname, c.oid::regclass) as finding
     from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r
     where n.nspname = 'read' and c.relispartition and c.relkind in ('r', 'p') and r.rolname = any($1)
       and (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
         or has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER'))`,
  // Whatever is cut by division, or carries one and is readable, must be under a policy its owner cannot skip.
  `select format('row security of %s is not enabled and forced', c.oid::regclass) as finding
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'read' and not c.relispartition and not (c.relrowsecurity and c.relforcerowsecurity)
       and (c.relkind = 'p' or (c.relkind = 'r'
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'division' and not a.attisdropped)
         and exists (select from pg_roles r where r.rolname = any($1) and has_any_column_privilege(r.oid, c.oid, 'SELECT'))))`,
  `select format('%s is readable and not a view with security_invoker', c.oid::regclass) as finding
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('read', 'ops', 'es') and c.relkind in ('v', 'm')
       and (c.relkind = 'm' or not coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false))
       and exists (select from pg_roles r where r.rolname = any($1) and has_any_column_privilege(r.oid, c.oid, 'SELECT'))`,
  `select format('role %s may change %s', r.rolname, c.oid::regclass) as finding
     from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r
     where n.nspname = 'read' and not c.relispartition and c.relkind in ('r', 'p', 'v') and r.rolname = any($1)
       and (has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE') or has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE'))`,
  `select format('role %s may use schema %s', r.rolname, n.nspname) as finding
     from pg_namespace n cross join pg_roles r
     where n.nspname in ('ops', 'es') and r.rolname = any($1) and has_schema_privilege(r.oid, n.oid, 'USAGE')`,
];

/**
 * Below these, planner statistics leak rows through row security (CVE-2025-8713,
 * docs/design/reliability.md#postgres-versions).
 */
const FIRST_SAFE_MINOR: Readonly<Record<number, number>> = { 15: 14, 16: 10, 17: 6 };

async function findings(writes: WriteStore): Promise<string[]> {
  const found: string[] = [];
  for (const text of CHECKS) {
    const check = assembled<{ finding: string }>(null, text, text.includes('$1') ? [READERS] : []);
    for (const { finding } of await writes.query(check)) found.push(finding);
  }
  return found;
}

const serverFacts = statement(
  null,
  () => sql<{
    version: number;
    superuser: boolean;
  }>`select current_setting('server_version_num')::int as version,
  (select rolsuper from pg_roles where rolname = current_user) as superuser`,
);

/**
 * @throws UnsafeDatabase with every finding
 * @throws StoreUnavailable the database did not answer
 */
export async function assertSafe(writes: WriteStore, logger: Logger): Promise<void> {
  const [server] = await writes.query(serverFacts());
  const version = server?.version ?? 0;
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  if (major < 15) throw new UnsafeDatabase(`Postgres ${String(major)} is too old: 15 or newer is needed.`);
  if (minor < (FIRST_SAFE_MINOR[major] ?? 0)) {
    logger.warn(
      { version },
      'this Postgres has known holes in row-level security (CVE-2025-8713): update it',
    );
  }
  if (server?.superuser)
    logger.warn({}, 'DATABASE_URL names a superuser: give the product a role of its own');
  const found = await findings(writes);
  if (found.length > 0) {
    throw new UnsafeDatabase(`Refusing to serve, divisions would not be kept apart: ${found.join('; ')}.`);
  }
}
