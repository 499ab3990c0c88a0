/** Invoices by how far they are. The filters are in the address. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, ReceiptText } from 'lucide-react';
import { ExportButton } from '../exports/export-button.tsx';
import { seesAll } from '../follow-ups/queries.ts';
import { without } from '../lib/collections.ts';
import { dateOf, dayKey } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { rupiah } from '../lib/money.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Guarded, MoreRows, Rows, Waiting } from '../ui/parts.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { type InvoicesSearch, useInvoices } from './queries.ts';
import { type Invoice, INVOICE_STATUS, nameOf } from './words.ts';

const here = getRouteApi('/inside/invoices');
const TITLE = 'Tagihan';
const STATUSES = [
  { value: '', label: 'Semua' },
  ...Object.entries(INVOICE_STATUS).map(([value, { word }]) => ({ value, label: word })),
];
const DIVISIONS = [
  { value: '', label: DIVISION.all },
  ...(['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] })),
];

export function InvoicesPage() {
  const { division } = here.useSearch();
  return (
    <Guarded title={TITLE} needs={['invoice_draft', 'invoice_approve', 'invoice_settle']}>
      <Page
        title={TITLE}
        actions={<ExportButton type="invoices" division={division} day={dayKey(new Date())} />}
      >
        <InvoiceList />
      </Page>
    </Guarded>
  );
}

function InvoiceList() {
  const me = useMe();
  const search = here.useSearch();
  const navigate = useNavigate();
  const set = (name: keyof InvoicesSearch, value: string): void => {
    const rest = without(search, name);
    void navigate({
      to: '/invoices',
      search: value === '' ? rest : { ...rest, [name]: value },
      replace: true,
    });
  };
  const { invoice_status: status, invoice_job: job, division } = search;
  const list = useInvoices({
    ...(status === undefined ? {} : { status }),
    ...(job === undefined ? {} : { job_id: job }),
    ...(division === undefined ? {} : { division }),
  });
  const invoices = list.data?.pages.flatMap((page) => page.invoices) ?? [];
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-40 max-sm:flex-1 sm:w-60">
          <SelectField
            label="Status"
            name="invoice_status"
            value={status ?? ''}
            options={STATUSES}
            onChange={({ target }) => set('invoice_status', target.value)}
          />
        </div>
        {seesAll(me) && (
          <div className="min-w-40 max-sm:flex-1 sm:w-44">
            <SelectField
              label="Divisi"
              name="division"
              value={division ?? ''}
              options={DIVISIONS}
              onChange={({ target }) => set('division', target.value)}
            />
          </div>
        )}
        {job !== undefined && <Button onClick={() => set('invoice_job', '')}>Semua pekerjaan</Button>}
      </div>
      {list.isPending ? (
        <Waiting rows={6} />
      ) : list.isError && invoices.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : invoices.length === 0 ? (
        <Empty
          icon={<ReceiptText className="size-6" />}
          title={status === undefined ? 'Belum ada tagihan' : 'Tidak ada yang cocok'}
          hint="Tagihan dibuat dari pekerjaan yang laporannya sudah diterima."
        />
      ) : (
        <>
          <Rows>
            {invoices.map((invoice) => (
              <li key={invoice.id}>
                <InvoiceRow invoice={invoice} />
              </li>
            ))}
          </Rows>
          <MoreRows list={list} />
        </>
      )}
    </>
  );
}

function InvoiceRow({ invoice }: { readonly invoice: Invoice }) {
  const { status, due_on: due, outstanding } = invoice;
  const { word, tone } = INVOICE_STATUS[status];
  const isOverdue = due !== null && (status === 'issued' || status === 'sent') && due < dayKey(new Date());
  return (
    <Link
      to="/invoices/$invoiceId"
      params={{ invoiceId: invoice.id }}
      className="focus-inside flex items-center gap-3 px-4 py-3 transition-colors hover:bg-hover"
    >
      <span className="min-w-0 flex-1 md:flex md:items-center md:gap-4">
        <span className="block min-w-0 md:flex-1">
          <span className="block truncate font-semibold">{nameOf(invoice)}</span>
          <span className="block truncate text-[13px] text-faint">
            {invoice.number === null ? '' : `${invoice.bill_to?.name ?? 'Pelanggan dihapus'} · `}
            {invoice.issued_on === null
              ? `Draf ${dateOf(invoice.drafted_at)}`
              : `Terbit ${dateOf(invoice.issued_on)}`}
          </span>
        </span>
        <span className="mt-1.5 flex flex-wrap items-center gap-1.5 md:mt-0 md:w-64 md:shrink-0">
          <Badge tone={tone}>{word}</Badge>
          {isOverdue && <Badge tone="red">Lewat jatuh tempo</Badge>}
          <Badge tone="grey">{DIVISION[invoice.division]}</Badge>
        </span>
        <span className="mt-1 block font-semibold tabular-nums md:mt-0 md:w-44 md:shrink-0 md:text-right">
          {rupiah(invoice.total)}
          {outstanding > 0 && outstanding < invoice.total && (
            <span className="block text-[13px] font-normal text-faint">Sisa {rupiah(outstanding)}</span>
          )}
        </span>
      </span>
      <ChevronRight className="size-5 shrink-0 text-faint" aria-hidden="true" />
    </Link>
  );
}
