import { Link } from '@tanstack/react-router';
import { Ban, Clock, Send } from 'lucide-react';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import type { Lead } from './queries.ts';
import { CATEGORY_TONE } from './words.ts';

interface LeadRowProps {
  readonly lead: Lead;
  readonly now: number;
  /** Undefined: no blast may be made, there is nothing to tick; null: this one wants no blasts. */
  readonly picked: boolean | null | undefined;
  readonly onPick: (picked: boolean) => void;
  readonly onFollowUp: () => void;
}

const idleWords = (days: number): string =>
  days === 0 ? 'Terakhir hari ini' : `Terakhir ${String(days)} hari lalu`;

/** One customer worth writing to: how hot, why, since when, and what one may do. */
export function LeadRow({ lead, now, picked, onPick, onFollowUp }: LeadRowProps) {
  const name = lead.customer_name ?? lead.customer_phone ?? t.unknownCustomer;
  const isOpen = lead.window_expires_at !== null && Date.parse(lead.window_expires_at) > now;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-3 has-checked:bg-accent-soft/50 md:px-4">
      {picked === null && <span className="-mx-2.5 size-11 shrink-0 md:-mx-1" />}
      {typeof picked === 'boolean' && (
        <label className="-mx-2.5 -my-2 flex size-11 shrink-0 cursor-pointer items-center justify-center md:-mx-1">
          <input
            type="checkbox"
            name="recipient"
            value={lead.ticket_id}
            checked={picked}
            aria-label={`Pilih ${name} untuk blast`}
            className="size-[18px] accent-(--accent)"
            onChange={({ target }) => onPick(target.checked)}
          />
        </label>
      )}
      <span className="max-sm:hidden">
        <Avatar name={name} mark={<ChannelIcon channel={lead.channel} />} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <ChannelIcon channel={lead.channel} className="sm:hidden" />
          <Link
            to="/t/$ticketId"
            params={{ ticketId: lead.ticket_id }}
            className="min-w-0 truncate font-semibold hover:underline"
          >
            {name}
          </Link>
          <Badge tone={CATEGORY_TONE[lead.category]}>{lead.category}</Badge>
          <Badge tone="grey">{DIVISION[lead.division]}</Badge>
          <Badge tone="grey">{lead.crm_stage}</Badge>
        </div>
        <p className="mt-0.5 text-pretty">{lead.reason}</p>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-[12px] text-faint">
          <time dateTime={lead.last_interaction_at} title={momentOf(lead.last_interaction_at)}>
            {idleWords(lead.idle_days)}
          </time>
          <span>{lead.assigned_to === null ? t.inbox.nobody : `Ditangani ${lead.assigned_to.name}`}</span>
          {lead.opted_out ? (
            <span className="inline-flex items-center gap-1 font-medium text-danger">
              <Ban className="size-3.5" aria-hidden="true" />
              Tidak mau dihubungi
            </span>
          ) : (
            lead.channel === 'whatsapp' && (
              <span className="inline-flex items-center gap-1">
                <Clock className="size-3.5" aria-hidden="true" />
                {isOpen ? 'Jendela 24 jam terbuka' : 'Perlu template'}
              </span>
            )
          )}
        </p>
      </div>
      {lead.can_follow_up && (
        <Button
          small
          className="max-md:w-full"
          icon={<Send className="size-3.5" aria-hidden="true" />}
          onClick={onFollowUp}
        >
          Kirim Follow-Up
        </Button>
      )}
    </li>
  );
}
