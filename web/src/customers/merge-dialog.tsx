/** Makes one customer of two. Nobody can take it apart again, so it is said plainly which one stays. */
import { useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useSettled } from '../follow-ups/queries.ts';
import { once } from '../lib/api.ts';
import { dateOf } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { type Customer, nameOf, useCustomers, useMerge } from './queries.ts';

const since = ({ first_seen_at: at }: Customer): string => at ?? '9999';

export function MergeDialog({
  customer,
  onClose,
}: {
  readonly customer: Customer;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [other, setOther] = useState<Customer | null>(null);
  const [join, setJoin] = useState(true);
  const [key] = useState(once);
  const q = useSettled(text.trim());
  const found = useCustomers({ division: customer.division, q }, q !== '');
  const merge = useMerge(customer.id, key);
  const others = (found.data?.pages[0]?.customers ?? []).filter(({ id }) => id !== customer.id).slice(0, 20);
  const older = other !== null && since(other) < since(customer) ? other : customer;
  const younger = other !== null && older === customer ? other : customer;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Gabungkan ${nameOf(customer)}`}
      hint="Untuk orang yang sama yang tercatat dua kali di divisi ini."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="danger"
            disabled={other === null}
            busy={merge.isPending}
            onClick={() =>
              other !== null &&
              merge.mutate(
                { customer_id: other.id, join_tickets: join },
                {
                  onSuccess: ({ customer: one }) => {
                    onClose();
                    void navigate({
                      to: '/customers/$customerId',
                      params: { customerId: one.id },
                      replace: true,
                    });
                  },
                },
              )
            }
          >
            Gabungkan untuk selamanya
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <SearchField
          label="Cari pelanggan lain"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOther(null);
          }}
        />
        {q === '' ? (
          <p className="text-soft">Ketik nama atau nomornya.</p>
        ) : found.isPending ? (
          <Loading>
            <Skeleton className="h-24 rounded-xl" />
          </Loading>
        ) : found.isError ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : others.length === 0 ? (
          <p className="text-soft">Tidak ada yang cocok di divisi ini.</p>
        ) : (
          <fieldset className="-mx-2 max-h-56 overflow-y-auto">
            <legend className="sr-only">Pelanggan lain</legend>
            {others.map((one) => (
              <label
                key={one.id}
                className="flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
              >
                <input
                  type="radio"
                  name="customer_id"
                  value={one.id}
                  checked={other?.id === one.id}
                  onChange={() => setOther(one)}
                  className="size-4 accent-(--accent)"
                />
                <Avatar name={nameOf(one)} size="sm" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{nameOf(one)}</span>
                  <span className="flex items-center gap-1.5 truncate text-[12px] text-soft">
                    {one.channels.slice(0, 3).map(({ channel, id_hint: hint }) => (
                      <ChannelIcon key={`${channel} ${hint}`} channel={channel} />
                    ))}
                    {one.phone ?? one.channels[0]?.id_hint} · {one.ticket_count} tiket
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        {other !== null && (
          <div role="alert" className="flex gap-3 rounded-xl bg-warn-soft p-3 text-warn">
            <TriangleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
            <div className="min-w-0 text-pretty">
              <p className="font-semibold">Ini tidak dapat dibatalkan.</p>
              <p className="mt-1">
                {nameOf(older)}
                {older.first_seen_at !== null && ` (dikenal sejak ${dateOf(older.first_seen_at)})`} tetap.
                Semua tiket, percakapan, dan nomor {nameOf(younger)} pindah kepadanya. Bila salah satu tidak
                mau promosi, itu berlaku untuk keduanya.
              </p>
            </div>
          </div>
        )}
        {other !== null && (
          <Switch
            name="join_tickets"
            label="Gabungkan juga tiket yang terbuka"
            hint="Bila keduanya punya tiket terbuka, yang lebih lama dilanjutkan."
            checked={join}
            onChange={setJoin}
          />
        )}
      </div>
    </Dialog>
  );
}
