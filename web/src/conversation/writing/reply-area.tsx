/** Below the talk: where one answers, or why one cannot and what to do instead. */
import { Bot, Clock, Hourglass, Lock, Timer } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Crm, Ticket } from '../../lib/api.ts';
import { momentOf, spanOf, useNow } from '../../lib/dates.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useReopen, useTakeover } from '../../tickets/commands.ts';
import { useMeta } from '../../tickets/ticket-queries.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/classes.ts';
import { ReplyComposer, TeamReplyComposer } from './composer.tsx';

/** Before it says how long one may still answer freely, there is time. */
const WINDOW_SOON_MS = 3 * 3_600_000;

function Timers({ ticket }: { readonly ticket: Ticket }) {
  const now = useNow();
  const due = ticket.response_due_at === null ? null : Date.parse(ticket.response_due_at) - now;
  const window = ticket.window_expires_at === null ? null : Date.parse(ticket.window_expires_at) - now;
  const showWindow = window !== null && window > 0 && window < WINDOW_SOON_MS;
  if (due === null && !showWindow) return null;
  return (
    <div className="flex shrink-0 flex-wrap justify-center gap-x-5 gap-y-1 border-t border-line bg-surface px-4 pt-2 text-[12px] font-medium">
      {due !== null && (
        <span className={cx('flex items-center gap-1.5', due < 60_000 ? 'text-danger' : 'text-warn')}>
          <Timer className="size-3.5" aria-hidden="true" />
          {due > 0 ? `Balas dalam ${spanOf(due)}, atau tiket kembali ke antrian` : 'Waktu balas sudah lewat'}
        </span>
      )}
      {showWindow && (
        <span className="flex items-center gap-1.5 text-warn">
          <Hourglass className="size-3.5" aria-hidden="true" />
          Jendela 24 jam tutup {spanOf(window)} lagi
        </span>
      )}
    </div>
  );
}

function Notice({
  icon,
  children,
  action,
}: {
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-center gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-3 max-md:pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <p className="flex items-center gap-2 text-pretty text-soft">
        <span className="shrink-0" aria-hidden="true">
          {icon}
        </span>
        {children}
      </p>
      {action}
    </div>
  );
}

const ICON = 'size-[18px]';

/** Why there is no box to write in. */
function WhyNot({ ticket }: { readonly ticket: Ticket }) {
  const me = useMe();
  const takeover = useTakeover(ticket.id);
  const reopen = useReopen(ticket.id);
  const now = useNow();
  const { can } = ticket;
  if (ticket.status === 'closed')
    return (
      <Notice
        icon={<Lock className={ICON} />}
        action={
          can?.reopen === true && (
            <Button small busy={reopen.isPending} onClick={() => reopen.mutate()}>
              Buka lagi
            </Button>
          )
        }
      >
        Tiket ditutup{ticket.closed_at !== null && ` ${momentOf(ticket.closed_at)}`}.
      </Notice>
    );
  if (ticket.queue_status === 'free')
    return (
      <Notice
        icon={<Bot className={ICON} />}
        action={
          can?.self_takeover === true && (
            <Button look="primary" busy={takeover.isPending} onClick={() => takeover.mutate()}>
              AMBIL ALIH KE SAYA
            </Button>
          )
        }
      >
        Bot sedang menangani percakapan ini.
      </Notice>
    );
  if (ticket.assigned_to === null)
    return (
      <Notice icon={<Clock className={ICON} />}>
        {ticket.waiting_for_agent === null
          ? 'Tiket ini menunggu agent.'
          : `Menunggu Agent ${ticket.waiting_for_agent.name}.`}
      </Notice>
    );
  if (ticket.assigned_to.id !== me.id)
    return (
      <Notice icon={<Lock className={ICON} />}>
        Ditangani oleh {ticket.assigned_to.name}. Hanya yang menangani dapat membalas.
      </Notice>
    );
  if (ticket.window_expires_at === null || Date.parse(ticket.window_expires_at) <= now)
    return (
      <Notice icon={<Hourglass className={ICON} />}>
        Jendela 24 jam WhatsApp sudah tutup. Pelanggan harus menulis lebih dulu, atau kirim follow-up dengan
        template.
      </Notice>
    );
  return <Notice icon={<Lock className={ICON} />}>Anda tidak dapat membalas tiket ini.</Notice>;
}

export function ReplyArea({ ticket, crm }: { readonly ticket: Ticket; readonly crm: Crm }) {
  const { data: meta } = useMeta();
  const mayTeam = useMay('reply_as_sa');
  const [asTeam, setAsTeam] = useState(false);
  const limit = meta?.limits.message_characters ?? 4096;
  if (asTeam && mayTeam)
    return (
      <TeamReplyComposer
        key={ticket.id}
        ticketId={ticket.id}
        limit={limit}
        onClose={() => setAsTeam(false)}
      />
    );
  return (
    <>
      <Timers ticket={ticket} />
      {ticket.can?.reply === true ? (
        <ReplyComposer key={ticket.id} ticket={ticket} crm={crm} limit={limit} />
      ) : (
        <WhyNot ticket={ticket} />
      )}
      {mayTeam && ticket.status !== 'closed' && (
        <div className="flex shrink-0 justify-center bg-surface pb-2">
          <Button small look="quiet" onClick={() => setAsTeam(true)}>
            Balas sebagai Saga Team
          </Button>
        </div>
      )}
    </>
  );
}
