/** Before it is handed in: how many, of which kind, and what each of them will read. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CATEGORY_NAME, CATEGORY_TONE } from '../follow-ups/words.ts';
import { countBy } from '../lib/collections.ts';
import { DIVISION, t } from '../lib/id.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import type { Refused } from './new-blast-page.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import type { BlastFilter, Picked } from './picked.ts';
import { type BlastPreview, type NewBlast, useBlastPreview } from './queries.ts';
import { SKIPPED_NOW } from './words.ts';

interface ReviewProps {
  /** Those who were ticked. */
  readonly recipients: readonly Picked[];
  /** null: they were ticked. */
  readonly filter: BlastFilter | null;
  readonly blast: NewBlast;
  /** Whom the API would not have. */
  readonly refused: readonly Refused[];
  readonly onLeaveOut: () => void;
}

export function ReviewStep({ recipients, filter, blast, refused, onLeaveOut }: ReviewProps) {
  const preview = useBlastPreview(blast);
  const nameOf = (ticketId: string): string | null =>
    filter === null
      ? (recipients.find((some) => some.ticketId === ticketId)?.name ?? t.unknownCustomer)
      : null;
  return (
    <div className="flex flex-col gap-5">
      <section aria-label="Ringkasan">
        {filter === null ? <Ticked recipients={recipients} /> : <Filtered filter={filter} />}
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
      {preview.data !== undefined ? (
        <Answered preview={preview.data} nameOf={nameOf} />
      ) : preview.isError ? (
        <Failed error={preview.error} retry={() => void preview.refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-32 rounded-xl" />
        </Loading>
      )}
    </div>
  );
}

function Ticked({ recipients }: { readonly recipients: readonly Picked[] }) {
  const divisions = [...countBy(recipients, ({ division }) => division)];
  const categories = [...countBy(recipients, ({ category }) => category ?? ('NONE' as const))];
  return (
    <>
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
    </>
  );
}

function Filtered({
  filter: { division, category, crm_stage: stages, tags },
}: {
  readonly filter: BlastFilter;
}) {
  return (
    <>
      <p className="text-lg font-semibold tracking-tight">Semua yang cocok dengan filter</p>
      <p className="mt-2 flex flex-wrap gap-1.5">
        <Badge tone="grey">{DIVISION[division]}</Badge>
        {category.map((one) => (
          <Badge key={one} tone={CATEGORY_TONE[one]}>
            {CATEGORY_NAME[one]}
          </Badge>
        ))}
        {stages.map((one) => (
          <Badge key={one} tone="grey">
            {one}
          </Badge>
        ))}
        {tags.map((one) => (
          <Badge key={one} tone="grey">
            #{one}
          </Badge>
        ))}
      </p>
    </>
  );
}

function Answered({
  preview: { total, sendable, skipped, samples },
  nameOf,
}: {
  readonly preview: BlastPreview;
  /** null: it is one of many. */
  readonly nameOf: (ticketId: string) => string | null;
}) {
  const [at, setAt] = useState(0);
  const now = Math.min(at, samples.length - 1);
  const one = samples[now];
  const reasons = [...countBy(skipped, ({ reason }) => reason)];
  return (
    <>
      <section aria-label="Pengiriman" className="flex flex-wrap items-center gap-1.5">
        <Badge tone={sendable === total ? 'green' : 'yellow'}>
          {sendable} dari {total} dapat dikirim
        </Badge>
        {reasons.map(([reason, count]) => (
          <Badge key={reason} tone="grey">
            {count} dilewati: {SKIPPED_NOW[reason]}
          </Badge>
        ))}
      </section>
      {one !== undefined && (
        <section aria-label="Pratinjau" className="flex flex-col gap-2">
          <div className="flex items-center gap-1">
            <h2 className="min-w-0 flex-1 truncate font-semibold">
              Yang dibaca {nameOf(one.ticket_id) ?? 'pelanggan'}
            </h2>
            <IconButton label="Contoh sebelumnya" disabled={now === 0} onClick={() => setAt(now - 1)}>
              <ChevronLeft className="size-[18px]" aria-hidden="true" />
            </IconButton>
            <span className="text-[13px] text-soft tabular-nums">
              {now + 1} / {samples.length}
            </span>
            <IconButton
              label="Contoh berikutnya"
              disabled={now >= samples.length - 1}
              onClick={() => setAt(now + 1)}
            >
              <ChevronRight className="size-[18px]" aria-hidden="true" />
            </IconButton>
          </div>
          <div className="rounded-xl bg-sunken p-3">
            <p className="ml-auto w-fit max-w-[92%] rounded-2xl rounded-br-md bg-own px-3.5 py-2 break-words whitespace-pre-wrap">
              {one.text}
            </p>
            {one.form === 'template' && (
              <p className="mt-2 text-[12px] text-soft">
                Jendela 24 jam sudah tertutup: dikirim sebagai template WhatsApp.
              </p>
            )}
          </div>
        </section>
      )}
    </>
  );
}
