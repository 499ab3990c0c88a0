/** Who changed what in the administration, and who looked at personal data. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, whole } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Choice, SelectField, TextField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { Guarded, Rows, Waiting } from '../ui/parts.tsx';
import { STATE_WORDS } from '../settings/template-words.ts';
import { useUsers } from '../staff/admin/user-queries.ts';
import { factWord, plain, privilegeLabel } from '../staff/admin/words.ts';
import { adminEventWord, AREAS } from './admin-event-words.ts';

interface Entry {
  readonly id: string;
  readonly event: string;
  readonly timestamp: string;
  readonly who: string;
  readonly about: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}
interface EntryPage {
  readonly entries: readonly Entry[];
  readonly next: string | null;
}

/** Kinds of data and keyed hashes are for the eye of a program; the rest is shown. */
const HIDDEN = new Set([
  'request_id',
  'origin',
  'email_key',
  'session_id',
  'searched',
  'hash',
  'sha256',
  'subject_id',
]);

const VALUES: Readonly<Record<string, string>> = {
  ...ROLE,
  ...DIVISION,
  ...Object.fromEntries(Object.entries(STATE_WORDS).map(([state, { label }]) => [state, label])),
};
const DAYS = ['Min', 'Sen', 'Sel', 'Rab', 'Kam', 'Jum', 'Sab'];

/** One row of office hours reads `Sen 08:00-17:00`. */
const hoursOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'dayOfWeek' in value && 'opens' in value && 'closes' in value
    ? `${DAYS[Number(value.dayOfWeek)] ?? ''} ${String(value.opens)}-${String(value.closes)}`
    : null;

function shown(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0
      ? 'tidak ada'
      : value
          .map((one) =>
            typeof one === 'string' ? privilegeLabel(one as never) : (hoursOf(one) ?? JSON.stringify(one)),
          )
          .join(', ');
  if (typeof value === 'string') return VALUES[value] ?? value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

function Line({ entry }: { readonly entry: Entry }) {
  const facts = Object.entries(entry.metadata).filter(
    ([name, value]) => !HIDDEN.has(name) && value !== null && value !== undefined && value !== '',
  );
  return (
    <li className="flex gap-3 px-4 py-3">
      <Avatar name={entry.who} size="sm" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">{adminEventWord(entry.event)}</span>
          {entry.about !== null && <span className="min-w-0 break-words text-soft">{entry.about}</span>}
        </p>
        <p className="text-[13px] text-faint">
          {entry.who} · <time dateTime={entry.timestamp}>{momentOf(entry.timestamp)}</time>
        </p>
        {facts.length > 0 && (
          <dl className="mt-1 flex flex-col gap-0.5 text-[13px] text-soft">
            {facts.map(([name, value]) => (
              <div key={name} className="flex gap-2">
                <dt className="shrink-0 text-faint">{factWord(name)}</dt>
                <dd className="min-w-0 break-words">{shown(value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}

function Entries({
  queryKey,
  load,
  filters,
}: {
  readonly queryKey: readonly unknown[];
  readonly load: (cursor: string | null, signal: AbortSignal) => Promise<EntryPage>;
  readonly filters?: ReactNode;
}) {
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      {filters}
      {list.isPending ? (
        <Waiting />
      ) : list.isError && entries.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : entries.length === 0 ? (
        <Empty
          icon={<History className="size-6" />}
          title="Belum ada catatan"
          hint="Ubah filter atau periode."
        />
      ) : (
        <Rows>
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} />
          ))}
        </Rows>
      )}
      {list.hasNextPage && (
        <Button
          className="self-center"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </>
  );
}

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
