/** Before it is handed in: how many, of which kind, and what each of them will read. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CustomerReads } from '../follow-ups/customer-reads.tsx';
import { type Template, usePreview, type Wording } from '../follow-ups/queries.ts';
import { CATEGORY_NAME, CATEGORY_TONE } from '../follow-ups/words.ts';
import { countBy } from '../lib/collections.ts';
import { DIVISION, t } from '../lib/id.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import type { Refused } from './new-blast-page.tsx';
import type { Picked } from './picked.ts';

interface ReviewProps {
  readonly recipients: readonly Picked[];
  readonly wording: Wording;
  readonly templates: readonly Template[];
  /** Whom the API would not have. */
  readonly refused: readonly Refused[];
  readonly onLeaveOut: () => void;
}

export function ReviewStep({ recipients, wording, templates, refused, onLeaveOut }: ReviewProps) {
  const [at, setAt] = useState(0);
  const one = recipients[Math.min(at, recipients.length - 1)];
  const divisions = [...countBy(recipients, ({ division }) => division)];
  const categories = [...countBy(recipients, ({ category }) => category ?? ('NONE' as const))];
  const nameOf = (ticketId: string): string =>
    recipients.find((some) => some.ticketId === ticketId)?.name ?? t.unknownCustomer;
  return (
    <div className="flex flex-col gap-5">
      <section aria-label="Ringkasan">
        <p className="text-2xl font-semibold tracking-tight tabular-nums">{recipients.length} penerima</p>
        <p className="mt-2 flex flex-wrap gap-1.5">
          {divisions.map(([division, count]) => (
            <Badge key={division} tone="grey">
              {DIVISION[division]} {count}
            </Badge>
          ))}
          {categories.map(([category, count]) => (
            <Badge key={category} tone={CATEGORY_TONE[category]}>
              {CATEGORY_NAME[category]} {count}
            </Badge>
          ))}
        </p>
        <p className="mt-3 text-pretty text-soft">
          Blast dikirim setelah Super Admin atau Team Lead menyetujuinya. Pelanggan yang tidak mau dihubungi
          dilewati.
        </p>
      </section>
      {refused.length > 0 && (
        <section role="alert" className="rounded-xl bg-danger-soft p-3 text-danger">
          <h2 className="font-semibold">Belum dapat dibuat</h2>
          <ul className="mt-1 list-inside list-disc">
            {refused.map(({ ticketId, message }) => (
              <li key={ticketId}>
                {nameOf(ticketId)}: {message}
              </li>
            ))}
          </ul>
          <Button small className="mt-3" onClick={onLeaveOut}>
            Keluarkan {refused.length} penerima ini
          </Button>
        </section>
      )}
      {one !== undefined && (
        <div className="flex flex-col gap-2">
          <div className="flex items-center gap-1">
            <h2 className="min-w-0 flex-1 truncate font-semibold">Pratinjau per pelanggan</h2>
            <IconButton label="Pelanggan sebelumnya" disabled={at === 0} onClick={() => setAt(at - 1)}>
              <ChevronLeft className="size-[18px]" aria-hidden="true" />
            </IconButton>
            <span className="text-[13px] text-soft tabular-nums">
              {Math.min(at, recipients.length - 1) + 1} / {recipients.length}
            </span>
            <IconButton
              label="Pelanggan berikutnya"
              disabled={at >= recipients.length - 1}
              onClick={() => setAt(at + 1)}
            >
              <ChevronRight className="size-[18px]" aria-hidden="true" />
            </IconButton>
          </div>
          <Sample key={one.ticketId} one={one} wording={wording} templates={templates} />
        </div>
      )}
    </div>
  );
}

function Sample({
  one,
  wording,
  templates,
}: {
  readonly one: Picked;
  readonly wording: Wording;
  readonly templates: readonly Template[];
}) {
  const preview = usePreview(one.ticketId, wording, templates);
  return <CustomerReads name={one.name ?? t.unknownCustomer} preview={preview} textOnly />;
}
