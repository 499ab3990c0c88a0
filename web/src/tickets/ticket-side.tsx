/** Beside the talk: who the customer is, the tags, the CRM data. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useId, useRef, useState } from 'react';
import { CrmForm } from '../crm/crm-form.tsx';
import { api, type Crm, dataOf, type Ticket } from '../lib/api.ts';
import { dateOf, momentOf } from '../lib/dates.ts';
import { CHANNEL, t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMay, useMe } from '../lib/me.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { StatusBadge } from '../ui/badge.tsx';
import { inputClass } from '../ui/field.tsx';
import { Skeleton } from '../ui/states.tsx';
import { useTag } from './commands.ts';
import { WaitingChanges } from './waiting-changes.tsx';
import { withoutLayer } from './inbox/desk-search.ts';
import { useTags } from './inbox/inbox-queries.ts';

const JobsOf = lazy(async () => ({ default: (await import('../field-jobs/opening/jobs-of.tsx')).JobsOf }));

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="border-b border-line px-5 py-4 last:border-0">
      <h2 className="mb-2.5 text-[13px] font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-3 py-1 text-[13px]">
      <dt className="w-28 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}

function Tags({ ticket }: { readonly ticket: Ticket }) {
  const may = useMay('tag');
  const tag = useTag(ticket.id, useMe().id);
  const { data: known = [] } = useTags();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const listId = useId();
  const colourOf = (name: string): string | undefined =>
    known.find((one) => one.name.toLowerCase() === name.toLowerCase())?.color;
  const open = (): void => {
    setAdding(true);
    requestAnimationFrame(() => box.current?.focus());
  };
  useShortcuts(may ? { l: open } : {});
  const add = (name: string): void => {
    if (name.trim() !== '') tag.mutate({ action: 'add', tag: name.trim() });
    setText('');
    setAdding(false);
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {ticket.tags.map((name) => (
        <span
          key={name}
          className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface pl-2.5 text-[13px] font-medium"
        >
          <span
            className="size-2 shrink-0 rounded-full bg-line-strong"
            style={{ backgroundColor: colourOf(name) }}
            aria-hidden="true"
          />
          <span className={may ? 'truncate' : 'truncate pr-2.5'}>{name}</span>
          {may && (
            <button
              type="button"
              aria-label={`Hapus tag ${name}`}
              disabled={tag.isPending}
              onClick={() => tag.mutate({ action: 'remove', tag: name })}
              className="flex size-7 items-center justify-center rounded-full text-faint hover:text-danger"
            >
              <X className="size-3.5" aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {ticket.tags.length === 0 && !adding && <span className="text-[13px] text-faint">Belum ada tag.</span>}
      {may &&
        (adding ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              add(text);
            }}
          >
            <input
              ref={box}
              name="tag"
              list={listId}
              aria-label="Tag baru"
              placeholder="Nama tag, lalu Enter"
              maxLength={50}
              value={text}
              onChange={(event) => {
                const name = event.target.value;
                // Chosen from the list: nothing more to type.
                if (
                  known.some((one) => one.name === name) &&
                  !(event.nativeEvent instanceof InputEvent && event.nativeEvent.inputType === 'insertText')
                )
                  add(name);
                else setText(name);
              }}
              onBlur={() => add(text)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                setText('');
                setAdding(false);
              }}
              className={`${inputClass} h-8! w-44`}
            />
            <datalist id={listId}>
              {known
                .filter(({ name }) => !ticket.tags.includes(name))
                .map(({ id, name }) => (
                  <option key={id} value={name} />
                ))}
            </datalist>
          </form>
        ) : (
          <button
            type="button"
            onClick={open}
            className="inline-flex h-7 items-center gap-1 rounded-full border border-dashed border-line-strong px-2.5 text-[13px] text-soft hover:text-ink max-md:h-11"
          >
            <Plus className="size-3.5" aria-hidden="true" />
            Tambah tag
          </button>
        ))}
    </div>
  );
}

/** What this customer asked for before. */
function Before({ ticket }: { readonly ticket: Ticket }) {
  const list = useInfiniteQuery({
    queryKey: keys.list({ customer_id: ticket.customer_id }),
    queryFn: async ({ signal }) => {
      const query = { customer_id: ticket.customer_id, limit: 10 };
      return { tickets: (await dataOf(api.GET('/api/admin/inbox', { params: { query }, signal }))).tickets };
    },
    initialPageParam: null,
    getNextPageParam: () => null,
    enabled: (ticket.previous_ticket_count ?? 0) > 0,
  });
  const others = (list.data?.pages ?? [])
    .flatMap((page) => page.tickets)
    .filter(({ id }) => id !== ticket.id);
  if (others.length === 0) return null;
  return (
    <Section title="Tiket sebelumnya">
      <ul className="-mx-2">
        {others.map((one) => (
          <li key={one.id}>
            <Link
              to="/t/$ticketId"
              params={{ ticketId: one.id }}
              search={withoutLayer}
              className="flex min-h-10 items-center gap-2 rounded-lg px-2 py-1 text-[13px] hover:bg-hover"
            >
              <span className="w-24 shrink-0 text-faint">{dateOf(one.created_at)}</span>
              <span className="min-w-0 flex-1 truncate">{one.last_message_preview}</span>
              <StatusBadge status={one.status} />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function TicketSide({ ticket, crm }: { readonly ticket: Ticket; readonly crm: Crm }) {
  const seesJobs = useMay('job_read');
  return (
    <div className="h-full overflow-y-auto bg-surface">
      <Section title="Pelanggan">
        <dl>
          <Fact name="Nama">
            <Link
              to="/customers/$customerId"
              params={{ customerId: ticket.customer_id }}
              className="font-medium text-accent-ink underline underline-offset-2"
            >
              {ticket.customer_name ?? t.unknownCustomer}
            </Link>
          </Fact>
          {ticket.customer_phone !== null && <Fact name="Nomor">{ticket.customer_phone}</Fact>}
          <Fact name="Channel">{CHANNEL[ticket.channel]}</Fact>
          {ticket.wa_display_name !== null && <Fact name="Nomor kami">{ticket.wa_display_name}</Fact>}
          <Fact name="Masuk">{momentOf(ticket.created_at)}</Fact>
          {ticket.assignment_note !== null && (
            <Fact name="Catatan assign">{ticket.assignment_note.text}</Fact>
          )}
        </dl>
      </Section>
      <Section title="Tag">
        <Tags key={ticket.id} ticket={ticket} />
      </Section>
      <WaitingChanges ticket={ticket} />
      <Section title="CRM">
        <CrmForm key={ticket.id} ticket={ticket} crm={crm} />
      </Section>
      {seesJobs && (
        <Section title="Kunjungan">
          <Suspense fallback={<Skeleton className="h-16 rounded-xl" />}>
            <JobsOf
              of={{
                ticketId: ticket.id,
                customerId: ticket.customer_id,
                name: ticket.customer_name ?? t.unknownCustomer,
                division: ticket.division,
              }}
            />
          </Suspense>
        </Section>
      )}
      <Before ticket={ticket} />
    </div>
  );
}
