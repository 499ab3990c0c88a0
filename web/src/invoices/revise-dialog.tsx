/** Another content: the next revision, which is approved anew (docs/design/field-service.md#approval). */
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, dataOf, hasCode } from '../lib/api.ts';
import { useServices } from '../field-jobs/office/queries.ts';
import { rupiah } from '../lib/money.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { fieldErrors } from '../ui/parts.tsx';
import { MoneyField } from './money-field.tsx';
import { useInvoiceStep } from './queries.ts';
import { StepDialog } from './step-dialog.tsx';
import { TAX, type TaxScheme, type WholeInvoice } from './words.ts';

type Line = Pick<
  WholeInvoice['lines'][number],
  'service' | 'description' | 'quantity' | 'unit_price' | 'discount' | 'tax_scheme'
>;
type Errors = Readonly<Record<string, string>>;

const SCHEMES = (Object.keys(TAX) as TaxScheme[]).map((value) => ({ value, label: TAX[value] }));
const MOST_LINES = 50;

export function ReviseDialog({
  invoice,
  onClose,
}: {
  readonly invoice: WholeInvoice;
  readonly onClose: () => void;
}) {
  const { id, revision } = invoice;
  const [lines, setLines] = useState<readonly Line[]>(() =>
    invoice.lines.map(({ service, description, quantity, unit_price, discount, tax_scheme }) => ({
      ...{ service, description, quantity, unit_price, discount, tax_scheme },
    })),
  );
  const [to, setTo] = useState(() => ({
    name: invoice.bill_to?.name ?? '',
    address: invoice.bill_to?.address ?? '',
    npwp: invoice.bill_to?.npwp ?? '',
  }));
  const step = useInvoiceStep(
    id,
    () => {
      const name = to.name.trim();
      const billTo = {
        ...{ name, address: to.address.trim() === '' ? null : to.address.trim() },
        npwp: to.npwp === '' ? null : to.npwp.replaceAll(/\D/g, ''),
      };
      return dataOf(
        api.PATCH('/api/admin/invoices/{id}', {
          params: { path: { id } },
          body: { revision, lines: [...lines], ...(name === '' ? {} : { bill_to: billTo }) },
        }),
      );
    },
    'Isi tagihan disimpan.',
  );
  const errors = fieldErrors(step.error);
  const change = (at: number, part: Partial<Line>): void =>
    setLines(lines.map((line, n) => (n === at ? { ...line, ...part } : line)));
  const net = lines.reduce((sum, one) => sum + one.quantity * one.unit_price - one.discount, 0);
  return (
    <StepDialog
      wide
      title="Ubah isi tagihan"
      hint={
        invoice.status === 'draft'
          ? `Revisi ${String(revision + 1)}.`
          : `Revisi ${String(revision + 1)}. Persetujuan diminta lagi dari awal.`
      }
      send="Simpan"
      busy={step.isPending}
      onClose={onClose}
      onSend={() =>
        step.mutate(undefined, {
          onSuccess: onClose,
          onError: (error) => hasCode(error, 'INVOICE_CHANGED') && onClose(),
        })
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Ditagihkan kepada"
          name="bill_to.name"
          maxLength={200}
          required={invoice.bill_to !== null}
          value={to.name}
          error={errors['bill_to.name']}
          onChange={({ target }) => setTo({ ...to, name: target.value })}
        />
        <TextField
          label="NPWP (boleh kosong)"
          name="bill_to.npwp"
          inputMode="numeric"
          maxLength={25}
          value={to.npwp}
          error={errors['bill_to.npwp']}
          onChange={({ target }) => setTo({ ...to, npwp: target.value })}
        />
        <div className="sm:col-span-2">
          <TextField
            label="Alamat (boleh kosong)"
            name="bill_to.address"
            maxLength={500}
            value={to.address}
            error={errors['bill_to.address']}
            onChange={({ target }) => setTo({ ...to, address: target.value })}
          />
        </div>
      </div>
      {lines.map((line, at) => (
        <LineFields
          key={at}
          line={line}
          at={at}
          invoice={invoice}
          errors={errors}
          onChange={(part) => change(at, part)}
          onRemove={lines.length > 1 ? () => setLines(lines.filter((_, n) => n !== at)) : null}
        />
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={<Plus className="size-4" aria-hidden="true" />}
          disabled={lines.length >= MOST_LINES}
          onClick={() => {
            const last = lines.at(-1);
            if (last !== undefined)
              setLines([...lines, { ...last, description: '', quantity: 1, unit_price: 0, discount: 0 }]);
          }}
        >
          Tambah baris
        </Button>
        <p className="ml-auto font-semibold tabular-nums" aria-live="polite">
          Sebelum pajak {rupiah(Math.max(0, net))}
        </p>
      </div>
      {errors['lines'] !== undefined && <p className="font-medium text-danger">{errors['lines']}</p>}
    </StepDialog>
  );
}

function LineFields({
  line,
  at,
  invoice: { division },
  errors,
  onChange,
  onRemove,
}: {
  readonly line: Line;
  readonly at: number;
  readonly invoice: WholeInvoice;
  readonly errors: Errors;
  readonly onChange: (part: Partial<Line>) => void;
  /** null: the last one stays. */
  readonly onRemove: (() => void) | null;
}) {
  const { data: services = [] } = useServices();
  const own = services.filter((one) => one.division === division);
  const nameOf = (member: string): string => `lines.${String(at)}.${member}`;
  return (
    <fieldset className="flex flex-col gap-3 rounded-xl border border-line p-3">
      <legend className="px-1 text-[13px] font-medium text-soft">Baris {at + 1}</legend>
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <TextField
            label="Uraian"
            name={nameOf('description')}
            required
            maxLength={300}
            value={line.description}
            error={errors[nameOf('description')]}
            onChange={({ target }) => onChange({ description: target.value })}
          />
        </div>
        {onRemove !== null && (
          <IconButton label={`Hapus baris ${String(at + 1)}`} className="mt-6" onClick={onRemove}>
            <Trash2 className="size-[18px]" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <TextField
          label="Jumlah"
          name={nameOf('quantity')}
          type="number"
          required
          min={1}
          max={1000}
          value={line.quantity}
          error={errors[nameOf('quantity')]}
          onChange={({ target }) => onChange({ quantity: Math.trunc(Number(target.value)) })}
        />
        <MoneyField
          label="Harga satuan"
          name={nameOf('unit_price')}
          required
          value={line.unit_price}
          error={errors[nameOf('unit_price')]}
          onChange={(amount) => onChange({ unit_price: amount ?? 0 })}
        />
        <MoneyField
          label="Diskon"
          name={nameOf('discount')}
          value={line.discount}
          error={errors[nameOf('discount')]}
          onChange={(amount) => onChange({ discount: amount ?? 0 })}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Layanan"
          name={nameOf('service')}
          value={line.service}
          options={
            own.some(({ key }) => key === line.service)
              ? own.map(({ key, label }) => ({ value: key, label }))
              : [{ value: line.service, label: line.service }]
          }
          error={errors[nameOf('service')]}
          onChange={({ target }) => {
            const service = own.find(({ key }) => key === target.value);
            if (service !== undefined) onChange({ service: service.key, tax_scheme: service.taxScheme });
          }}
        />
        <SelectField
          label="Pajak"
          name={nameOf('tax_scheme')}
          value={line.tax_scheme}
          options={SCHEMES}
          error={errors[nameOf('tax_scheme')]}
          onChange={({ target }) => {
            const scheme = SCHEMES.find(({ value }) => value === target.value);
            if (scheme !== undefined) onChange({ tax_scheme: scheme.value });
          }}
        />
      </div>
    </fieldset>
  );
}
