/** Each recipient with the very text that they get, and what became of it. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { CATEGORY_NAME, CATEGORY_TONE } from '../follow-ups/words.ts';
import { countBy } from '../lib/collections.ts';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import type { Recipient } from './queries.ts';
import { reasonOf, RECIPIENT_STATUS } from './words.ts';

const SHOWN = 30;

interface RecipientsProps {
  readonly recipients: readonly Recipient[];
  /** Nothing was sent yet: every state would be the same. */
  readonly isPending: boolean;
}

export function Recipients({ recipients, isPending }: RecipientsProps) {
  const [wanted, setWanted] = useState('');
  const [most, setMost] = useState(SHOWN);
  const counts = countBy(recipients, ({ status }) => status);
  const found = wanted === '' ? recipients : recipients.filter(({ status }) => status === wanted);
  return (
    <section aria-label="Penerima" className="rounded-2xl border border-line bg-surface shadow-card">
      <div className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-3 md:px-5">
        <h2 className="flex-1 self-center font-semibold">
          Penerima <span className="font-normal text-soft tabular-nums">({found.length})</span>
        </h2>
        {!isPending && (
          <div className="w-full sm:w-56">
            <SelectField
              label="Status penerima"
              name="recipient_status"
              value={wanted}
              options={[
                { value: '', label: 'Semua' },
                ...[...counts].map(([value, count]) => ({
                  value,
                  label: `${RECIPIENT_STATUS[value].name} (${String(count)})`,
                })),
              ]}
              onChange={({ target }) => setWanted(target.value)}
            />
          </div>
        )}
      </div>
      <ul className="divide-y divide-line">
        {found.slice(0, most).map((one) => (
          <Item key={one.ticket_id} one={one} isPending={isPending} />
        ))}
      </ul>
      {found.length === 0 && (
        <p className="px-5 py-8 text-center text-soft">Tidak ada penerima dengan status ini.</p>
      )}
      {found.length > most && (
        <div className="flex justify-center border-t border-line p-3">
          <Button small onClick={() => setMost(most + 100)}>
            {t.more} ({found.length - most})
          </Button>
        </div>
      )}
    </section>
  );
}

function Item({ one, isPending }: { readonly one: Recipient; readonly isPending: boolean }) {
  const { name, tone } = RECIPIENT_STATUS[one.status];
  return (
    <li className="flex flex-col gap-1 px-4 py-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to="/t/$ticketId"
          params={{ ticketId: one.ticket_id }}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {one.customer_name ?? t.unknownCustomer}
        </Link>
        <Badge tone="grey">{DIVISION[one.division]}</Badge>
        {one.category !== 'NONE' && (
          <Badge tone={CATEGORY_TONE[one.category]}>{CATEGORY_NAME[one.category]}</Badge>
        )}
        {!isPending && (
          <span className="ml-auto">
            <Badge tone={tone}>{name}</Badge>
          </span>
        )}
      </div>
      <p className="line-clamp-3 text-[13px] break-words whitespace-pre-wrap text-soft">
        {one.form === 'template' ? one.template_preview : one.preview}
      </p>
      {(one.reason !== null || one.sent_at !== null || one.responded_at !== null) && (
        <p className="flex flex-wrap gap-x-3 text-[12px] text-faint">
          {one.sent_at !== null && <span>Dikirim {momentOf(one.sent_at)}</span>}
          {one.responded_at !== null && (
            <span className="font-medium text-good">Merespons {momentOf(one.responded_at)}</span>
          )}
          {one.reason !== null && <span className="text-danger">{reasonOf(one.reason)}</span>}
        </p>
      )}
    </li>
  );
}
