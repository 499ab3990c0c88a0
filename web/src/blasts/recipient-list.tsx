import { X } from 'lucide-react';
import { useState } from 'react';
import type { Ticket } from '../lib/api.ts';
import { DIVISION, t } from '../lib/id.ts';
import { useStore } from '../lib/store.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { pick, picked as pickedStore, type Picked, pickedOf, unpickAll } from './picked.ts';

/** Why this one gets none; null: they may be ticked. */
function whyNot(ticket: Ticket): string | null {
  if (ticket.opted_out) return 'Tidak mau dihubungi';
  return ticket.last_customer_message_at === null ? 'Belum pernah menulis' : null;
}

/** One customer to tick. */
export function Tick({ ticket }: { readonly ticket: Ticket }) {
  const picked = useStore(pickedStore);
  const not = whyNot(ticket);
  return (
    <li className="border-b border-line last:border-0">
      <label className="flex min-h-12 cursor-pointer items-center gap-3 px-3 py-1.5 hover:bg-hover has-checked:bg-accent-soft has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent">
        <input
          type="checkbox"
          name="recipient"
          value={ticket.id}
          checked={picked.has(ticket.id)}
          disabled={not !== null}
          className="size-[18px] shrink-0 accent-(--accent)"
          onChange={({ target }) => pick(pickedOf(ticket), target.checked)}
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">
            {ticket.customer_name ?? ticket.customer_phone ?? t.unknownCustomer}
          </span>
          <span className="block truncate text-[12px] text-soft">{not ?? ticket.last_message_preview}</span>
        </span>
        <Badge tone="grey">{ticket.crm_stage}</Badge>
        <Badge tone="grey">{DIVISION[ticket.division]}</Badge>
      </label>
    </li>
  );
}

const SHOWN = 24;

/** Everybody who is to get it; anybody can be taken off. */
export function PickedList({ picked }: { readonly picked: readonly Picked[] }) {
  const [most, setMost] = useState(SHOWN);
  return (
    <section aria-label="Penerima terpilih" className="border-t border-line pt-4">
      <div className="mb-2 flex items-center gap-2">
        <h2 className="flex-1 font-semibold">
          Terpilih <span className="font-normal text-soft tabular-nums">({picked.length})</span>
        </h2>
        <Button small look="quiet" onClick={unpickAll}>
          Kosongkan
        </Button>
      </div>
      <ul className="flex flex-wrap gap-1.5">
        {picked.slice(0, most).map((one) => {
          const name = one.name ?? t.unknownCustomer;
          return (
            <li
              key={one.ticketId}
              className="inline-flex h-8 max-w-full items-center rounded-full bg-grey-soft pl-3 text-[13px] max-md:h-11"
            >
              <span className="min-w-0 truncate">{name}</span>
              <button
                type="button"
                aria-label={`Keluarkan ${name}`}
                className="flex size-8 shrink-0 items-center justify-center rounded-full text-soft hover:text-ink max-md:size-11"
                onClick={() => pick(one, false)}
              >
                <X className="size-3.5" aria-hidden="true" />
              </button>
            </li>
          );
        })}
        {picked.length > most && (
          <li>
            <Button small look="quiet" onClick={() => setMost(most + 200)}>
              +{picked.length - most} lagi
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
