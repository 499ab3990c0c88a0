import { amountOf, grouped } from '../lib/money.ts';
import { Field, inputClass } from '../ui/field.tsx';

/** Whole rupiah, as one types them; null: nothing is typed. */
export function MoneyField({
  label,
  name,
  value,
  error,
  hint,
  required = false,
  onChange,
}: {
  readonly label: string;
  readonly name: string;
  readonly value: number | null;
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly required?: boolean;
  readonly onChange: (value: number | null) => void;
}) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(ids) => (
        <div className="relative">
          <span className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint">Rp</span>
          <input
            {...ids}
            name={name}
            required={required}
            inputMode="numeric"
            autoComplete="off"
            value={value === null ? '' : grouped(value)}
            onChange={({ target }) => onChange(amountOf(target.value))}
            className={`${inputClass} pl-9 tabular-nums`}
          />
        </div>
      )}
    </Field>
  );
}
