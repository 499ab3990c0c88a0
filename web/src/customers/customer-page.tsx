/** One customer: who they are, what was ever said, every ticket of theirs (docs/design/api.md#customers). */
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Ban, Merge, MessageSquareHeart } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Schemas, Ticket } from '../lib/api.ts';
import { dateOf, momentOf } from '../lib/dates.ts';
import { CHANNEL, DIVISION } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { rupiah } from '../lib/money.ts';
import { ChannelIcon } from '../tickets/channel-icon.tsx';
import { Badge, StatusBadge } from '../ui/badge.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Answer, Card, Guarded } from '../ui/parts.tsx';
import { Skeleton } from '../ui/states.tsx';
import { ProfileForm } from './profile-form.tsx';
import { type Customer, nameOf, useCustomer } from './queries.ts';
import { CustomerThread } from './customer-thread.tsx';

const OffersDialog = lazy(async () => ({ default: (await import('./offers-dialog.tsx')).OffersDialog }));
const JobsOf = lazy(async () => ({ default: (await import('../field-jobs/opening/jobs-of.tsx')).JobsOf }));
const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }));

export function CustomerPage() {
  const { customerId } = useParams({ from: '/inside/customers/$customerId' });
  const one = useCustomer(customerId);
  return (
    <Guarded title="Pelanggan" needs={['inbox_read']}>
      <Page
        title={one.data === undefined ? 'Pelanggan' : nameOf(one.data.customer)}
        actions={
          <Link to="/customers" className={buttonClass('plain', true)}>
            <ArrowLeft className="size-4" aria-hidden="true" />
            Semua pelanggan
          </Link>
        }
      >
        <Answer query={one}>{(data) => <Whole key={data.customer.id} data={data} />}</Answer>
      </Page>
    </Guarded>
  );
}

type One = NonNullable<ReturnType<typeof useCustomer>['data']>;

function Whole({ data: { customer, tickets, same_person: others } }: { readonly data: One }) {
  const mayRead = useMay('messages_read');
  const seesJobs = useMay('job_read');
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
      {/* On a phone the talks come before the form. */}
      <div className="flex min-w-0 flex-col gap-4 max-lg:contents">
        <Facts customer={customer} />
        {others.length > 0 && <Elsewhere others={others} />}
        <div className="max-lg:order-last">
          <Card title="Data pelanggan">
            <ProfileForm customer={customer} />
          </Card>
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Tickets tickets={tickets} count={customer.ticket_count} />
        {seesJobs && (
          <Card title="Kunjungan">
            <Suspense fallback={<Skeleton className="h-16 rounded-xl" />}>
              <JobsOf
                of={{
                  customerId: customer.id,
                  name: nameOf(customer),
                  division: customer.division,
                  address: customer.address,
                }}
              />
            </Suspense>
          </Card>
        )}
        {mayRead && <CustomerThread customerId={customer.id} />}
      </div>
    </div>
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

const HOW = {
  keyword: 'lewat pesan',
  channel: 'lewat channel',
  agent: 'dicatat agent',
} as const;

function Facts({ customer }: { readonly customer: Customer }) {
  const mayChange = useMay('crm_update');
  const mayMerge = useMay('assign');
  const [open, setOpen] = useState<'offers' | 'merge' | null>(null);
  const { opted_out: out } = customer;
  const shut = (): void => setOpen(null);
  return (
    <Card title="Ringkasan">
      <dl>
        {customer.phone !== null && <Fact name="Nomor">{customer.phone}</Fact>}
        <Fact name="Divisi">{DIVISION[customer.division]}</Fact>
        <Fact name="Channel">
          <ul className="flex flex-col gap-1">
            {customer.channels.map(({ channel, id_hint: hint, line }) => (
              <li key={`${channel} ${hint} ${line ?? ''}`} className="flex flex-wrap items-center gap-1.5">
                <ChannelIcon channel={channel} />
                {CHANNEL[channel]} <span className="text-faint">{hint}</span>
              </li>
            ))}
          </ul>
        </Fact>
        {customer.assigned_agent !== null && <Fact name="Agent">{customer.assigned_agent.name}</Fact>}
        {customer.first_seen_at !== null && <Fact name="Pertama kali">{dateOf(customer.first_seen_at)}</Fact>}
        {customer.last_interaction_at !== null && (
          <Fact name="Terakhir">{momentOf(customer.last_interaction_at)}</Fact>
        )}
        <Fact name="Won">
          {customer.won_count} dari {customer.ticket_count} tiket
        </Fact>
        <Fact name="Nilai deal">{rupiah(customer.revenue)}</Fact>
        <Fact name="Promosi">
          {out === null ? (
            'Boleh dihubungi'
          ) : (
            <>
              <Badge tone="red">Tidak mau promosi</Badge>
              <span className="mt-1 block text-faint">
                {momentOf(out.at)}, {HOW[out.how]}
                {out.by !== null && ` ${out.by.name}`}
              </span>
            </>
          )}
        </Fact>
      </dl>
      {(mayChange || mayMerge) && (
        <div className="mt-4 flex flex-wrap gap-2">
          {mayChange && (
            <Button
              small
              icon={
                out === null ? (
                  <Ban className="size-4" aria-hidden="true" />
                ) : (
                  <MessageSquareHeart className="size-4" aria-hidden="true" />
                )
              }
              onClick={() => setOpen('offers')}
            >
              {out === null ? 'Catat tidak mau promosi' : 'Boleh dihubungi lagi'}
            </Button>
          )}
          {mayMerge && (
            <Button
              small
              icon={<Merge className="size-4" aria-hidden="true" />}
              onClick={() => setOpen('merge')}
            >
              Gabungkan
            </Button>
          )}
        </div>
      )}
      <Suspense>
        {open === 'offers' && <OffersDialog customer={customer} onClose={shut} />}
        {open === 'merge' && <MergeDialog customer={customer} onClose={shut} />}
      </Suspense>
    </Card>
  );
}

function Elsewhere({ others }: { readonly others: readonly Schemas['SamePerson'][] }) {
  return (
    <Card title="Orang yang sama di tempat lain" hint="Nomor yang sama.">
      <ul className="-my-1 flex flex-col">
        {others.map((one) => (
          <li key={one.customer_id}>
            <Link
              to="/customers/$customerId"
              params={{ customerId: one.customer_id }}
              className="-mx-2 flex min-h-10 items-center gap-2 rounded-lg px-2 font-medium hover:bg-hover max-md:min-h-11"
            >
              <ChannelIcon channel={one.channel} />
              {DIVISION[one.division]}
              <span className="font-normal text-faint">{CHANNEL[one.channel]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Tickets({ tickets, count }: { readonly tickets: readonly Ticket[]; readonly count: number }) {
  return (
    <Card
      title="Tiket"
      {...(count > tickets.length ? { hint: `${String(tickets.length)} terbaru dari ${String(count)}` } : {})}
    >
      <ul className="-mx-2 -my-1 max-h-72 overflow-y-auto" tabIndex={0} aria-label="Tiket pelanggan ini">
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <Link
              to="/t/$ticketId"
              params={{ ticketId: ticket.id }}
              className="focus-inside flex min-h-11 items-center gap-3 rounded-lg px-2 py-1 hover:bg-hover"
            >
              <span className="w-24 shrink-0 text-[13px] text-faint">{dateOf(ticket.created_at)}</span>
              <span className="min-w-0 flex-1 truncate">{ticket.last_message_preview}</span>
              <span className="text-[13px] text-soft max-sm:hidden">{ticket.crm_stage}</span>
              <StatusBadge status={ticket.status} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
