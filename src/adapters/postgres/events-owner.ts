/**
 * Who may change events (docs/design/reliability.md#the-owner-of-the-events): the schema `es` belongs to a role that
 * nobody signs in as. The program reads the tables and appends through functions, and can do nothing else to them.
 */
import { sql } from 'kysely';
import pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import type { Logger, Statement } from '../../ports.ts';
import { rowsOf } from './rows-of.ts';

export const EVENTS_OWNER = 'saga_events_owner';

/** The events cannot be given to their owner; `message` says what an administrator does. */
export class EventsOwnerError extends Error {
  override readonly name = 'EventsOwnerError';
}

const PREPARE = 'Let an administrator of Postgres run deploy/postgres/events-owner.sql in this database';

/** One row: whether anything is left to do. @param program its role; from a superuser nothing can be taken */
const ownerIsNeeded = statement(
  null,
  (program: string) => sql<{
    readonly needed: boolean;
  }>`select not (select rolsuper from pg_roles where rolname = ${program}::text) and (
  exists (select from pg_namespace where nspname = 'es' and pg_get_userbyid(nspowner) <> ${EVENTS_OWNER})
  or exists (select from pg_class where relnamespace = 'es'::regnamespace and relkind in ('r', 'p')
    and (pg_get_userbyid(relowner) <> ${EVENTS_OWNER} or not has_table_privilege(${program}::text, oid, 'SELECT')
      or has_table_privilege(${program}::text, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES')))
  or exists (select from pg_proc where pronamespace = 'es'::regnamespace
    and (pg_get_userbyid(proowner) <> ${EVENTS_OWNER} or not has_function_privilege(${program}::text, oid, 'EXECUTE')))
  or not has_schema_privilege(${program}::text, 'es', 'USAGE') or has_schema_privilege(${program}::text, 'es', 'CREATE')
  or (select rolsuper from pg_roles where rolname = current_user)
    and exists (select from pg_database where datname = current_database() and pg_has_role(${program}::text, datdba, 'MEMBER'))
  ) as needed`,
);

/**
 * As a superuser or as a role that is a member of both: only what is not so yet, because a change of owner locks the
 * table. Whose database it is may drop it, so a superuser gives that away, too.
 */
const GIVE = `do $$
declare
  program constant text := current_setting('saga.program');
  thing record;
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    execute format('alter database %I owner to ${EVENTS_OWNER}', current_database());
    execute format('grant connect, create, temporary on database %I to %I', current_database(), program);
    execute format('grant usage, create on schema public to %I', program);
  end if;
  if exists (select from pg_namespace where nspname = 'es' and pg_get_userbyid(nspowner) <> '${EVENTS_OWNER}') then
    alter schema es owner to ${EVENTS_OWNER};
  end if;
  for thing in
    select format('alter table %s owner to ${EVENTS_OWNER}', oid::regclass) as change from pg_class
     where relnamespace = 'es'::regnamespace and relkind in ('r', 'p') and pg_get_userbyid(relowner) <> '${EVENTS_OWNER}'
    union all
    select format('alter function %s owner to ${EVENTS_OWNER}', oid::regprocedure) from pg_proc
     where pronamespace = 'es'::regnamespace and pg_get_userbyid(proowner) <> '${EVENTS_OWNER}'
  loop
    execute thing.change;
  end loop;
  execute format('revoke all on schema es from public, %I', program);
  execute format('revoke all on all tables in schema es from public, %I', program);
  execute format('revoke all on all functions in schema es from public, %I', program);
  execute format('grant usage on schema es to %I', program);
  execute format('grant select on all tables in schema es to %I', program);
  execute format('grant execute on all functions in schema es to %I', program);
end
$$`;

/** @throws EventsOwnerError this role may not make it */
async function haveOwner(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`select from pg_roles where rolname = '${EVENTS_OWNER}'`);
  if (rows.length > 0) return;
  try {
    await client.query(`create role ${EVENTS_OWNER} nologin`);
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    // Another database of the cluster was faster: its role is this one.
    if (code === '42710' || code === '23505') return;
    throw new EventsOwnerError(`The role ${EVENTS_OWNER} is missing. ${PREPARE}.`, { cause });
  }
}

/**
 * Takes the events away from the program's role and leaves it what it needs to read and to append.
 * @param ownerUrl the same database as a superuser, or as a role that is a member of `saga_events_owner` and of `program`
 * @param program the role of DATABASE_URL
 * @returns false when it was so already
 * @throws EventsOwnerError this role may not do it
 */
export async function giveEventsToOwner(ownerUrl: string, program: string, logger: Logger): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'saga events owner' });
  client.on('error', () => undefined); // the next statement says it
  await client.connect();
  try {
    await haveOwner(client);
    const [row] = await rowsOf(client, ownerIsNeeded(program));
    if (row?.needed !== true) return false;
    await client.query('begin');
    await client.query("select set_config('saga.program', $1, true)", [program]);
    await client.query(GIVE);
    await client.query('commit');
    logger.info({ role: program, owner: EVENTS_OWNER }, 'the events have an owner of their own');
    return true;
  } catch (cause) {
    if (cause instanceof EventsOwnerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EventsOwnerError(`The events could not be given to ${EVENTS_OWNER}: ${reason}. ${PREPARE}.`, {
      cause,
    });
  } finally {
    await client.end();
  }
}

/** Ways in which the role that asks could change events. No row when there is none. */
const whatCouldChange = statement(
  null,
  () => sql<{
    readonly way: string;
  }>`select 'it is a superuser' as way from pg_roles where rolname = current_user and rolsuper
union all
select format('it is, or may become, %s, who owns %s', pg_get_userbyid(owner), what) from (
    select nspowner as owner, 'schema es' as what from pg_namespace where nspname = 'es'
    union all select relowner, oid::regclass::text from pg_class where relnamespace = 'es'::regnamespace and relkind in ('r', 'p')
    union all select proowner, proname || '()' from pg_proc where pronamespace = 'es'::regnamespace
    union all select datdba, 'the database and can drop it' from pg_database where datname = current_database()) owned
  where not (select rolsuper from pg_roles where rolname = current_user) and pg_has_role(owner, 'MEMBER')
union all
select format('it may write to %s directly', c.oid::regclass) from pg_class c
  where c.relnamespace = 'es'::regnamespace and c.relkind in ('r', 'p') and not pg_has_role(c.relowner, 'MEMBER')
    and (has_any_column_privilege(c.oid, 'INSERT, UPDATE') or has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER'))
union all
select 'it may create in schema es' where not pg_has_role((select nspowner from pg_namespace where nspname = 'es'), 'MEMBER')
    and has_schema_privilege('es', 'CREATE')
union all
select 'it may make itself a member of every role (CREATEROLE before Postgres 16)' from pg_roles
  where rolname = current_user and not rolsuper and rolcreaterole and current_setting('server_version_num')::int < 160000
union all
select format('it may become %s', rolname) from pg_roles
  where rolname in ('pg_write_server_files', 'pg_execute_server_program') and pg_has_role(oid, 'MEMBER')
    and not (select rolsuper from pg_roles where rolname = current_user)
union all
select 'the trigger that refuses changes is missing or off' where not exists (
  select from pg_trigger where tgrelid = 'es.events'::regclass and tgname = 'events_are_append_only' and tgenabled = 'A')`,
);

/**
 * For the program's own role.
 * @returns in words for an operator; empty when it can only read and append
 */
export async function waysToChangeEvents(database: {
  query<Row extends object>(statement: Statement<Row>): Promise<readonly Row[]>;
}): Promise<readonly string[]> {
  return (await database.query(whatCouldChange())).map(({ way }) => way);
}
