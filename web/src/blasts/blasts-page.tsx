/** Blasts: one's own, and for those who approve, everybody's. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronRight, Megaphone, Plus } from 'lucide-react';
import { WithVariables } from '../follow-ups/with-variables.tsx';
import { agoOf, momentOf, useNow } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { type Blast, useBlasts } from './queries.ts';
import { blastSearch, STATUSES } from './search.ts';
import { BLAST_STATUS } from './words.ts';

const TITLE = 'Blast';

export function BlastsPage() {
  const { privileges } = useMe();
  if (!privileges.includes('blast_create') && !privileges.includes('blast_approve'))
    return (
      <Page title={TITLE}>
        <NoPermission />
      </Page>
    );
  return <Shown mayCreate={privileges.includes('blast_create')} />;
}

function Shown({ mayCreate }: { readonly mayCreate: boolean }) {
  const navigate = useNavigate();
  const { blast_status: status } = blastSearch(useSearch({ strict: false }));
  const now = useNow();
  const list = useBlasts(status);
  const blasts = list.data?.pages.flatMap((page) => page.blasts) ?? [];
  const create = mayCreate && (
    <Link to="/blasts/new" className={buttonClass('primary')}>
      <Plus className="size-4" aria-hidden="true" />
      Blast baru
    </Link>
  );
  return (
    <Page title={TITLE} actions={create}>
      <div className="w-full sm:w-64">
        <SelectField
          label="Status"
          name="blast_status"
          value={status ?? ''}
          options={[
            { value: '', label: 'Semua' },
            ...STATUSES.map((value) => ({ value, label: BLAST_STATUS[value].name })),
          ]}
          onChange={({ target }) =>
            void navigate({
              to: '/blasts',
              search: blastSearch({ blast_status: target.value }),
              replace: true,
            })
          }
        />
      </div>
      {list.isPending ? (
        <Loading>
          <div className="flex flex-col gap-px overflow-hidden rounded-2xl border border-line">
            {Array.from({ length: 4 }, (_, n) => (
              <Skeleton key={n} className="h-20 rounded-none" />
            ))}
          </div>
        </Loading>
      ) : list.isError && blasts.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : blasts.length === 0 ? (
        <div className="rounded-2xl border border-line bg-surface">
          <Empty
            icon={<Megaphone className="size-6" />}
            title={status === undefined ? 'Belum ada blast' : 'Tidak ada yang cocok'}
            hint="Blast mengirim satu pesan ke banyak pelanggan setelah disetujui Team Lead atau Super Admin."
          />
        </div>
      ) : (
        <ul
          className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface shadow-card"
          aria-busy={list.isPlaceholderData}
        >
          {blasts.map((blast) => (
            <Item key={blast.id} blast={blast} now={now} />
          ))}
        </ul>
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
    </Page>
  );
}

function Item({ blast, now }: { readonly blast: Blast; readonly now: number }) {
  const { name, tone } = BLAST_STATUS[blast.status];
  return (
    <li>
      <Link
        to="/blasts/$blastId"
        params={{ blastId: blast.id }}
        className="focus-inside flex items-center gap-3 px-4 py-3.5 transition-colors hover:bg-hover"
      >
        <span
          className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-ink max-sm:hidden"
          aria-hidden="true"
        >
          <Megaphone className="size-[18px]" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 truncate font-semibold">{blast.template.name}</span>
            <Badge tone={tone}>{name}</Badge>
          </span>
          <span className="mt-1 line-clamp-1 leading-6 text-soft">
            <WithVariables text={blast.message} />
          </span>
          <span className="mt-0.5 block text-[12px] text-faint tabular-nums">
            {blast.recipient_count} penerima · oleh {blast.created_by.name} ·{' '}
            <time dateTime={blast.created_at} title={momentOf(blast.created_at)}>
              {agoOf(blast.created_at, now)}
            </time>
          </span>
        </span>
        <ChevronRight className="size-4 shrink-0 text-faint" aria-hidden="true" />
      </Link>
    </li>
  );
}
