/** Everybody with their presence, as it changes, and what they carry. */
import { Link } from '@tanstack/react-router';
import { UserRound } from 'lucide-react';
import { useState } from 'react';
import { momentOf, spanOf, useNow } from '../lib/dates.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { useMay, useMe } from '../lib/me.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { cx } from '../ui/classes.ts';
import { Choice } from '../ui/field.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { type Presence, usePresences, useSetPresence } from './queries.ts';

const SHOWN = [
  { value: 'all', label: 'Semua' },
  { value: 'sari', label: 'SARI' },
  { value: 'savi', label: 'SAVI' },
  { value: 'safia', label: 'SAFIA' },
] as const;
const WHY: Record<NonNullable<Presence['reason']>, string> = { logout: 'keluar', gone: 'tidak terhubung' };

/** Those who are there first, then by how much they carry. */
const byNeed = (a: Presence, b: Presence): number =>
  Number(b.status === 'online') - Number(a.status === 'online') ||
  b.active_ticket_count - a.active_ticket_count ||
  a.name.localeCompare(b.name);

export function Agents() {
  const list = usePresences();
  const [division, setDivision] = useState<(typeof SHOWN)[number]['value']>('all');
  const all = list.data ?? [];
  const found = all
    .filter((one) => division === 'all' || one.division === division || one.division === 'all')
    .sort(byNeed);
  const online = found.filter(({ status }) => status === 'online').length;
  return (
    <section aria-label="Agent" className="min-w-0 rounded-2xl border border-line bg-surface shadow-card">
      <div className="flex flex-col gap-3 border-b border-line px-4 py-3 md:px-5">
        <h2 className="font-semibold">
          Agent{' '}
          <span className="font-normal text-soft tabular-nums" aria-live="polite">
            {list.data !== undefined && `${String(online)} online dari ${String(found.length)}`}
          </span>
        </h2>
        <Choice
          label="Divisi"
          name="agents_division"
          value={division}
          options={SHOWN}
          onChange={setDivision}
        />
      </div>
      {list.isPending ? (
        <Loading>
          <div className="flex flex-col gap-3 p-4">
            {Array.from({ length: 6 }, (_, n) => (
              <Skeleton key={n} className="h-12" />
            ))}
          </div>
        </Loading>
      ) : list.isError && all.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : found.length === 0 ? (
        <Empty icon={<UserRound className="size-6" />} title="Belum ada agent di divisi ini" />
      ) : (
        <ul className="divide-y divide-line">
          {found.map((one) => (
            <Item key={one.id} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ one }: { readonly one: Presence }) {
  const now = useNow();
  const me = useMe();
  const mayToggle = useMay('presence_others') && one.id !== me.id;
  const set = useSetPresence();
  const isOnline = one.status === 'online';
  const state = isOnline ? t.presence.online : t.presence.offline;
  const { status_changed_at: at } = one;
  return (
    <li className="flex items-center gap-3 px-4 py-3 md:px-5">
      <Avatar
        name={one.name}
        mark={<span className={cx('block size-2.5 rounded-full', isOnline ? 'bg-good' : 'bg-line-strong')} />}
      />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="min-w-0 truncate font-medium">{one.name}</span>
          <Badge tone="grey">{DIVISION[one.division]}</Badge>
        </p>
        <p className="text-[12px] text-pretty text-soft">
          {ROLE[one.role]} · <span className={cx(isOnline && 'font-medium text-good')}>{state}</span>{' '}
          {at !== null && (
            <time dateTime={at} title={momentOf(at)}>
              {spanOf(Math.max(0, now - Date.parse(at)))}
            </time>
          )}
          {!isOnline && one.reason !== null && `, ${WHY[one.reason]}`}
        </p>
        <Load one={one} />
      </div>
      {mayToggle && (
        <button
          type="button"
          role="switch"
          aria-checked={isOnline}
          aria-label={`${one.name}: ${state}`}
          disabled={set.isPending}
          onClick={() => set.mutate({ id: one.id, name: one.name, status: isOnline ? 'offline' : 'online' })}
          className="-mr-1 flex h-11 w-12 shrink-0 items-center justify-center rounded-lg hover:bg-hover"
        >
          <span
            className={cx(
              'relative h-5 w-9 rounded-full transition-colors',
              isOnline ? 'bg-good' : 'bg-line-strong',
            )}
            aria-hidden="true"
          >
            <span
              className={cx(
                'absolute top-0.5 left-0.5 size-4 rounded-full bg-white transition-transform',
                isOnline && 'translate-x-4',
              )}
            />
          </span>
        </button>
      )}
    </li>
  );
}

/** A bar as full as they are, where a most is set; the link shows what they carry. */
function Load({ one }: { readonly one: Presence }) {
  const { active_ticket_count: count, max_active_tickets: most } = one;
  const isFull = most !== null && count >= most;
  return (
    <Link
      to="/inbox"
      search={{ tab: 'all', assigned_to: one.id }}
      className="mt-0.5 inline-flex min-h-6 max-w-full items-center gap-2 rounded text-[12px] text-soft hover:text-ink hover:underline"
    >
      {most !== null && (
        <span className="h-1.5 w-20 shrink-0 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
          <span
            className={cx('block h-full rounded-full', isFull ? 'bg-danger' : 'bg-accent')}
            style={{ width: `${String(most === 0 ? 100 : Math.min(100, (count / most) * 100))}%` }}
          />
        </span>
      )}
      <span className={cx('tabular-nums', isFull && 'font-medium text-danger')}>
        {count} tiket aktif{most !== null && ` dari ${String(most)}`}
        {isFull && ', penuh'}
      </span>
    </Link>
  );
}
