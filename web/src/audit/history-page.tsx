/** Time travel for auditors: the ticket as it was at any moment, what changed it, who and why, and two moments compared. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ChevronLeft, ChevronRight, GitCompareArrows } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Answer, Card, Guarded, Waiting } from '../ui/parts.tsx';
import { momentOf } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { eventWord, type HistoryEvent, isStep, whoOf } from './event-words.ts';
import { differencesOf } from './facts.ts';
import { useHistory, useMoment } from './history-queries.ts';
import { Changes, DifferenceTable, State } from './moment-state.tsx';
import { Timeline } from './timeline.tsx';

interface Place {
  readonly moment?: string;
  readonly against?: string;
}

function usePlace(id: string): [Place, (place: Place) => void] {
  const navigate = useNavigate();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const word = (name: string): string | undefined =>
    typeof search[name] === 'string' ? search[name] : undefined;
  const [moment, against] = [word('moment'), word('against')];
  return [
    { ...(moment === undefined ? {} : { moment }), ...(against === undefined ? {} : { against }) },
    (place) =>
      void navigate({ to: '/t/$ticketId/history', params: { ticketId: id }, search: place, replace: true }),
  ];
}

function Slider({
  events,
  at,
  onMove,
}: {
  readonly events: readonly HistoryEvent[];
  readonly at: number;
  readonly onMove: (to: number) => void;
}) {
  const event = events[at];
  if (event === undefined) return null;
  const says = `${eventWord(event)}, ${whoOf(event)}, ${momentOf(event.timestamp)}`;
  return (
    <div className="sticky top-2 z-10 rounded-2xl border border-line bg-surface px-3 py-3 shadow-card md:px-4">
      <div className="flex items-center gap-2">
        <IconButton label="Peristiwa sebelumnya" disabled={at === 0} onClick={() => onMove(at - 1)}>
          <ChevronLeft className="size-5" aria-hidden="true" />
        </IconButton>
        <input
          type="range"
          name="moment"
          aria-label="Geser waktu"
          aria-valuetext={says}
          min={0}
          max={events.length - 1}
          step={1}
          value={at}
          onChange={(change) => onMove(Number(change.target.value))}
          className="h-11 min-w-0 flex-1 accent-(--accent) md:h-9"
        />
        <IconButton
          label="Peristiwa berikutnya"
          disabled={at === events.length - 1}
          onClick={() => onMove(at + 1)}
        >
          <ChevronRight className="size-5" aria-hidden="true" />
        </IconButton>
      </div>
      <p className="mt-1 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <span className="min-w-0">
          <span className="font-semibold">{eventWord(event)}</span>
          <span className="text-soft"> · {whoOf(event)}</span>
        </span>
        <span className="text-[13px] text-faint tabular-nums">
          {momentOf(event.timestamp)} · {at + 1} dari {events.length}
        </span>
      </p>
    </div>
  );
}

function Comparison({
  id,
  events,
  event,
  other,
  onChoose,
}: {
  readonly id: string;
  readonly events: readonly HistoryEvent[];
  readonly event: HistoryEvent;
  readonly other: HistoryEvent;
  readonly onChoose: (id: string | null) => void;
}) {
  const here = useMoment(id, event);
  const there = useMoment(id, other);
  const swapped = other.timestamp > event.timestamp;
  const options = events.map((one, n) => ({
    value: one.id,
    label: `${String(n + 1)}. ${momentOf(one.timestamp)} · ${eventWord(one)}`,
  }));
  return (
    <Card
      title="Perbedaan dua saat"
      action={
        <Button small onClick={() => onChoose(null)}>
          {t.close}
        </Button>
      }
    >
      <SelectField
        label="Bandingkan dengan"
        name="against"
        value={other.id}
        options={options}
        onChange={(change) => onChoose(change.target.value)}
      />
      <div className="mt-4">
        {here.data === undefined || there.data === undefined ? (
          here.isError || there.isError ? (
            <Failed error={here.error ?? there.error} />
          ) : (
            <Waiting rows={2} />
          )
        ) : (
          <DifferenceTable
            before={momentOf((swapped ? event : other).timestamp)}
            after={momentOf((swapped ? other : event).timestamp)}
            differences={
              swapped ? differencesOf(here.data, there.data) : differencesOf(there.data, here.data)
            }
          />
        )}
      </div>
    </Card>
  );
}

function Travel({ id }: { readonly id: string }) {
  const history = useHistory(id);
  const [place, go] = usePlace(id);
  const all = useMemo(
    () => [...(history.data?.pages ?? [])].reverse().flatMap((page) => page.events),
    [history.data],
  );
  const events = useMemo(() => all.filter((one) => !isStep(one)), [all]);
  const found = events.findIndex((one) => one.id === place.moment);
  const at = found === -1 ? events.length - 1 : found;
  const event = events[at];
  const other = place.against === undefined ? undefined : events.find((one) => one.id === place.against);
  const moment = useMoment(id, event);
  const move = (to: number): void => {
    const next = events[to];
    if (next !== undefined) go({ ...place, moment: next.id });
  };
  useShortcuts({
    k: () => move(at - 1),
    j: () => move(at + 1),
    Home: () => move(0),
    End: () => move(events.length - 1),
  });
  if (history.isPending) return <Waiting />;
  if (history.isError && all.length === 0)
    return <Failed error={history.error} retry={() => void history.refetch()} />;
  if (event === undefined)
    return <Empty icon={<GitCompareArrows className="size-6" />} title="Belum ada riwayat" />;
  const division = history.data?.pages[0]?.ticket.division ?? 'sari';
  return (
    <>
      <Slider events={events} at={at} onMove={move} />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <div className="flex min-w-0 flex-col gap-4 lg:order-2">
          <Changes event={event} division={division} />
          {other === undefined ? (
            events.length > 1 && (
              <Button
                className="self-start"
                icon={<GitCompareArrows className="size-4" aria-hidden="true" />}
                onClick={() =>
                  go({ moment: event.id, against: (events[at === 0 ? events.length - 1 : 0] ?? event).id })
                }
              >
                Bandingkan dengan saat lain
              </Button>
            )
          ) : (
            <Comparison
              id={id}
              events={events}
              event={event}
              other={other}
              onChoose={(against) =>
                go(against === null ? { moment: event.id } : { moment: event.id, against })
              }
            />
          )}
          <Answer query={moment} rows={4}>
            {(then) => <State moment={then} at={event.timestamp} />}
          </Answer>
        </div>
        <Timeline
          events={events}
          at={at}
          onMove={move}
          earlier={
            history.hasNextPage ? (
              <Button small busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
                Muat yang lebih lama
              </Button>
            ) : null
          }
        />
      </div>
    </>
  );
}

function History({ id }: { readonly id: string }) {
  const history = useHistory(id);
  const ticket = history.data?.pages[0]?.ticket;
  const name = ticket?.customer_name ?? ticket?.customer_phone ?? t.unknownCustomer;
  useEffect(() => {
    if (ticket !== undefined) document.title = `Riwayat ${name} · ${t.app}`;
  }, [ticket, name]);
  return (
    <Page
      title={ticket === undefined ? 'Riwayat tiket' : `Riwayat tiket ${name}`}
      actions={
        <Link
          to="/t/$ticketId"
          params={{ ticketId: id }}
          className="inline-flex h-10 items-center gap-2 rounded-lg px-3 font-medium text-soft hover:bg-hover hover:text-ink max-md:h-11"
        >
          <ArrowLeft className="size-4" aria-hidden="true" />
          Ke tiket
        </Link>
      }
    >
      <Travel key={id} id={id} />
    </Page>
  );
}

export function HistoryPage() {
  const { ticketId } = useParams({ strict: false });
  return (
    <Guarded title="Riwayat tiket" needs={['audit_read']}>
      <History id={ticketId ?? ''} />
    </Guarded>
  );
}
