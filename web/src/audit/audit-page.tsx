/** Who changed what in the administration and in field service, and who looked at personal data. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, whole } from '../lib/api.ts';
import { useMay } from '../lib/me.ts';
import { Choice, SelectField, TextField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Guarded } from '../ui/parts.tsx';
import { useUsers } from '../staff/admin/user-queries.ts';
import { plain } from '../staff/admin/words.ts';
import { Entries, type EntryPage, VALUES } from './audit-entries.tsx';
import { AREAS } from './admin-event-words.ts';

function Changes() {
  const users = useUsers();
  const navigate = useNavigate();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const area = AREAS.find(({ value }) => value === search['area'])?.value;
  const nameOf = (subject: string): string =>
    users.data?.find(({ id }) => id === subject)?.name ?? VALUES[subject] ?? '';
  const load = async (cursor: string | null, signal: AbortSignal): Promise<EntryPage> => {
    const query = {
      limit: 50,
      ...(area === undefined ? {} : { area }),
      ...(cursor === null ? {} : { cursor }),
    };
    const { data, meta } = await whole(api.GET('/api/admin/audit-log', { params: { query }, signal }));
    const entries = data.events.map(({ actor, actor_role, subject, ...rest }) => ({
      ...rest,
      who: actor?.name ?? plain(actor_role),
      about: subject,
    }));
    return { entries, next: meta?.next_cursor ?? null };
  };
  const named = async (cursor: string | null, signal: AbortSignal): Promise<EntryPage> => {
    const page = await load(cursor, signal);
    return {
      ...page,
      entries: page.entries.map((entry) => ({ ...entry, about: nameOf(entry.about ?? '') || null })),
    };
  };
  // The names come with the accounts: asked for again when they are there.
  return (
    <Entries
      queryKey={['admin', 'audit', 'changes', users.isSuccess, area]}
      load={named}
      filters={
        <div className="max-w-xs">
          <SelectField
            label="Tentang"
            name="area"
            value={area ?? ''}
            options={[{ value: '', label: 'Semua' }, ...AREAS]}
            onChange={({ target }) =>
              void navigate({
                to: '/admin/audit',
                search: target.value === '' ? {} : { area: target.value },
                replace: true,
              })
            }
          />
        </div>
      }
    />
  );
}

interface AccessFilters {
  readonly person: string;
  readonly from: string;
  readonly to: string;
}

/** Days of the business: `to` is the last day that is in. */
const startOf = (day: string): string => new Date(`${day}T00:00:00+07:00`).toISOString();
const DAY_MS = 86_400_000;
const endOf = (day: string): string => new Date(Date.parse(`${day}T00:00:00+07:00`) + DAY_MS).toISOString();

function Access() {
  const mayUsers = useMay('manage_users');
  const users = useUsers(mayUsers);
  const navigate = useNavigate();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const word = (name: string): string => (typeof search[name] === 'string' ? search[name] : '');
  const filters: AccessFilters = { person: word('person'), from: word('from'), to: word('to') };
  const set = (change: Partial<AccessFilters>): void =>
    void navigate({ to: '/admin/audit', search: { view: 'access', ...filters, ...change }, replace: true });
  const load = async (cursor: string | null, signal: AbortSignal): Promise<EntryPage> => {
    const query = {
      limit: 50,
      ...(filters.person === '' ? {} : { user_id: filters.person }),
      ...(filters.from === '' ? {} : { from: startOf(filters.from) }),
      ...(filters.to === '' ? {} : { to: endOf(filters.to) }),
      ...(cursor === null ? {} : { cursor }),
    };
    const { data, meta } = await whole(api.GET('/api/admin/audit/access', { params: { query }, signal }));
    const entries = data.events.map(({ user, ...rest }) => ({
      ...rest,
      who: user?.name ?? 'Tidak dikenal',
      about: null,
    }));
    return { entries, next: meta?.next_cursor ?? null };
  };
  const people = [
    { value: '', label: 'Semua orang' },
    ...(users.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Entries
      queryKey={['admin', 'audit', 'access', filters]}
      load={load}
      filters={
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {mayUsers && (
            <div className="max-sm:col-span-2">
              <SelectField
                label="Orang"
                name="person"
                value={filters.person}
                options={people}
                onChange={(event) => set({ person: event.target.value })}
              />
            </div>
          )}
          <TextField
            label="Dari"
            name="from"
            type="date"
            value={filters.from}
            onChange={(event) => set({ from: event.target.value })}
          />
          <TextField
            label="Sampai"
            name="to"
            type="date"
            value={filters.to}
            onChange={(event) => set({ to: event.target.value })}
          />
        </div>
      }
    />
  );
}

const TABS = [
  { value: 'changes', label: 'Perubahan' },
  { value: 'access', label: 'Akses data' },
] as const;

function Audit() {
  const tabs = { changes: useMay('manage_users'), access: useMay('audit_read') };
  const navigate = useNavigate();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const wanted = search['view'] === 'access' ? 'access' : 'changes';
  const tab = tabs[wanted] ? wanted : tabs.changes ? 'changes' : 'access';
  const options = TABS.filter(({ value }) => tabs[value]);
  return (
    <>
      {options.length > 1 && (
        <div className="max-w-xs">
          <Choice
            label="Tampilkan"
            name="view"
            value={tab}
            options={options}
            onChange={(value) =>
              void navigate({ to: '/admin/audit', search: { view: value }, replace: true })
            }
          />
        </div>
      )}
      {tab === 'changes' ? <Changes /> : <Access />}
    </>
  );
}

export function AuditPage() {
  return (
    <Guarded title="Jejak audit" needs={['manage_users', 'audit_read']}>
      <Page title="Jejak audit" narrow>
        <Audit />
      </Page>
    </Guarded>
  );
}
