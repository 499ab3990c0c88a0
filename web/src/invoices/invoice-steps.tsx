/** What this person may do with the invoice as it is now; what they may not is not there. */
import { lazy, Suspense, useState } from 'react';
import { api, dataOf, type Privilege } from '../lib/api.ts';
import { useMe } from '../lib/me.ts';
import { Button } from '../ui/button.tsx';
import { of, useInvoiceStep } from './queries.ts';
import type { InvoiceStatus, WholeInvoice } from './words.ts';

const dialogs = () => import('./step-dialogs.tsx');
const DIALOGS = {
  approve: lazy(async () => ({ default: (await dialogs()).ApproveDialog })),
  reject: lazy(async () => ({ default: (await dialogs()).RejectDialog })),
  issue: lazy(async () => ({ default: (await dialogs()).IssueDialog })),
  payment: lazy(async () => ({ default: (await dialogs()).PaymentDialog })),
  taxNumber: lazy(async () => ({ default: (await dialogs()).TaxNumberDialog })),
  void: lazy(async () => ({ default: (await dialogs()).VoidDialog })),
  revise: lazy(async () => ({ default: (await import('./revise-dialog.tsx')).ReviseDialog })),
};
type Step = keyof typeof DIALOGS | 'submit' | 'send';

interface Offer {
  readonly label: string;
  readonly needs: Privilege;
  readonly in: readonly InvoiceStatus[];
  readonly look?: 'primary' | 'danger';
}

/** In the order in which they stand there. */
const OFFERS: Record<Step, Offer> = {
  submit: { label: 'Minta persetujuan', needs: 'invoice_draft', in: ['draft'], look: 'primary' },
  approve: { label: 'Setujui', needs: 'invoice_approve', in: ['submitted'], look: 'primary' },
  issue: { label: 'Terbitkan', needs: 'invoice_settle', in: ['approved'], look: 'primary' },
  send: { label: 'Kirim tautan', needs: 'invoice_settle', in: ['issued', 'sent'], look: 'primary' },
  payment: { label: 'Catat pembayaran', needs: 'invoice_settle', in: ['issued', 'sent'] },
  reject: { label: 'Kembalikan', needs: 'invoice_approve', in: ['submitted'] },
  revise: { label: 'Ubah isi', needs: 'invoice_draft', in: ['draft', 'submitted', 'approved'] },
  taxNumber: { label: 'Nomor faktur pajak', needs: 'invoice_settle', in: ['issued', 'sent', 'paid'] },
  void: {
    ...{ label: 'Batalkan', needs: 'invoice_settle', look: 'danger' },
    in: ['draft', 'submitted', 'approved', 'issued', 'sent'],
  },
};

export function InvoiceSteps({ invoice }: { readonly invoice: WholeInvoice }) {
  const me = useMe();
  const [open, setOpen] = useState<{
    readonly step: keyof typeof DIALOGS;
    /** As it was read. */
    readonly invoice: WholeInvoice;
  } | null>(null);
  const { id, status } = invoice;
  const submit = useInvoiceStep(
    id,
    () => dataOf(api.POST('/api/admin/invoices/{id}/submit', { ...of(id), body: {} })),
    'Persetujuan diminta.',
  );
  const send = useInvoiceStep(
    id,
    () => dataOf(api.POST('/api/admin/invoices/{id}/send', { ...of(id), body: {} })),
    'Tautan dikirim ke pelanggan.',
  );
  const direct = { submit, send };
  const isOwn = invoice.drafted_by.id === me.id;
  const hasMoney = invoice.received + invoice.withheld > 0;
  const steps = (Object.keys(OFFERS) as Step[]).filter((step) => {
    const offer = OFFERS[step];
    if (!offer.in.includes(status) || !me.privileges.includes(offer.needs)) return false;
    // Nobody approves their own; what money came for is not void (docs/design/field-service.md#approval).
    return !(step === 'approve' && isOwn) && !(step === 'void' && hasMoney);
  });
  const Dialog = open === null ? null : DIALOGS[open.step];
  if (steps.length === 0 && Dialog === null) return null;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {steps.map((step) => {
          const { label, look } = OFFERS[step];
          const run = step === 'submit' || step === 'send' ? direct[step] : null;
          return (
            <Button
              key={step}
              look={look ?? 'plain'}
              busy={run?.isPending ?? false}
              onClick={() =>
                step === 'submit' || step === 'send'
                  ? direct[step].mutate(undefined)
                  : setOpen({ step, invoice })
              }
            >
              {step === 'send' && status === 'sent' ? 'Kirim tautan lagi' : label}
            </Button>
          );
        })}
      </div>
      <Suspense>
        {Dialog !== null && open !== null && <Dialog invoice={open.invoice} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}
