/** Who is there, what they carry, and what waits too long (dashboard-prd 3.8). */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '../lib/me.ts';
import { AssignDialog } from '../tickets/assign-dialog.tsx';
import { useCounts, useTickets } from '../tickets/inbox/inbox-queries.ts';
import type { DeskCounts, Ticket } from '../lib/api.ts';
import { cx } from '../ui/classes.ts';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Failed, Skeleton } from '../ui/states.tsx';
import { Agents } from './agents.tsx';
import { TicketWatch } from './ticket-watch.tsx';

const TITLE = 'Supervisor';

export function SupervisorPage() {
  const { privileges } = useMe();
  return privileges.includes('presence_read') ? (
    <Shown mayAssign={privileges.includes('assign')} />
  ) : (
    <Page title={TITLE}>
      <NoPermission />
    </Page>
  );
}

/** Longest wait first. */
const QUEUE = {
  division: 'all',
  queue_status: 'queued,off_hours',
  sort: 'queued',
  order: 'asc',
  limit: '50',
};
const IDLE = { division: 'all', is_idle: 'true', sort: 'last_activity', order: 'asc', limit: '50' };

/** Where the idle tickets stand on this screen. */
const IDLE_ID = 'tiket-diam';

function Shown({ mayAssign }: { readonly mayAssign: boolean }) {
  const counts = useCounts();
  const queue = useTickets(QUEUE);
  const idle = useTickets(IDLE);
  const [assigning, setAssigning] = useState<Ticket | null>(null);
  const onAssign = mayAssign ? setAssigning : undefined;
  return (
    <Page title={TITLE}>
      <Alerts counts={counts} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Agents />
        <div className="flex min-w-0 flex-col gap-4 max-lg:order-first">
          <TicketWatch
            title="Antrian"
            hint="Pelanggan yang menunggu agent, yang paling lama di atas."
            kind="queue"
            list={queue}
            onAssign={onAssign}
          />
          <TicketWatch
            title="Tiket diam"
            hint="Tanpa aktivitas lebih dari 4 jam, yang paling lama di atas."
            kind="idle"
            id={IDLE_ID}
            list={idle}
            onAssign={onAssign}
          />
        </div>
      </div>
      {assigning !== null && <AssignDialog ticket={assigning} onClose={() => setAssigning(null)} />}
    </Page>
  );
}

function toIdle(): void {
  const section = document.getElementById(IDLE_ID);
  section?.scrollIntoView({ block: 'start' });
  section?.focus({ preventScroll: true });
}

/** The queue over 5 minutes is news for a lead, over 15 an alarm for everybody; idle tickets are seen by their colour and words. */
function Alerts({ counts }: { readonly counts: ReturnType<typeof useCounts> }) {
  const { data, isError } = counts;
  if (data === undefined)
    return isError ? (
      <Failed error={counts.error} retry={() => void counts.refetch()} />
    ) : (
      <Skeleton className="h-24 rounded-2xl" />
    );
  const tiles: readonly {
    readonly name: string;
    readonly count: keyof DeskCounts;
    readonly look: 'calm' | 'warn' | 'alarm';
    readonly to: { readonly tab: 'queue' | 'free'; readonly queue_status?: 'off_hours' } | null;
  }[] = [
    { name: 'Di antrian', count: 'queued', look: 'calm', to: { tab: 'queue' } },
    { name: 'Menunggu > 5 menit', count: 'queued_over_5', look: 'warn', to: { tab: 'queue' } },
    { name: 'Menunggu > 15 menit', count: 'queued_over_15', look: 'alarm', to: { tab: 'queue' } },
    { name: 'Diam > 4 jam', count: 'idle', look: 'warn', to: null },
    {
      name: 'Di luar jam kerja',
      count: 'off_hours',
      look: 'calm',
      to: { tab: 'queue', queue_status: 'off_hours' },
    },
    { name: 'FREE (bot)', count: 'free', look: 'calm', to: { tab: 'free' } },
  ];
  return (
    <section aria-label="Ringkasan" aria-live="polite">
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
        {tiles.map(({ name, count, look, to }) => {
          const n = data[count];
          const isLoud = n > 0 && look !== 'calm';
          const tile = cx(
            'flex h-full w-full flex-col rounded-2xl border p-4 text-left shadow-card transition-colors',
            isLoud
              ? look === 'alarm'
                ? 'border-danger bg-danger-soft text-danger'
                : 'border-warn bg-warn-soft text-warn'
              : 'border-line bg-surface hover:bg-hover',
          );
          const inner = (
            <>
              <span className={cx('text-[13px]', !isLoud && 'text-soft')}>{name}</span>
              <span className="mt-auto pt-1 text-2xl leading-8 font-semibold tabular-nums">{n}</span>
            </>
          );
          return (
            <li key={name}>
              {to === null ? (
                <button type="button" className={tile} onClick={toIdle}>
                  {inner}
                </button>
              ) : (
                <Link to="/inbox" search={to} className={tile}>
                  {inner}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
