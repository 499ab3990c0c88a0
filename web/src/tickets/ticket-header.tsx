import {
  AlarmClock,
  AlarmClockOff,
  ArrowLeft,
  ArrowRightLeft,
  CheckCircle2,
  Ellipsis,
  Eye,
  History,
  RotateCcw,
  Send,
  Undo2,
  UserPlus,
} from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Person, Ticket } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { CHANNEL, DIVISION, t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { PresenceToggle } from '../staff/presence-toggle.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge, FlagBadges, StatusBadge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { ChannelIcon } from './channel-icon.tsx';
import { useReopen, useTakeover, useUnsnooze } from './commands.ts';

const dialogs = () => import('./ticket-dialogs.tsx');
const AssignDialog = lazy(async () => ({ default: (await import('./assign-dialog.tsx')).AssignDialog }));
const CloseDialog = lazy(async () => ({ default: (await dialogs()).CloseDialog }));
const ReleaseDialog = lazy(async () => ({ default: (await dialogs()).ReleaseDialog }));
const SnoozeDialog = lazy(async () => ({ default: (await dialogs()).SnoozeDialog }));

const FollowUpDialog = lazy(async () => ({
  default: (await import('../follow-ups/follow-up-dialog.tsx')).FollowUpDialog,
}));

type Open = 'assign' | 'close' | 'followup' | 'release' | 'snooze' | null;
const ICON = 'size-[18px]';

interface HeaderProps {
  readonly ticket: Ticket;
  readonly viewers: readonly Person[];
  readonly onBack: () => void;
  readonly onReply: () => void;
  /** null: this person reads no notes. */
  readonly onNote: (() => void) | null;
}

function Facts({ ticket, others }: { readonly ticket: Ticket; readonly others: readonly Person[] }) {
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-1">
      <StatusBadge status={ticket.status} />
      <FlagBadges ticket={ticket} />
      <Badge tone="grey">{DIVISION[ticket.division]}</Badge>
      {ticket.waiting_for_agent !== null && (
        <Badge tone="violet">{t.inbox.waitingFor(ticket.waiting_for_agent.name)}</Badge>
      )}
      {ticket.assigned_to !== null && <Badge tone="grey">{ticket.assigned_to.name}</Badge>}
      {ticket.snoozed_until !== null && (
        <Badge tone="grey">Ditunda sampai {momentOf(ticket.snoozed_until)}</Badge>
      )}
      {ticket.opted_out && <Badge tone="red">Tidak mau promosi</Badge>}
      {others.length > 0 && (
        <span className="ml-1 flex items-center gap-1 text-[12px] text-faint" role="status">
          <Eye className="size-3.5" aria-hidden="true" />
          {others.map(({ name }) => name).join(', ')} juga melihat
        </span>
      )}
    </div>
  );
}

export function TicketHeader({ ticket, viewers, onBack, onReply, onNote }: HeaderProps) {
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const takeover = useTakeover(ticket.id);
  const reopen = useReopen(ticket.id);
  const unsnooze = useUnsnooze(ticket.id);
  const { can } = ticket;
  const name = ticket.customer_name ?? ticket.customer_phone ?? t.unknownCustomer;
  const assignLabel = ticket.assigned_to === null ? 'Assign ke Agent' : 'Pindahkan ke Agent Lain';
  const mayTake = can?.self_takeover ?? false;
  const mayAssign = can?.assign ?? false;

  useShortcuts({
    ...(mayTake ? { t: () => takeover.mutate() } : {}),
    ...(mayAssign ? { a: () => setOpen('assign') } : {}),
    ...(can?.close === true ? { e: () => setOpen('close') } : {}),
    ...(onNote === null ? {} : { n: onNote }),
    r: onReply,
  });

  const entries: readonly MenuEntry[] = [
    ...(mayAssign
      ? [
          {
            label: assignLabel,
            keys: 'a',
            icon:
              ticket.assigned_to === null ? (
                <UserPlus className={ICON} />
              ) : (
                <ArrowRightLeft className={ICON} />
              ),
            onSelect: () => setOpen('assign'),
          },
        ]
      : []),
    ...(can?.followup === true
      ? [
          {
            label: 'Kirim Follow-Up',
            icon: <Send className={ICON} />,
            onSelect: () => setOpen('followup'),
          },
        ]
      : []),
    ...(can?.release === true && ticket.snoozed_until === null
      ? [{ label: 'Tunda', icon: <AlarmClock className={ICON} />, onSelect: () => setOpen('snooze') }]
      : []),
    ...(can?.release === true && ticket.snoozed_until !== null
      ? [
          {
            label: 'Lanjutkan sekarang',
            icon: <AlarmClockOff className={ICON} />,
            onSelect: () => unsnooze.mutate(),
          },
        ]
      : []),
    ...(can?.release === true
      ? [{ label: 'Lepas tiket', icon: <Undo2 className={ICON} />, onSelect: () => setOpen('release') }]
      : []),
    ...(can?.close === true
      ? [
          {
            label: 'Tutup tiket',
            keys: 'e',
            icon: <CheckCircle2 className={ICON} />,
            onSelect: () => setOpen('close'),
          },
        ]
      : []),
    ...(me.privileges.includes('audit_read')
      ? [
          {
            label: 'Riwayat dan audit',
            icon: <History className={ICON} />,
            onSelect: () => void navigate({ to: '/t/$ticketId/history', params: { ticketId: ticket.id } }),
          },
        ]
      : []),
    ...(can?.reopen === true
      ? [{ label: 'Buka lagi', icon: <RotateCcw className={ICON} />, onSelect: () => reopen.mutate() }]
      : []),
  ];
  const shut = (): void => setOpen(null);
  return (
    <div className="flex shrink-0 items-start gap-3 border-b border-line bg-surface px-3 py-2.5 md:px-5">
      <IconButton label="Kembali ke daftar" className="md:hidden" onClick={onBack}>
        <ArrowLeft className="size-5" aria-hidden="true" />
      </IconButton>
      <span className="pt-0.5 max-sm:hidden">
        <Avatar name={name} mark={<ChannelIcon channel={ticket.channel} />} />
      </span>
      <div className="min-w-0 flex-1">
        <h1 tabIndex={-1} className="truncate text-[15px] leading-5 font-semibold">
          {name}
        </h1>
        <p className="truncate text-[12px] text-faint">
          {CHANNEL[ticket.channel]}
          {ticket.line !== null && ticket.line.name !== null && ` · ${ticket.line.name}`}
          {ticket.customer_phone !== null && ticket.customer_phone !== name && ` · ${ticket.customer_phone}`}
        </p>
        <Facts ticket={ticket} others={viewers.filter(({ id }) => id !== me.id)} />
      </div>
      <div className="flex shrink-0 items-center gap-1.5">
        <PresenceToggle compact />
        {mayTake && (
          <Button
            look="primary"
            small
            busy={takeover.isPending}
            onClick={() => takeover.mutate()}
            className="max-md:hidden"
          >
            AMBIL ALIH KE SAYA
          </Button>
        )}
        {mayAssign && (
          <Button small onClick={() => setOpen('assign')} className="max-xl:hidden">
            {assignLabel}
          </Button>
        )}
        {entries.length > 0 && (
          <Menu label="Tindakan lain" entries={entries}>
            <Ellipsis className="size-5" aria-hidden="true" />
          </Menu>
        )}
      </div>
      <Suspense>
        {open === 'assign' && <AssignDialog ticket={ticket} onClose={shut} />}
        {open === 'followup' && (
          <FollowUpDialog ticketId={ticket.id} customerName={ticket.customer_name} onClose={shut} />
        )}
        {open === 'close' && <CloseDialog ticket={ticket} onClose={shut} />}
        {open === 'release' && <ReleaseDialog ticket={ticket} onClose={shut} />}
        {open === 'snooze' && <SnoozeDialog ticket={ticket} onClose={shut} />}
      </Suspense>
    </div>
  );
}
