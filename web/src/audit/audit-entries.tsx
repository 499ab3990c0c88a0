/** Entries of the audit as a list, in words. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Rows, Waiting } from '../ui/parts.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { STATE_WORDS } from '../settings/template-words.ts';
import { factWord, privilegeLabel } from '../staff/admin/words.ts';
import { adminEventWord } from './admin-event-words.ts';

interface Entry {
  readonly id: string;
  readonly event: string;
  readonly timestamp: string;
  readonly who: string;
  readonly about: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}
export interface EntryPage {
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

export const VALUES: Readonly<Record<string, string>> = {
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

export function Entries({
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
