/** To whom: everybody who fits a filter, or one by one. */
import { Search } from 'lucide-react';
import { useState } from 'react';
import { seesAll, type Template, useSettled } from '../follow-ups/queries.ts';
import { t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useTickets } from '../tickets/inbox/inbox-queries.ts';
import { EMPTY } from '../tickets/inbox/words.ts';
import { Button } from '../ui/button.tsx';
import { Choice, inputClass } from '../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { ByFilter } from './by-filter.tsx';
import { filter, type Picked } from './picked.ts';
import { PickedList, Tick } from './recipient-list.tsx';

type Way = 'filter' | 'hand';
const WAYS = [
  { value: 'filter', label: 'Dengan filter' },
  { value: 'hand', label: 'Satu per satu' },
] as const;

export function RecipientsStep({
  picked,
  templates,
}: {
  readonly picked: readonly Picked[];
  readonly templates: readonly Template[];
}) {
  const [way, setWay] = useState<Way>(picked.length > 0 && filter.get() === null ? 'hand' : 'filter');
  return (
    <div className="flex flex-col gap-4">
      <div className="max-w-sm">
        <Choice
          label="Pilih penerima"
          name="way"
          value={way}
          options={WAYS}
          onChange={(next) => {
            if (next === 'hand') filter.set(null);
            setWay(next);
          }}
        />
      </div>
      {way === 'filter' ? (
        <ByFilter templates={templates} />
      ) : (
        <>
          <ByHand />
          {picked.length > 0 && <PickedList picked={picked} />}
        </>
      )}
    </div>
  );
}

function ByHand() {
  const me = useMe();
  const [wanted, setWanted] = useState('');
  const q = useSettled(wanted.trim());
  const list = useTickets({
    limit: '30',
    ...(seesAll(me) ? { division: 'all' } : {}),
    ...(q === '' ? {} : { q }),
  });
  const tickets = list.data?.pages.flatMap((page) => page.tickets) ?? [];
  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <Search
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          type="search"
          name="q"
          aria-label={t.inbox.search}
          placeholder={t.inbox.search}
          value={wanted}
          className={`${inputClass} pl-9`}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {list.isPending ? (
        <Loading>
          <Skeleton className="h-48 rounded-xl" />
        </Loading>
      ) : list.isError ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : tickets.length === 0 ? (
        <p className="py-8 text-center text-soft">{EMPTY.filtered[0]}</p>
      ) : (
        <ul
          className="max-h-80 overflow-y-auto rounded-xl border border-line"
          tabIndex={0}
          aria-label="Pelanggan"
        >
          {tickets.map((ticket) => (
            <Tick key={ticket.id} ticket={ticket} />
          ))}
          {list.hasNextPage && (
            <li className="flex justify-center p-2">
              <Button
                small
                look="quiet"
                busy={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {t.more}
              </Button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
