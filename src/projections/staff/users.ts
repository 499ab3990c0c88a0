/** Staff and roles: who may sign in, what they may do, what they are called. */
import { sql } from 'kysely';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Recorded } from '../../domain/codec.ts';
import {
  covers,
  DEFAULT_PRIVILEGES,
  effectivePrivileges,
  type Privilege,
} from '../../domain/staff/privileges.ts';
import { user as aggregate, type User, userStream } from '../../domain/staff/user.ts';
import { type Division, type PresenceReason, type Role, ROLES } from '../../domain/vocabulary.ts';
import type { Sql, Statement, WriteStore } from '../../ports.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';

/**
 * The only tables that are read past the reader roles: those may see no more of a colleague than id and name
 * (migrations/20261120_0240_people.sql).
 */
export type StaffTables = Pick<WriteStore, 'query'>;

const userRows = tables
  .selectFrom('read.users as u')
  .leftJoin('read.roles as r', 'r.role', 'u.role')
  .select([
    'u.id',
    'u.name',
    'u.email',
    'u.password_hash as passwordHash',
    'u.temporary_password_until as temporaryPasswordUntil',
    'u.role',
    'u.division',
    'u.status as presence',
    'u.is_active as active',
    'u.max_active_tickets as maxActiveTickets',
    'u.created_at as createdAt',
    'u.status_changed_at as statusChangedAt',
    'u.status_reason as statusReason',
    'u.telegram_id as telegramId',
  ])
  // Every privilege that is stored was one of ours when it was written.
  .select(({ ref }) => [
    ref('u.granted').$castTo<Privilege[]>().as('granted'),
    ref('u.revoked').$castTo<Privilege[]>().as('revoked'),
    ref('r.privileges').$castTo<Privilege[] | null>().as('ofRole'),
  ]);

const allUsers = statement(null, () => userRows.orderBy(sql`lower(u.name)`).orderBy('u.id'));

const usersByIds = statement(null, (ids: readonly string[]) =>
  userRows.where('u.id', '=', sql<string>`any(${ids}::uuid[])`),
);

const roleRows = tables
  .selectFrom('read.roles')
  .select(({ ref }) => ['role', ref('privileges').$castTo<Privilege[]>().as('privileges')]);

const allRoles = statement(null, () => roleRows);

const roleOf = statement(null, (role: Role) => roleRows.where('role', '=', role));

const setRole = statement(null, (role: Role, privileges: readonly string[]) =>
  tables
    .insertInto('read.roles')
    .values({ role, privileges: sql<string[]>`${privileges}` })
    .onConflict((conflict) =>
      conflict.column('role').doUpdateSet(({ ref }) => ({ privileges: ref('excluded.privileges') })),
    ),
);

type UserRow = ReturnType<typeof allUsers> extends Statement<infer Row> ? Row : never;

function memberOf(row: UserRow): StaffMember {
  const { id, name, email, role, division, presence, active } = row;
  const privileges = new Set(effectivePrivileges(role, row.ofRole ?? DEFAULT_PRIVILEGES[role], row));
  const mustChangePassword = row.temporaryPasswordUntil !== null;
  return { id, name, email, role, division, presence, active, privileges, mustChangePassword };
}

// ---------------------------------------------------------------- queries

/** Everybody, also those who were deactivated, by name. */
export async function listUsers(staff: StaffTables): Promise<readonly StaffMember[]> {
  const rows = await staff.query(allUsers());
  return rows.map(memberOf);
}

/** What an administrator sees of somebody besides. */
export interface StaffRecord extends StaffMember {
  readonly granted: readonly Privilege[];
  readonly revoked: readonly Privilege[];
  readonly maxActiveTickets: number | null;
  readonly telegramLinked: boolean;
  readonly createdAt: Date;
  /** null: never, as far as the access log knows. */
  readonly lastLoginAt: Date | null;
}

const lastLogins = statement(
  'users_last_logins',
  (ids: readonly string[]) => sql<
    Columns<'read.access_log', { at: 'at' }> & { readonly id: string }
  >`select u.id, l.at from unnest(${ids}::uuid[]) u (id)
cross join lateral (select a.at from read.access_log a where a.user_id = u.id and a.event = 'signed_in'
  order by a.position desc limit 1) l`,
);

/** Everybody, also those who were deactivated, by name. */
export async function listStaffRecords(staff: StaffTables): Promise<readonly StaffRecord[]> {
  const rows = await staff.query(allUsers());
  const logins = await staff.query(lastLogins(rows.map(({ id }) => id)));
  const byId = new Map(logins.map(({ id, at }) => [id, at]));
  return rows.map((row) => ({
    ...memberOf(row),
    granted: row.granted,
    revoked: row.revoked,
    maxActiveTickets: row.maxActiveTickets,
    telegramLinked: row.telegramId !== null,
    createdAt: row.createdAt,
    lastLoginAt: byId.get(row.id) ?? null,
  }));
}

/** Active technicians of a division, and what the staff bot knows them by; null: they are not linked. */
export async function techniciansOf(
  staff: StaffTables,
  division: Division,
): Promise<readonly { readonly id: string; readonly telegramId: string | null }[]> {
  const rows = await staff.query(allUsers());
  return rows
    .filter((row) => row.active && row.role === 'technician' && row.division === division)
    .filter((row) => memberOf(row).privileges.has('job_pool'))
    .map(({ id, telegramId }) => ({ id, telegramId }));
}

/** Who plans the visits of a division, but for super admins: they see all and are told of nothing. */
export async function plannersOf(staff: StaffTables, division: Division): Promise<readonly string[]> {
  const users = await listUsers(staff);
  return users
    .filter((one) => one.active && one.role !== 'super_admin' && one.privileges.has('job_dispatch'))
    .filter((one) => covers(one, division))
    .map(({ id }) => id);
}

/** Users of a role who may read the inbox. */
export async function idsOfRole(tables: StaffTables, role: Role): Promise<string[]> {
  const users = await listUsers(tables);
  return users
    .filter((user) => user.active && user.role === role && user.privileges.has('inbox_read'))
    .map(({ id }) => id);
}

/** The privileges of a role: as they were set, else the default. */
export async function rolePrivileges(staff: StaffTables, role: Role): Promise<readonly Privilege[]> {
  const [row] = await staff.query(roleOf(role));
  return row?.privileges ?? DEFAULT_PRIVILEGES[role];
}

/** The privileges of every role. */
export async function allRolePrivileges(
  staff: StaffTables,
): Promise<Readonly<Record<Role, readonly Privilege[]>>> {
  const rows = await staff.query(allRoles());
  const set = new Map(rows.map(({ role, privileges }) => [role, privileges]));
  return Object.fromEntries(ROLES.map((role) => [role, set.get(role) ?? DEFAULT_PRIVILEGES[role]])) as Record<
    Role,
    readonly Privilege[]
  >;
}

// ---------------------------------------------------------------- view

type UserEvent = Parameters<typeof aggregate.evolve>[1];

const isUserEvent = (event: Recorded): event is Recorded & UserEvent =>
  'userId' in event.data && event.data.userId !== null && event.stream === userStream(event.data.userId);

interface Known {
  readonly user: User;
  readonly createdAt: string;
  /** When they came or went last; null: never. */
  readonly statusChangedAt: string | null;
  readonly statusReason: PresenceReason | null;
}

/** @param known undefined: the event is their first */
function after(known: Known | undefined, event: Recorded & UserEvent): Known {
  const before = known?.user ?? aggregate.initial;
  const user = aggregate.evolve(before, event);
  const isKnown = known !== undefined && before.status !== 'absent';
  const was = isKnown ? before.presence : 'offline';
  const createdAt = isKnown ? known.createdAt : event.metadata.at;
  if (user.status === 'absent' || user.presence === was)
    return {
      user,
      createdAt,
      statusChangedAt: known?.statusChangedAt ?? null,
      statusReason: known?.statusReason ?? null,
    };
  const statusReason = event.type === 'PresenceChanged' ? (event.data.reason ?? null) : null;
  return { user, createdAt, statusChangedAt: event.metadata.at, statusReason };
}

async function load(sql: Sql, ids: readonly string[]): Promise<Map<string, Known>> {
  const rows = await sql.query(usersByIds(ids));
  return new Map(
    rows.map((row) => [
      row.id,
      {
        // Sessions and second factor are judged from events; no reader of this table asks for them.
        user: {
          ...row,
          status: row.active ? 'active' : 'inactive',
          temporaryPasswordUntil: row.temporaryPasswordUntil?.toISOString() ?? null,
          secondFactor: null,
          sessionGeneration: 0,
        },
        createdAt: row.createdAt.toISOString(),
        statusChangedAt: row.statusChangedAt?.toISOString() ?? null,
        statusReason: row.statusReason,
      },
    ]),
  );
}

const online = statement('users_online', () =>
  tables.selectFrom('read.users').select('id').where('status', '=', 'online').where('is_active', '=', true),
);

/** Who is at their desk, in every division. @throws StoreUnavailable */
export async function onlineUserIds(staff: StaffTables): Promise<readonly string[]> {
  return (await staff.query(online())).map(({ id }) => id);
}

/** Users and roles. Few events, so the rows are read back for each batch. */
export function usersView(): View {
  return {
    name: 'users',
    streams: ['user-', 'role-'],
    tables: ['users', 'roles'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const roles = new Map<Role, readonly string[]>();
      const ofUsers = events.filter(isUserEvent);
      for (const event of events) {
        if (event.type === 'RolePrivilegesSet') roles.set(event.data.role, event.data.privileges);
      }
      for (const [role, privileges] of roles) {
        await sql.query(setRole(role, privileges));
      }
      if (ofUsers.length === 0) return undefined;
      const users = await load(sql, [...new Set(ofUsers.map(({ data }) => data.userId))]);
      for (const event of ofUsers) {
        users.set(event.data.userId, after(users.get(event.data.userId), event));
      }
      await writeUsers(
        sql,
        [...users.values()].flatMap(({ user, ...rest }) =>
          user.status === 'absent' ? [] : [{ user, ...rest }],
        ),
      );
      return undefined;
    },
  };
}

type Written = Known & { readonly user: Exclude<User, { status: 'absent' }> };

const writeUsers = (sql: Sql, rows: readonly Written[]): Promise<unknown> =>
  sql.query(
    write(
      null,
      `insert into read.users as u
  (id, name, email, password_hash, role, division, status, is_active, granted, revoked, max_active_tickets, created_at,
   status_changed_at, status_reason, temporary_password_until, telegram_id)
select id, name, email, password_hash, role, division, status, is_active,
  array(select json_array_elements_text(granted)), array(select json_array_elements_text(revoked)), max_active_tickets, created_at,
  status_changed_at, status_reason, temporary_password_until, telegram_id
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
  $9::json[], $10::json[], $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::timestamptz[], $16::text[])
  as n (id, name, email, password_hash, role, division, status, is_active, granted, revoked, max_active_tickets,
    created_at, status_changed_at, status_reason, temporary_password_until, telegram_id)
on conflict (id) do update set name = excluded.name, email = excluded.email, password_hash = excluded.password_hash,
  role = excluded.role, division = excluded.division, status = excluded.status, is_active = excluded.is_active,
  granted = excluded.granted, revoked = excluded.revoked,
  max_active_tickets = excluded.max_active_tickets, status_changed_at = excluded.status_changed_at,
  status_reason = excluded.status_reason, temporary_password_until = excluded.temporary_password_until,
  telegram_id = excluded.telegram_id`,
      columnsOf('read.users', rows, {
        id: ({ user }) => user.id,
        name: ({ user }) => storable(user.name),
        email: ({ user }) => storable(user.email),
        password_hash: ({ user }) => user.passwordHash,
        role: ({ user }) => user.role,
        division: ({ user }) => user.division,
        status: ({ user }) => user.presence,
        is_active: ({ user }) => user.status === 'active',
        granted: ({ user }) => JSON.stringify(user.granted),
        revoked: ({ user }) => JSON.stringify(user.revoked),
        max_active_tickets: ({ user }) => user.maxActiveTickets,
        created_at: ({ createdAt }) => createdAt,
        status_changed_at: ({ statusChangedAt }) => statusChangedAt,
        status_reason: ({ statusReason }) => statusReason,
        temporary_password_until: ({ user }) => user.temporaryPasswordUntil,
        telegram_id: ({ user }) => user.telegramId,
      }),
    ),
  );
