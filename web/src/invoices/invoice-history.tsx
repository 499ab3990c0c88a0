/** What happened to an invoice, in order. */
import { dateOf, momentOf } from '../lib/dates.ts';
import { rupiah } from '../lib/money.ts';
import { Card } from '../ui/parts.tsx';
import type { WholeInvoice } from './words.ts';

interface Step {
  readonly when: string;
  readonly what: string;
}
type When = string | null | undefined;

const moment = (at: When, what: string): readonly Step[] =>
  at == null ? [] : [{ when: momentOf(at), what }];
const day = (on: When, what: string): readonly Step[] => (on == null ? [] : [{ when: dateOf(on), what }]);

const stepsOf = (one: WholeInvoice): readonly Step[] => [
  ...moment(one.drafted_at, `Draf dibuat oleh ${one.drafted_by.name}`),
  ...moment(one.submitted_at, 'Persetujuan diminta'),
  ...moment(one.rejection?.at, `Dikembalikan oleh ${one.rejection?.by.name ?? ''}`),
  ...moment(one.approved_at, `Disetujui oleh ${one.approved_by?.name ?? ''}`),
  ...day(one.issued_on, `Terbit sebagai ${one.number ?? ''}`),
  ...moment(one.sent_at, 'Tautan dikirim ke pelanggan'),
  ...one.payments.flatMap(({ at, amount, withheld, proof }) =>
    day(
      at,
      `Diterima ${rupiah(amount)}` +
        (withheld > 0 ? `, pajak dipotong ${rupiah(withheld)}` : '') +
        (proof === null ? '' : ` (${proof})`),
    ),
  ),
  ...day(one.paid_on, 'Lunas'),
  ...moment(one.void?.at, 'Dibatalkan'),
];

export function InvoiceHistory({ invoice }: { readonly invoice: WholeInvoice }) {
  return (
    <Card title="Riwayat">
      <ol className="flex flex-col gap-3">
        {stepsOf(invoice).map(({ when, what }, n) => (
          <li key={n}>
            <p className="break-words">{what}</p>
            <p className="text-[13px] text-faint">{when}</p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
