/** What an event changed, and what the ticket was right after it. */
import { ArrowRight, Lock } from 'lucide-react';
import { Card } from '../ui/parts.tsx';
import type { Division } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { Badge, FlagBadges, StatusBadge } from '../ui/badge.tsx';
import { eventWord, type HistoryEvent, saidIn, whoOf } from './event-words.ts';
import { describe, type Difference, factsOf, type Moment } from './facts.ts';

function Nothing() {
  return <span className="text-faint">kosong</span>;
}

function Pair({ label, before, after }: Difference) {
  return (
    <div className="grid gap-x-3 py-2 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <dt className="text-[13px] text-faint">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2 break-words">
        {before === null ? (
          <Nothing />
        ) : (
          <span className="min-w-0 text-soft line-through decoration-line-strong">{before}</span>
        )}
        <ArrowRight className="size-3.5 shrink-0 text-faint" role="img" aria-label="menjadi" />
        <span className="min-w-0 font-medium">{after ?? <Nothing />}</span>
      </dd>
    </div>
  );
}

export function Changes({ event, division }: { readonly event: HistoryEvent; readonly division: Division }) {
  const changes = event.changes
    .map(({ field, from, to }) => {
      const { label, text } = describe(division, field, to);
      return { label, before: describe(division, field, from).text, after: text };
    })
    .filter(({ before, after }) => before !== after);
  const said = saidIn(event);
  const isNote = event.type === 'InternalNotePosted';
  return (
    <Card title={eventWord(event)} hint={`${whoOf(event)}, ${momentOf(event.timestamp)}`}>
      {isNote && (
        <p className="mb-2 flex items-center gap-1.5 text-[13px] font-medium text-note-ink">
          <Lock className="size-3.5" aria-hidden="true" />
          Tidak terlihat oleh pelanggan
        </p>
      )}
      {said !== null && (
        <blockquote
          className={`mb-2 rounded-lg px-3 py-2 break-words whitespace-pre-wrap ${isNote ? 'bg-note-soft' : 'bg-sunken'}`}
        >
          {said}
        </blockquote>
      )}
      {event.reason !== undefined && (
        <p className="mb-2">
          <span className="text-faint">Alasan: </span>
          {event.reason}
        </p>
      )}
      {event.unreadable !== undefined && (
        <p role="alert" className="mb-2 font-medium text-danger">
          Peristiwa ini tidak bisa dibaca: {event.unreadable.because}
        </p>
      )}
      {changes.length === 0 ? (
        <p className="text-faint">Tidak mengubah keadaan tiket.</p>
      ) : (
        <dl className="divide-y divide-line">
          {changes.map((one) => (
            <Pair key={one.label} {...one} />
          ))}
        </dl>
      )}
    </Card>
  );
}

export function DifferenceTable({
  before,
  after,
  differences,
}: {
  readonly before: string;
  readonly after: string;
  readonly differences: readonly Difference[];
}) {
  return (
    <>
      <p className="mb-1 flex flex-wrap items-center gap-2 text-[13px] text-faint" role="status">
        {before} <ArrowRight className="size-3.5" role="img" aria-label="sampai" /> {after}
        <Badge tone="grey">{`${String(differences.length)} berbeda`}</Badge>
      </p>
      {differences.length === 0 ? (
        <p className="py-2 text-faint">Keadaannya sama.</p>
      ) : (
        <dl className="divide-y divide-line">
          {differences.map((one) => (
            <Pair key={one.label} {...one} />
          ))}
        </dl>
      )}
    </>
  );
}

export function State({ moment, at }: { readonly moment: Moment; readonly at: string }) {
  const facts = factsOf(moment).filter(({ text }) => text !== null);
  return (
    <Card title="Keadaan saat itu" hint={`Seperti terlihat ${momentOf(at)}`}>
      <p className="mb-3 flex flex-wrap gap-1.5">
        <StatusBadge status={moment.ticket.status} />
        <FlagBadges ticket={moment.ticket} />
      </p>
      <dl className="divide-y divide-line">
        {facts.map(({ field, label, text }) => (
          <div key={field} className="grid gap-x-3 py-1.5 sm:grid-cols-[12rem_minmax(0,1fr)]">
            <dt className="text-[13px] text-faint">{label}</dt>
            <dd className="min-w-0 break-words">{text}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
