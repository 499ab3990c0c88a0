import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  AlarmClock,
  ArrowRightLeft,
  Bell,
  CheckCheck,
  Lock,
  Megaphone,
  MessageSquare,
  ReceiptText,
  TriangleAlert,
  UserRound,
  Wrench,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type AppNotification, api, dataOf, once, whole } from '../lib/api.ts';
import { agoOf, momentOf, useNow } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMay } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Choice } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';

const ICON = 'size-[18px]';
const iconOf = ({ kind, layer }: AppNotification): ReactNode => {
  if (layer === 'L2') return <Lock className={ICON} />;
  if (kind === 'customer_message') return <MessageSquare className={ICON} />;
  if (
    kind === 'message_failed' ||
    kind === 'queue_alert' ||
    kind === 'store_changed' ||
    kind === 'projection_parked'
  )
    return <TriangleAlert className={ICON} />;
  if (kind === 'ticket_woke' || kind === 'idle_ticket') return <AlarmClock className={ICON} />;
  if (kind.startsWith('job')) return <Wrench className={ICON} />;
  if (kind.startsWith('invoice')) return <ReceiptText className={ICON} />;
  if (kind.startsWith('blast')) return <Megaphone className={ICON} />;
  if (kind === 'ticket_reassigned_away' || kind === 'ticket_withdrawn' || kind === 'tickets_returned')
    return <ArrowRightLeft className={ICON} />;
  return kind === 'ticket_assigned' || kind === 'waiting_ticket_assigned' ? (
    <UserRound className={ICON} />
  ) : (
    <Bell className={ICON} />
  );
};

type Shown = 'all' | 'unread';
const SHOWN = [
  { value: 'all', label: 'Semua' },
  { value: 'unread', label: 'Belum dibaca' },
] as const;

const useNotifications = (shown: Shown) => {
  const query = { limit: 50, ...(shown === 'unread' ? { unread: true } : {}) };
  return useInfiniteQuery({
    queryKey: keys.notifications(query),
    queryFn: async ({ pageParam, signal }) => {
      const paged = pageParam === null ? query : { ...query, cursor: pageParam };
      const { data, meta } = await whole(api.GET('/api/notifications', { params: { query: paged }, signal }));
      return { notifications: data.notifications, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
};

function Item({
  one,
  now,
  onRead,
}: {
  readonly one: AppNotification;
  readonly now: number;
  readonly onRead: () => void;
}) {
  const mayPlan = useMay('job_read');
  const fresh = one.read_at === null && one.resolved_at === null;
  const isNote = one.layer === 'L2';
  const inner = (
    <>
      <span
        className={cx(
          'flex size-10 shrink-0 items-center justify-center rounded-full',
          isNote ? 'bg-note-soft text-note-ink' : 'bg-accent-soft text-accent-ink',
        )}
        aria-hidden="true"
      >
        {iconOf(one)}
      </span>
      <span className="min-w-0 flex-1">
        <span className={cx('block text-pretty', fresh ? 'font-semibold' : 'text-soft')}>{one.text}</span>
        {one.note !== null && <span className="mt-0.5 block text-pretty text-soft">“{one.note}”</span>}
        <span className="mt-1 flex flex-wrap items-center gap-2 text-[12px] text-faint">
          <time dateTime={one.created_at} title={momentOf(one.created_at)}>
            {agoOf(one.created_at, now)}
          </time>
          {isNote && <Badge tone="violet">Internal</Badge>}
          {one.resolved_at !== null && <Badge tone="green">Selesai</Badge>}
        </span>
      </span>
      {fresh && (
        <span
          className="mt-1.5 size-2.5 shrink-0 rounded-full bg-accent"
          role="img"
          aria-label="Belum dibaca"
        />
      )}
    </>
  );
  const look =
    'flex w-full items-start gap-3 px-4 py-3.5 text-left transition-colors hover:bg-hover focus-inside';
  if (one.invoice_id !== null)
    return (
      <Link
        to="/invoices/$invoiceId"
        params={{ invoiceId: one.invoice_id }}
        className={look}
        onClick={onRead}
      >
        {inner}
      </Link>
    );
  if (one.job_id !== null)
    return (
      // Technicians' own pages know their jobs only: what they lost is on none of them.
      <Link
        {...(one.kind === 'job_taken_back'
          ? { to: '/my-jobs' }
          : one.kind.startsWith('invoice')
            ? // Told by a version that did not name the invoice.
              { to: '/invoices', search: { invoice_job: one.job_id } }
            : { to: mayPlan ? '/jobs/$jobId' : '/my-jobs/$jobId', params: { jobId: one.job_id } })}
        className={look}
        onClick={onRead}
      >
        {inner}
      </Link>
    );
  if (one.blast_id !== null)
    return (
      <Link to="/blasts/$blastId" params={{ blastId: one.blast_id }} className={look} onClick={onRead}>
        {inner}
      </Link>
    );
  return one.ticket_id === null ? (
    <button type="button" className={look} onClick={onRead}>
      {inner}
    </button>
  ) : (
    <Link
      to="/t/$ticketId"
      params={{ ticketId: one.ticket_id }}
      search={isNote ? { layer: 'L2' } : {}}
      className={look}
      onClick={onRead}
    >
      {inner}
    </Link>
  );
}

export function NotificationsPage() {
  const [shown, setShown] = useState<Shown>('all');
  const now = useNow();
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = useNotifications(shown);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['notifications'] });
  const read = useMutation({
    mutationFn: (body: { ids: string[] } | { all: true }) =>
      dataOf(api.POST('/api/notifications/read', { params: once(), body })),
    onSuccess: refresh,
    onError: (error) => toast(error.message, 'problem'),
  });
  const all = list.data?.pages.flatMap((page) => page.notifications) ?? [];
  const body = list.isPending ? (
    <Loading>
      {Array.from({ length: 5 }, (_, n) => (
        <div key={n} className="flex gap-3 px-4 py-4">
          <Skeleton className="size-10 rounded-full" />
          <Skeleton className="h-4 flex-1" />
        </div>
      ))}
    </Loading>
  ) : list.isError && all.length === 0 ? (
    <Failed error={list.error} retry={() => void list.refetch()} />
  ) : all.length === 0 ? (
    <Empty
      icon={<Bell className="size-6" />}
      title={shown === 'unread' ? 'Semua sudah dibaca' : 'Belum ada notifikasi'}
      hint="Kabar tentang tiket Anda muncul di sini."
    >
      <Button onClick={() => void navigate({ to: '/' })}>{t.errors.home}</Button>
    </Empty>
  ) : (
    <ul className="divide-y divide-line">
      {all.map((one) => (
        <li key={one.id}>
          <Item one={one} now={now} onRead={() => one.read_at === null && read.mutate({ ids: [one.id] })} />
        </li>
      ))}
    </ul>
  );
  return (
    <Page
      title={t.nav.notifications}
      narrow
      actions={
        <Button
          small
          icon={<CheckCheck className="size-4" aria-hidden="true" />}
          busy={read.isPending && read.variables !== undefined && 'all' in read.variables}
          onClick={() => read.mutate({ all: true })}
        >
          Tandai semua dibaca
        </Button>
      }
    >
      <div className="max-w-xs">
        <Choice label="Tampilkan" name="shown" value={shown} options={SHOWN} onChange={setShown} />
      </div>
      <div className="overflow-hidden rounded-2xl border border-line bg-surface">{body}</div>
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
