/** Everybody with an account: who they are, what they may, whether they can sign in (dashboard-prd 3.9). */
import { Link } from '@tanstack/react-router';
import { ChevronRight, Search, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { agoOf, momentOf, useNow } from '../../lib/dates.ts';
import { DIVISION, ROLE } from '../../lib/id.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { inputClass, SelectField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { NewUserDialog } from './new-user-dialog.tsx';
import { Answer, Guarded, Rows } from '../../ui/parts.tsx';
import { type Role, type User, useUsers } from './user-queries.ts';

const ROLE_TONE: Record<Role, Tone> = {
  super_admin: 'violet',
  team_lead: 'blue',
  sales_agent: 'teal',
  dispatcher: 'yellow',
  technician: 'green',
  viewer: 'grey',
};
const ROLES = [
  { value: '', label: 'Semua peran' },
  ...Object.entries(ROLE).map(([value, label]) => ({ value, label })),
];
const STATES = [
  { value: '', label: 'Aktif dan nonaktif' },
  { value: 'active', label: 'Aktif' },
  { value: 'inactive', label: 'Nonaktif' },
];

export function RoleBadge({ role }: { readonly role: Role }) {
  return <Badge tone={ROLE_TONE[role]}>{ROLE[role]}</Badge>;
}

function UserRow({ user, now }: { readonly user: User; readonly now: number }) {
  const seen = user.last_seen_at ?? user.last_login_at;
  return (
    <Link
      to="/admin/users/$userId"
      params={{ userId: user.id }}
      className="focus-inside flex items-center gap-3 px-4 py-3 transition-colors hover:bg-hover"
    >
      <Avatar
        name={user.name}
        {...(user.status === 'online' ? { mark: <span className="size-2.5 rounded-full bg-good" /> } : {})}
      />
      <span className="min-w-0 flex-1 md:flex md:items-center md:gap-4">
        <span className="block min-w-0 md:flex-1">
          <span className="block truncate font-semibold">{user.name}</span>
          <span className="block truncate text-[13px] text-faint">{user.email}</span>
        </span>
        <span className="mt-1.5 flex flex-wrap items-center gap-1.5 md:mt-0 md:w-80 md:shrink-0">
          <RoleBadge role={user.role} />
          <Badge tone="grey">{DIVISION[user.division]}</Badge>
          {!user.is_active && <Badge tone="red">Nonaktif</Badge>}
          {user.must_change_password && user.is_active && <Badge tone="yellow">Sandi sementara</Badge>}
        </span>
        <span
          className="mt-1 block text-[12px] text-faint md:mt-0 md:w-36 md:shrink-0 md:text-right"
          title={seen === null ? undefined : momentOf(seen)}
        >
          {user.status === 'online'
            ? 'Online'
            : seen === null
              ? 'Belum pernah masuk'
              : agoOf(seen, now) === 'baru'
                ? 'Baru saja aktif'
                : `Terakhir ${agoOf(seen, now)}`}
        </span>
      </span>
      <ChevronRight className="size-5 shrink-0 text-faint" aria-hidden="true" />
    </Link>
  );
}

function UserList() {
  const users = useUsers();
  const now = useNow();
  const [text, setText] = useState('');
  const [role, setRole] = useState('');
  const [state, setState] = useState('active');
  const words = text.trim().toLowerCase();
  const matches = (user: User): boolean =>
    (words === '' || `${user.name} ${user.email}`.toLowerCase().includes(words)) &&
    (role === '' || user.role === role) &&
    (state === '' || user.is_active === (state === 'active'));
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <label className="relative min-w-52 flex-1 max-md:basis-full">
          <span className="sr-only">Cari nama atau email</span>
          <Search className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" aria-hidden="true" />
          <input
            type="search"
            name="q"
            placeholder="Cari nama atau email"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={`${inputClass} pl-9`}
          />
        </label>
        <div className="w-44 max-md:flex-1">
          <SelectField
            label="Peran"
            name="role"
            value={role}
            options={ROLES}
            onChange={(event) => setRole(event.target.value)}
          />
        </div>
        <div className="w-44 max-md:flex-1">
          <SelectField
            label="Status"
            name="state"
            value={state}
            options={STATES}
            onChange={(event) => setState(event.target.value)}
          />
        </div>
      </div>
      <Answer query={users}>
        {(all) => {
          const shown = all.filter(matches).sort((a, b) => a.name.localeCompare(b.name, 'id'));
          if (shown.length === 0)
            return (
              <Empty
                icon={<Users className="size-6" />}
                title="Tidak ada yang cocok"
                hint="Ubah pencarian atau filter."
              />
            );
          return (
            <>
              <p className="text-[13px] text-faint" role="status">
                {shown.length} dari {all.length} pengguna
              </p>
              <Rows>
                {shown.map((user) => (
                  <li key={user.id}>
                    <UserRow user={user} now={now} />
                  </li>
                ))}
              </Rows>
            </>
          );
        }}
      </Answer>
    </>
  );
}

export function UsersPage() {
  const [adding, setAdding] = useState(false);
  return (
    <Guarded title="Pengguna" needs={['manage_users']}>
      <Page
        title="Pengguna"
        actions={
          <Button
            look="primary"
            icon={<UserPlus className="size-4" aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            Tambah pengguna
          </Button>
        }
      >
        <UserList />
        {adding && <NewUserDialog onClose={() => setAdding(false)} />}
      </Page>
    </Guarded>
  );
}
