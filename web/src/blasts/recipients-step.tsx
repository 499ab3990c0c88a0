/** To whom: everybody who fits a filter, or one by one. Both fill the same list, and anybody can be taken off it. */
import { useMutation } from '@tanstack/react-query';
import { Filter, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { seesAll, useSettled } from '../follow-ups/queries.ts';
import { CATEGORIES, CATEGORY_NAME, type Category } from '../follow-ups/words.ts';
import type { Ticket } from '../lib/api.ts';
import { DIVISION, STAGES, t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useTickets } from '../tickets/inbox/inbox-queries.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { Button } from '../ui/button.tsx';
import { Choice, inputClass, SelectField } from '../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { type Collected, collect, type RecipientFilter } from './collect.ts';
import { pickAll, type Picked } from './picked.ts';
import { PickedList, Tick } from './recipient-list.tsx';
import { EMPTY } from '../tickets/inbox/words.ts';

type Way = 'filter' | 'hand';
const WAYS = [
  { value: 'filter', label: 'Dengan filter' },
  { value: 'hand', label: 'Satu per satu' },
] as const;

export function RecipientsStep({ picked }: { readonly picked: readonly Picked[] }) {
  const [way, setWay] = useState<Way>(picked.length > 0 ? 'hand' : 'filter');
  return (
    <div className="flex flex-col gap-4">
      <div className="max-w-sm">
        <Choice label="Pilih penerima" name="way" value={way} options={WAYS} onChange={setWay} />
      </div>
      {way === 'filter' ? <ByFilter /> : <ByHand />}
      {picked.length > 0 && <PickedList picked={picked} />}
    </div>
  );
}

function Ticks<V extends string>({
  legend,
  name,
  options,
  chosen,
  onChange,
}: {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly chosen: readonly V[];
  readonly onChange: (chosen: readonly V[]) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-[13px] font-medium text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map(({ value, label }) => (
          <label
            key={value}
            className="flex h-9 cursor-pointer items-center gap-2 rounded-lg border border-line bg-surface px-3 text-[13px] font-medium has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent max-md:h-11"
          >
            <input
              type="checkbox"
              name={name}
              value={value}
              checked={chosen.includes(value)}
              className="size-4 accent-(--accent)"
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
              }
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ByFilter() {
  const me = useMe();
  const { data: meta } = useMeta();
  const [filter, setFilter] = useState<RecipientFilter>({ division: 'all', categories: [], stages: [] });
  const [found, setFound] = useState(0);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const look = useMutation({
    mutationFn: (most: number): Promise<Collected> => {
      stop.current?.abort();
      stop.current = new AbortController();
      setFound(0);
      return collect(filter, me, most, stop.current.signal, setFound);
    },
    onSuccess: ({ picked }) => pickAll(picked),
    onError: (error) => error.name !== 'AbortError' && toast(error.message, 'problem'),
  });
  const said = look.data;
  return (
    <div className="flex flex-col gap-4">
      {seesAll(me) && (
        <div className="sm:w-56">
          <SelectField
            label="Divisi"
            name="division"
            value={filter.division}
            options={(['all', 'sari', 'savi', 'safia'] as const).map((value) => ({
              value,
              label: DIVISION[value],
            }))}
            onChange={({ target }) =>
              setFilter({
                ...filter,
                division: (['sari', 'savi', 'safia'] as const).find((one) => one === target.value) ?? 'all',
              })
            }
          />
        </div>
      )}
      <Ticks<Category>
        legend="Kategori rekomendasi"
        name="category"
        options={CATEGORIES.map((value) => ({ value, label: CATEGORY_NAME[value] }))}
        chosen={filter.categories}
        onChange={(categories) => setFilter({ ...filter, categories })}
      />
      <Ticks<Ticket['crm_stage']>
        legend="Tahap CRM"
        name="crm_stage"
        options={STAGES.map((value) => ({ value, label: value }))}
        chosen={filter.stages}
        onChange={(stages) => setFilter({ ...filter, stages })}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={<Filter className="size-4" aria-hidden="true" />}
          disabled={meta === undefined || filter.categories.length + filter.stages.length === 0}
          busy={look.isPending}
          onClick={() => meta !== undefined && look.mutate(meta.limits.blast_recipients)}
        >
          Cari penerima
        </Button>
        <p className="text-[13px] text-soft tabular-nums" role="status">
          {look.isPending
            ? `${String(found)} ditemukan…`
            : said === undefined
              ? 'Pilih kategori atau tahap CRM.'
              : said.picked.length === 0
                ? 'Tidak ada pelanggan yang cocok.'
                : [
                    `${String(said.picked.length)} pelanggan`,
                    said.optedOut > 0 && `${String(said.optedOut)} tidak mau dihubungi`,
                    said.others > 0 && `${String(said.others)} ganda atau belum pernah menulis`,
                    said.isCut && 'sisanya tidak muat dalam satu blast',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
        </p>
      </div>
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
