/** Tags and CRM data that wait for the connection, or were refused afterwards: nothing of them is lost without a word. */
import { CloudUpload } from 'lucide-react';
import { fieldsOf } from '../crm/layout.ts';
import type { Ticket } from '../lib/api.ts';
import { outbox, type Outgoing, sayAgain, takeBack } from '../lib/outbox.ts';
import { useStore } from '../lib/store.ts';
import { cx } from '../ui/classes.ts';

const wordsOf = ({ work }: Outgoing, division: Ticket['division']): string => {
  switch (work.kind) {
    case 'tag':
      return `${work.action === 'add' ? 'Tambah' : 'Hapus'} tag ${work.tag}`;
    case 'crm':
      return `Data CRM: ${Object.entries<unknown>({ ...work.body })
        .flatMap(([name, value]) =>
          name === 'crm_fields' && typeof value === 'object' && value !== null ? Object.keys(value) : [name],
        )
        .map((name) => fieldsOf(division).find((one) => one.name === name)?.label ?? name)
        .join(', ')}`;
    default:
      return '';
  }
};

export function WaitingChanges({ ticket }: { readonly ticket: Ticket }) {
  const items = useStore(outbox).filter(
    (item) => item.ticketId === ticket.id && (item.work.kind === 'tag' || item.work.kind === 'crm'),
  );
  if (items.length === 0) return null;
  return (
    <ul aria-label="Perubahan yang menunggu" className="flex flex-col gap-2 border-b border-line px-5 py-3">
      {items.map((item) => (
        <li
          key={item.id}
          className={cx('rounded-lg px-3 py-2', item.state === 'failed' ? 'bg-danger-soft' : 'bg-sunken')}
        >
          <p className="flex items-start gap-2 text-[13px]">
            <CloudUpload className="mt-0.5 size-4 shrink-0 text-soft" aria-hidden="true" />
            <span className="min-w-0 flex-1 break-words">{wordsOf(item, ticket.division)}</span>
          </p>
          <p
            role={item.state === 'failed' ? 'alert' : 'status'}
            className="mt-0.5 pl-6 text-[12px] text-soft"
          >
            {item.problem ?? (item.state === 'sending' ? 'Mengirim…' : 'Menunggu koneksi')}
          </p>
          {item.state !== 'sending' && (
            <p className="flex gap-3 pl-6 text-[12px]">
              {item.state === 'failed' && (
                <button type="button" className={LINK} onClick={() => sayAgain(item)}>
                  Coba lagi
                </button>
              )}
              <button type="button" className={LINK} onClick={() => takeBack(item)}>
                Buang
              </button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

const LINK = 'min-h-6 font-semibold text-ink underline underline-offset-2 max-md:min-h-11';
