import { useState } from 'react';
import { nameOf, useCustomers } from '../../customers/queries.ts';
import { seesAll, useSettled } from '../../follow-ups/queries.ts';
import { DIVISION } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../../ui/states.tsx';
import type { Visited } from './new-job-dialog.tsx';

/** Searches the customers that one sees. */
export function CustomerChoice({ onChoose }: { readonly onChoose: (who: Visited) => void }) {
  const me = useMe();
  const [text, setText] = useState('');
  const q = useSettled(text.trim());
  const found = useCustomers({ ...(seesAll(me) ? { division: 'all' } : {}), q }, q !== '');
  const customers = (found.data?.pages[0]?.customers ?? []).slice(0, 20);
  return (
    <div className="flex flex-col gap-3">
      <SearchField
        label="Cari pelanggan: nama atau nomor"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {q === '' ? (
        <p className="text-soft">Pilih pelanggan yang dikunjungi.</p>
      ) : found.isPending ? (
        <Loading>
          <Skeleton className="h-24 rounded-xl" />
        </Loading>
      ) : found.isError ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : customers.length === 0 ? (
        <p className="text-soft">Tidak ada yang cocok.</p>
      ) : (
        <ul className="-mx-2 max-h-80 overflow-y-auto">
          {customers.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="focus-inside flex min-h-12 w-full items-center gap-3 rounded-lg px-2 text-left hover:bg-hover"
                onClick={() =>
                  onChoose({
                    customerId: one.id,
                    name: nameOf(one),
                    division: one.division,
                    address: one.address,
                  })
                }
              >
                <Avatar name={nameOf(one)} size="sm" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{nameOf(one)}</span>
                  <span className="block truncate text-[12px] text-soft">{one.phone}</span>
                </span>
                <Badge tone="grey">{DIVISION[one.division]}</Badge>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
