/** Everybody who ever wrote to us, as far as the reader may see them. The filters are in the address. */
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { ChevronRight, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { seesAll, useSettled } from '../follow-ups/queries.ts';
import { without } from '../lib/collections.ts';
import { agoOf, momentOf, useNow } from '../lib/dates.ts';
import { CHANNEL, DIVISION } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { SearchField, SelectField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Guarded, MoreRows, Rows, Waiting } from '../ui/parts.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { type Customer, type CustomersSearch, nameOf, useCustomers } from './queries.ts';

const here = getRouteApi('/inside/customers');
const TITLE = 'Pelanggan';
const ANY = { value: '', label: 'Semua' };
const DIVISIONS = [
  ANY,
  ...(['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] })),
];
const CHANNELS = [ANY, ...Object.entries(CHANNEL).map(([value, label]) => ({ value, label }))];
const OFFERS = [
  ANY,
  { value: 'false', label: 'Boleh dihubungi' },
  { value: 'true', label: 'Tidak mau promosi' },
];

export function CustomersPage() {
  return (
    <Guarded title={TITLE} needs={['inbox_read']}>
      <Page title={TITLE}>
        <CustomerList />
      </Page>
    </Guarded>
  );
}

function CustomerList() {
  const me = useMe();
  const search = here.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? '');
  const box = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => box.current?.focus() });
  const settled = useSettled(text.trim());
  const set = (name: keyof CustomersSearch, value: string): void => {
    const rest = without(search, name);
    void navigate({
      to: '/customers',
      search: value === '' ? rest : { ...rest, [name]: value },
      replace: true,
    });
  };
  const router = useRouter();
  useEffect(() => {
    // Who has opened a customer meanwhile is not led back.
    if (router.state.location.pathname === '/customers' && settled !== (search.q ?? '')) set('q', settled);
    // Only what was typed moves the address.
  }, [settled]);
  const all = seesAll(me);
  const list = useCustomers({
    ...(all ? { division: 'all' } : {}),
    ...search,
  });
  const customers = list.data?.pages.flatMap((page) => page.customers) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <>
      <div className="grid grid-cols-2 items-end gap-3 md:flex">
        <div className="col-span-2 min-w-0 flex-1">
          <SearchField
            ref={box}
            label="Cari nama atau nomor"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        {all && (
          <div className="md:w-36">
            <SelectField
              label="Divisi"
              name="division"
              value={search.division ?? ''}
              options={DIVISIONS}
              onChange={(event) => set('division', event.target.value)}
            />
          </div>
        )}
        <div className="md:w-40">
          <SelectField
            label="Channel"
            name="channel"
            value={search.channel ?? ''}
            options={CHANNELS}
            onChange={(event) => set('channel', event.target.value)}
          />
        </div>
        <div className="md:w-48">
          <SelectField
            label="Promosi"
            name="opted_out"
            value={search.opted_out ?? ''}
            options={OFFERS}
            onChange={(event) => set('opted_out', event.target.value)}
          />
        </div>
      </div>
      {list.isPending ? (
        <Waiting rows={8} />
      ) : list.isError && customers.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : customers.length === 0 ? (
        <Empty
          icon={<Users className="size-6" />}
          title="Tidak ada yang cocok"
          hint="Ubah pencarian atau filter."
        />
      ) : (
        <>
          {total !== undefined && (
            <p className="text-[13px] text-faint tabular-nums" role="status">
              {total} pelanggan
            </p>
          )}
          <Rows>
            {customers.map((customer) => (
              <li key={customer.id}>
                <CustomerRow customer={customer} />
              </li>
            ))}
          </Rows>
          <MoreRows list={list} />
        </>
      )}
    </>
  );
}

function CustomerRow({ customer }: { readonly customer: Customer }) {
  const now = useNow();
  const name = nameOf(customer);
  const [first] = customer.channels;
  const seen = customer.last_interaction_at;
  return (
    <Link
      to="/customers/$customerId"
      params={{ customerId: customer.id }}
      className="focus-inside flex items-center gap-3 px-4 py-3 transition-colors hover:bg-hover"
    >
      <Avatar
        name={name}
        {...(first === undefined ? {} : { mark: <ChannelIcon channel={first.channel} /> })}
      />
      <span className="min-w-0 flex-1 md:flex md:items-center md:gap-4">
        <span className="block min-w-0 md:flex-1">
          <span className="block truncate font-semibold">{name}</span>
          <span className="block truncate text-[13px] text-faint">
            {customer.phone ?? (first === undefined ? '' : `${CHANNEL[first.channel]} ${first.id_hint}`)}
          </span>
        </span>
        <span className="mt-1.5 flex flex-wrap items-center gap-1.5 md:mt-0 md:w-72 md:shrink-0">
          <Badge tone="grey">{DIVISION[customer.division]}</Badge>
          <Badge tone="grey">{customer.ticket_count} tiket</Badge>
          {customer.won_count > 0 && <Badge tone="green">{customer.won_count} Won</Badge>}
          {customer.opted_out !== null && <Badge tone="red">Tidak mau promosi</Badge>}
        </span>
        <span
          className="mt-1 block text-[12px] text-faint md:mt-0 md:w-28 md:shrink-0 md:text-right"
          title={seen === null ? undefined : momentOf(seen)}
        >
          {seen === null ? 'Belum ada kontak' : agoOf(seen, now)}
        </span>
      </span>
      <ChevronRight className="size-5 shrink-0 text-faint" aria-hidden="true" />
    </Link>
  );
}
