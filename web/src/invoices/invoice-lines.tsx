/** What is billed, line by line, and how it adds up. */
import { rupiah } from '../lib/money.ts';
import { cx } from '../ui/classes.ts';
import { Card } from '../ui/parts.tsx';
import { TAX, type WholeInvoice } from './words.ts';

/** `12%`, `1,1%` */
const percent = (basisPoints: number): string => `${String(basisPoints / 100).replace('.', ',')}%`;

export function InvoiceLines({ invoice }: { readonly invoice: WholeInvoice }) {
  const { taxes, net, total, discount, received, withheld, outstanding, base_price: base } = invoice;
  const isSettling = received + withheld > 0;
  return (
    <Card title="Rincian">
      <ul className="divide-y divide-line border-b border-line">
        {invoice.lines.map((line, n) => (
          <li key={n} className="flex gap-4 py-3 first:pt-0">
            <span className="min-w-0 flex-1">
              <span className="block font-medium break-words">{line.description}</span>
              <span className="block text-[13px] text-faint tabular-nums">
                {line.quantity} × {rupiah(line.unit_price)}
                {line.discount > 0 && ` − diskon ${rupiah(line.discount)}`}
              </span>
              <span className="block text-[13px] text-faint">{TAX[line.tax_scheme]}</span>
            </span>
            <span className="shrink-0 font-medium tabular-nums">{rupiah(line.base)}</span>
          </li>
        ))}
      </ul>
      <dl className="mt-3 flex flex-col gap-1.5">
        <Sum label="Jumlah sebelum pajak" amount={net} />
        {taxes.map((tax) => (
          <Sum
            key={tax.scheme}
            label={
              tax.tax === 0
                ? TAX[tax.scheme]
                : `${TAX[tax.scheme]}, ${percent(tax.basis_points)} dari ${rupiah(tax.dpp)}`
            }
            amount={tax.tax}
          />
        ))}
        <Sum label="Total" amount={total} strong />
        {isSettling && <Sum label="Sudah diterima" amount={received} />}
        {withheld > 0 && <Sum label="Pajak dipotong pelanggan" amount={withheld} />}
        {isSettling && <Sum label="Sisa tagihan" amount={outstanding} strong />}
      </dl>
      {discount > 0 && (
        <p className="mt-3 text-[13px] text-soft">
          {rupiah(discount)} di bawah harga dasar {rupiah(base)}.
        </p>
      )}
    </Card>
  );
}

function Sum({
  label,
  amount,
  strong = false,
}: {
  readonly label: string;
  readonly amount: number;
  readonly strong?: boolean;
}) {
  return (
    <div className={cx('flex gap-4', strong ? 'font-semibold' : 'text-soft')}>
      <dt className="min-w-0 flex-1">{label}</dt>
      <dd className="shrink-0 tabular-nums">{rupiah(amount)}</dd>
    </div>
  );
}
