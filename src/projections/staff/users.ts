/** Staff and roles: who may sign in, what they may, what they are called. */
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Recorded } from '../../domain/codec.ts';
import { DEFAULT_PRIVILEGES, effectivePrivileges, type Privilege } from '../../domain/staff/privileges.ts';
import { user as aggregate, type User, userStream } from '../../domain/staff/user.ts';
import { type Role, ROLES, type UserDivision } from '../../domain/vocabulary.ts';
import type { Sql, WriteStore } from '../../ports.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

/**
 * The only tables that are read past the reader roles: those may see no more of a colleague than id and name
 * (migrations/20261120_0240_people.sql).
 */
export type StaffTables = Pick<WriteStore, 'query'>;

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly presence: 'online' | 'offline';
  readonly active: boolean;
  readonly granted: Privilege[];
  readonly revoked: Privilege[];
  readonly maxActiveTickets: number | null;
  readonly ofRole: Privilege[] | null;
  readonly createdAt: Date;
}

const SELECT = `select u.id, u.name, u.email, u.password_hash as "passwordHash", u.role, u.division, u.status as presence,
  u.is_active as active, u.granted, u.revoked, u.max_active_tickets as "maxActiveTickets",
  u.created_at as "createdAt", r.privileges as "ofRole"
from read.users u left join read.roles r on r.role = u.role`;

function memberOf(row: UserRow): StaffMember {
  const { id, name, email, role, division, presence, active } = row;
  const privileges = effectivePrivileges(role, row.ofRole ?? DEFAULT_PRIVILEGES[role], row);
  return { id, name, email, role, division, presence, active, privileges: new Set(privileges) };
}

// ---------------------------------------------------------------- queries

/** Everybody, also who was deactivated, by name. */
export async function listUsers(tables: StaffTables): Promise<readonly StaffMember[]> {
  const rows = await tables.query<UserRow>({ text: `${SELECT} order by lower(u.name), u.id`, values: [] });
  return rows.map(memberOf);
}

/** The privileges of a role: as they were set, else the default. */
export async function rolePrivileges(tables: StaffTables, role: Role): Promise<readonly Privilege[]> {
  const [row] = await tables.query<{ privileges: Privilege[] }>({
    text: 'select privileges from read.roles where role = $1',
    values: [role],
  });
  return row?.privileges ?? DEFAULT_PRIVILEGES[role];
}

/** The privileges of every role. */
export async function allRolePrivileges(
  tables: StaffTables,
): Promise<Readonly<Record<Role, readonly Privilege[]>>> {
  const rows = await tables.query<{ role: Role; privileges: Privilege[] }>({
    text: 'select role, privileges from read.roles',
    values: [],
  });
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

async function load(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, { user: User; createdAt: string }>> {
  const rows = await sql.query<UserRow>({ text: `${SELECT} where u.id = any($1::uuid[])`, values: [ids] });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        // The generation is counted from events; no reader of this table asks for it.
        user: { ...row, status: row.active ? 'active' : 'inactive', sessionGeneration: 0 },
        createdAt: row.createdAt.toISOString(),
      },
    ]),
  );
}

/** Users and roles. Few events, so the rows are read back for each batch. */
export function usersView(): View {
  return {
    name: 'users',
    streams: ['user-', 'role-'],
    tables: ['users', 'roles'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const roles = new Map<string, readonly string[]>();
      const ofUsers = events.filter(isUserEvent);
      for (const event of events) {
        if (event.type === 'RolePrivilegesSet') roles.set(event.data.role, event.data.privileges);
      }
      for (const [role, privileges] of roles) {
        await sql.query({
          text: `insert into read.roles (role, privileges) values ($1, $2)
on conflict (role) do update set privileges = excluded.privileges`,
          values: [role, privileges],
        });
      }
      if (ofUsers.length === 0) return undefined;
      const users = await load(sql, [...new Set(ofUsers.map(({ data }) => data.userId))]);
      for (const event of ofUsers) {
        const known = users.get(event.data.userId);
        const user = aggregate.evolve(known?.user ?? aggregate.initial, event);
        users.set(event.data.userId, {
          user,
          createdAt: (known?.user.status === 'absent' ? undefined : known?.createdAt) ?? event.metadata.at,
        });
      }
      await write(
        sql,
        [...users.values()].flatMap(({ user, createdAt }) =>
          user.status === 'absent' ? [] : [{ user, createdAt }],
        ),
      );
      return undefined;
    },
  };
}

type Written = { readonly user: Exclude<User, { status: 'absent' }>; readonly createdAt: string };

const write = (sql: Sql, rows: readonly Written[]): Promise<unknown> =>
  sql.query({
    text: `insert into read.users as u
  (id, name, email, password_hash, role, division, status, is_active, granted, revoked, max_active_tickets, created_at)
select id, name, email, password_hash, role, division, status, is_active,
  array(select json_array_elements_text(granted)), array(select json_array_elements_text(revoked)), max_active_tickets, created_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
  $9::json[], $10::json[], $11::integer[], $12::timestamptz[])
  as n (id, name, email, password_hash, role, division, status, is_active, granted, revoked, max_active_tickets,
    created_at)
on conflict (id) do update set name = excluded.name, email = excluded.email, password_hash = excluded.password_hash,
  role = excluded.role, division = excluded.division, status = excluded.status, is_active = excluded.is_active,
  granted = excluded.granted, revoked = excluded.revoked,
  max_active_tickets = excluded.max_active_tickets`,
    values: columns(
      rows,
      ({ user }) => user.id,
      ({ user }) => storable(user.name),
      ({ user }) => storable(user.email),
      ({ user }) => user.passwordHash,
      ({ user }) => user.role,
      ({ user }) => user.division,
      ({ user }) => user.presence,
      ({ user }) => user.status === 'active',
      ({ user }) => JSON.stringify(user.granted),
      ({ user }) => JSON.stringify(user.revoked),
      ({ user }) => user.maxActiveTickets,
      ({ createdAt }) => createdAt,
    ),
  });
