/** One invoice: what is billed, how it is taxed, what became of it, and the next step (docs/design/field-service.md#invoices). */
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { Schemas } from '../lib/api.ts';
import { dateOf, momentOf } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { rupiah } from '../lib/money.ts';
import { Badge } from '../ui/badge.tsx';
import { Page } from '../ui/page.tsx';
import { Answer, Card, Guarded } from '../ui/parts.tsx';
import { InvoiceSteps } from './invoice-steps.tsx';
import { InvoiceLines } from './invoice-lines.tsx';
import { InvoiceHistory } from './invoice-history.tsx';
import { useInvoice } from './queries.ts';
import { INVOICE_STATUS, nameOf, type WholeInvoice } from './words.ts';

const here = getRouteApi('/inside/invoices/$invoiceId');
const TITLE = 'Tagihan';

export function InvoicePage() {
  const { invoiceId } = here.useParams();
  return (
    <Guarded title={TITLE} needs={['invoice_draft', 'invoice_approve', 'invoice_settle']}>
      <OneInvoice key={invoiceId} id={invoiceId} />
    </Guarded>
  );
}

function OneInvoice({ id }: { readonly id: string }) {
  const query = useInvoice(id);
  return (
    <Page title={query.data === undefined ? TITLE : nameOf(query.data.invoice)}>
      <Link
        to="/invoices"
        className="-mt-3 -ml-1 inline-flex min-h-11 items-center gap-1 self-start font-medium text-soft hover:text-ink"
      >
        <ChevronLeft className="size-5" aria-hidden="true" />
        Semua tagihan
      </Link>
      <Answer query={query}>
        {({ invoice, job }) => (
          <>
            <Head invoice={invoice} />
            <InvoiceSteps invoice={invoice} />
            <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
              <InvoiceLines invoice={invoice} />
              <div className="flex flex-col gap-4">
                <BillTo invoice={invoice} />
                <JobOf job={job} />
                <InvoiceHistory invoice={invoice} />
              </div>
            </div>
          </>
        )}
      </Answer>
    </Page>
  );
}

function Head({ invoice }: { readonly invoice: WholeInvoice }) {
  const { word, tone } = INVOICE_STATUS[invoice.status];
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>{word}</Badge>
        <Badge tone="grey">{DIVISION[invoice.division]}</Badge>
        {invoice.number === null && <span className="text-soft">Revisi {invoice.revision}</span>}
        {invoice.due_on !== null && <span className="text-soft">Jatuh tempo {dateOf(invoice.due_on)}</span>}
      </p>
      {invoice.rejection !== null && (
        <p role="alert" className="rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
          Dikembalikan oleh {invoice.rejection.by.name}, {momentOf(invoice.rejection.at)}:{' '}
          {invoice.rejection.reason}
          {invoice.rejection.proposal !== null &&
            ` Usulan harga sebelum pajak: ${rupiah(invoice.rejection.proposal)}.`}
        </p>
      )}
      {invoice.void !== null && (
        <p className="rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
          Dibatalkan {momentOf(invoice.void.at)}: {invoice.void.reason}
        </p>
      )}
    </>
  );
}

function BillTo({ invoice: { bill_to: to, nsfp } }: { readonly invoice: WholeInvoice }) {
  return (
    <Card title="Ditagihkan kepada">
      <p className="font-medium break-words">{to?.name ?? 'Pelanggan dihapus'}</p>
      {to?.address != null && <p className="break-words text-soft">{to.address}</p>}
      {to?.npwp != null && <p className="text-soft">NPWP {to.npwp}</p>}
      {nsfp !== null && <p className="mt-2 break-all">Faktur pajak {nsfp}</p>}
    </Card>
  );
}

function JobOf({ job }: { readonly job: Schemas['JobSummary'] | null }) {
  const mayOpen = useMay('job_read');
  if (job === null) return null;
  return (
    <Card title="Pekerjaan">
      <p className="font-medium">{job.label}</p>
      <p className="text-soft">{momentOf(job.window_from)}</p>
      <p className="text-soft">Teknisi {job.technician?.name ?? '–'}</p>
      <p className="text-soft">Harga dasar {rupiah(job.base_price)}</p>
      {mayOpen && (
        <Link
          to="/jobs/$jobId"
          params={{ jobId: job.id }}
          className="mt-1 inline-flex min-h-10 items-center font-medium text-accent-ink underline underline-offset-2 max-md:min-h-11"
        >
          Buka pekerjaan
        </Link>
      )}
    </Card>
  );
}
