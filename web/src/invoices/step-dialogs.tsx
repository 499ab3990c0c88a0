/** The steps that say why, how much, or which number. */
import { useState } from 'react';
import { api, dataOf, hasCode, isOffline } from '../lib/api.ts';
import { dayKey } from '../lib/dates.ts';
import { rupiah } from '../lib/money.ts';
import { TextArea, TextField } from '../ui/field.tsx';
import { fieldErrors } from '../ui/parts.tsx';
import { MoneyField } from './money-field.tsx';
import { of, useInvoiceStep } from './queries.ts';
import { StepDialog } from './step-dialog.tsx';
import type { WholeInvoice } from './words.ts';

interface DialogProps {
  /** As it was when somebody wished for the step: what came in meanwhile nobody has read. */
  readonly invoice: WholeInvoice;
  readonly onClose: () => void;
}

export function RejectDialog({ invoice: { id }, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const [proposal, setProposal] = useState<number | null>(null);
  const step = useInvoiceStep(
    id,
    () =>
      dataOf(
        api.POST('/api/admin/invoices/{id}/reject', {
          ...of(id),
          body: { reason: reason.trim(), ...(proposal === null ? {} : { proposal }) },
        }),
      ),
    'Tagihan dikembalikan.',
  );
  const errors = fieldErrors(step.error);
  return (
    <StepDialog
      title="Kembalikan tagihan"
      hint="Pembuat draf membaca alasan Anda."
      send="Kembalikan"
      danger
      busy={step.isPending}
      onClose={onClose}
      onSend={() => step.mutate(undefined, { onSuccess: onClose })}
    >
      <TextArea
        label="Alasan"
        name="reason"
        required
        maxLength={500}
        value={reason}
        error={errors['reason']}
        onChange={({ target }) => setReason(target.value)}
      />
      <MoneyField
        label="Harga sebelum pajak yang akan Anda setujui (boleh kosong)"
        name="proposal"
        value={proposal}
        error={errors['proposal']}
        onChange={setProposal}
      />
    </StepDialog>
  );
}

export function PaymentDialog({ invoice: { id, outstanding }, onClose }: DialogProps) {
  const [amount, setAmount] = useState<number | null>(outstanding);
  const [withheld, setWithheld] = useState<number | null>(null);
  const [at, setAt] = useState(dayKey(new Date()));
  const [proof, setProof] = useState('');
  // One payment, however often it is sent; what was refused and is sent again is another one.
  const [params, setParams] = useState(() => of(id).params);
  const step = useInvoiceStep(
    id,
    () =>
      dataOf(
        api.POST('/api/admin/invoices/{id}/payments', {
          params,
          body: {
            ...{ amount: amount ?? 0, withheld: withheld ?? 0, at },
            ...(proof.trim() === '' ? {} : { proof: proof.trim() }),
          },
        }),
      ),
    'Pembayaran dicatat.',
  );
  const errors = fieldErrors(step.error, { OVERPAID: 'amount' });
  return (
    <StepDialog
      title="Catat pembayaran"
      hint={`Sisa tagihan ${rupiah(outstanding)}.`}
      send="Catat"
      busy={step.isPending}
      onClose={onClose}
      onSend={() =>
        step.mutate(undefined, {
          onSuccess: onClose,
          onError: (error) => !isOffline(error) && setParams(of(id).params),
        })
      }
    >
      <MoneyField
        label="Diterima"
        name="amount"
        required
        value={amount}
        error={errors['amount']}
        onChange={setAmount}
      />
      <MoneyField
        label="Pajak dipotong pelanggan"
        name="withheld"
        hint="PPh 23 yang dibayarkan pelanggan atas nama kita, sesuai bukti potong."
        value={withheld}
        error={errors['withheld']}
        onChange={setWithheld}
      />
      <TextField
        label="Tanggal diterima"
        name="at"
        type="date"
        required
        max={dayKey(new Date())}
        value={at}
        error={errors['at']}
        onChange={({ target }) => setAt(target.value)}
      />
      <TextField
        label="Nomor bukti (boleh kosong)"
        name="proof"
        maxLength={100}
        autoComplete="off"
        value={proof}
        error={errors['proof']}
        onChange={({ target }) => setProof(target.value)}
      />
    </StepDialog>
  );
}

export function VoidDialog({ invoice: { id, number }, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const step = useInvoiceStep(
    id,
    () => dataOf(api.POST('/api/admin/invoices/{id}/void', { ...of(id), body: { reason: reason.trim() } })),
    'Tagihan dibatalkan.',
  );
  return (
    <StepDialog
      title="Batalkan tagihan"
      hint={
        number === null
          ? 'Pekerjaannya dapat ditagih lagi dengan draf baru.'
          : `Nomor ${number} tetap terpakai. Pekerjaannya dapat ditagih lagi dengan draf baru.`
      }
      send="Batalkan tagihan"
      danger
      busy={step.isPending}
      onClose={onClose}
      onSend={() => step.mutate(undefined, { onSuccess: onClose })}
    >
      <TextArea
        label="Alasan"
        name="reason"
        required
        maxLength={500}
        value={reason}
        error={fieldErrors(step.error)['reason']}
        onChange={({ target }) => setReason(target.value)}
      />
    </StepDialog>
  );
}

export function TaxNumberDialog({ invoice, onClose }: DialogProps) {
  const { id } = invoice;
  const [nsfp, setNsfp] = useState(invoice.nsfp ?? '');
  const step = useInvoiceStep(
    id,
    () =>
      dataOf(
        api.POST('/api/admin/invoices/{id}/tax-number', {
          ...of(id),
          body: { nsfp: nsfp.replaceAll(/\D/g, '') },
        }),
      ),
    'Nomor faktur pajak dicatat.',
  );
  return (
    <StepDialog
      title="Nomor faktur pajak"
      hint="NSFP dari Coretax setelah e-Faktur diunggah: 17 angka."
      send="Simpan"
      busy={step.isPending}
      onClose={onClose}
      onSend={() => step.mutate(undefined, { onSuccess: onClose })}
    >
      <TextField
        label="NSFP"
        name="nsfp"
        required
        inputMode="numeric"
        autoComplete="off"
        maxLength={30}
        value={nsfp}
        error={fieldErrors(step.error)['nsfp']}
        onChange={({ target }) => setNsfp(target.value)}
      />
    </StepDialog>
  );
}

/** What is approved is exactly what is on the screen: its revision and hash go with it. */
export function ApproveDialog({ invoice: { id, revision, hash, total, discount }, onClose }: DialogProps) {
  const step = useInvoiceStep(
    id,
    () => dataOf(api.POST('/api/admin/invoices/{id}/approve', { ...of(id), body: { revision, hash } })),
    'Tagihan disetujui.',
  );
  return (
    <StepDialog
      title={`Setujui ${rupiah(total)}?`}
      hint={
        discount > 0 ? `${rupiah(discount)} di bawah harga dasar.` : 'Isinya persis seperti yang Anda baca.'
      }
      send="Setujui"
      busy={step.isPending}
      onClose={onClose}
      onSend={() =>
        step.mutate(undefined, {
          onSuccess: onClose,
          // What is below has changed: it is read again first.
          onError: (error) => hasCode(error, 'INVOICE_CHANGED') && onClose(),
        })
      }
    />
  );
}

/** It gets its number for ever. */
export function IssueDialog({ invoice: { id, total }, onClose }: DialogProps) {
  const step = useInvoiceStep(
    id,
    () => dataOf(api.POST('/api/admin/invoices/{id}/issue', { ...of(id), body: {} })),
    'Tagihan terbit.',
  );
  return (
    <StepDialog
      title={`Terbitkan ${rupiah(total)}?`}
      hint="Tagihan mendapat nomor berikutnya, untuk selamanya, dan isinya tidak dapat diubah lagi."
      send="Terbitkan"
      busy={step.isPending}
      onClose={onClose}
      onSend={() => step.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
