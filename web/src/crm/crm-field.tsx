import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { api, dataOf } from '../lib/api.ts';
import { amountOf, grouped } from '../lib/money.ts';
import { Badge } from '../ui/badge.tsx';
import { Choice, Field, inputClass, SelectField } from '../ui/field.tsx';
import type { CrmField, CrmValues } from './layout.ts';

interface CrmInputProps {
  readonly field: CrmField;
  readonly values: CrmValues;
  readonly fromBot: boolean;
  readonly confidence: number | undefined;
  readonly error: string | undefined;
  /** What a colleague set meanwhile. */
  readonly overtaken: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

const YES_NO = [
  { value: 'true', label: 'Ya' },
  { value: 'false', label: 'Tidak' },
] as const;

function Cities({ id, q }: { readonly id: string; readonly q: string }) {
  const wanted = q.trim();
  const { data = [] } = useQuery({
    queryKey: ['cities', wanted.toLowerCase()],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/cities', { params: { query: { q: wanted, limit: 8 } }, signal }))).cities,
    enabled: wanted.length >= 2,
    staleTime: 10 * 60_000,
  });
  return (
    <datalist id={id}>
      {data.map(({ name, province }) => (
        <option key={`${name}/${province ?? ''}`} value={name}>
          {province}
        </option>
      ))}
    </datalist>
  );
}

function Typed({
  field,
  value,
  ids,
  disabled,
  onChange,
}: {
  readonly field: CrmField;
  readonly value: string;
  readonly ids: object;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}) {
  const listId = useId();
  const { kind, name, unit } = field;
  const isMoney = kind === 'money';
  const amount = isMoney ? amountOf(value) : null;
  const type = kind === 'day' ? 'date' : kind === 'moment' ? 'datetime-local' : 'text';
  return (
    <div className="relative">
      {isMoney && (
        <span className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint">Rp</span>
      )}
      <input
        {...ids}
        name={name}
        type={type}
        disabled={disabled}
        autoComplete="off"
        inputMode={isMoney ? 'numeric' : kind === 'number' ? 'decimal' : undefined}
        list={kind === 'city' ? listId : undefined}
        value={amount === null ? value : grouped(amount)}
        onChange={(event) =>
          onChange(isMoney ? String(amountOf(event.target.value) ?? '') : event.target.value)
        }
        className={`${inputClass} ${isMoney ? 'pl-9' : ''} ${unit === undefined ? '' : 'pr-12'} ${isMoney || kind === 'number' ? 'tabular-nums' : ''}`}
      />
      {unit !== undefined && (
        <span className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-faint">
          {unit}
        </span>
      )}
      {kind === 'city' && <Cities id={listId} q={value} />}
    </div>
  );
}

export function CrmInput({
  field,
  values,
  fromBot,
  confidence,
  error,
  overtaken,
  disabled,
  onChange,
}: CrmInputProps) {
  const { name, label, kind, options = [] } = field;
  const value = values[name] ?? '';
  const mark: ReactNode = fromBot ? (
    <Badge
      tone="blue"
      title={
        confidence === undefined
          ? 'Ubah bila salah'
          : `Keyakinan ${String(Math.round(confidence * 100))}%. Ubah bila salah`
      }
    >
      Terdeteksi oleh bot
    </Badge>
  ) : undefined;
  const hint = field.hint?.(values);
  const below =
    overtaken === undefined
      ? hint
      : `Rekan mengubahnya menjadi “${overtaken === '' ? 'kosong' : overtaken}”. Simpan untuk memakai isian Anda.`;
  const described = below === undefined ? {} : { hint: below };
  if (kind === 'choice' || kind === 'yes-no')
    return (
      <div>
        <Choice
          label={label}
          name={name}
          value={value}
          options={kind === 'yes-no' ? YES_NO : options}
          mark={mark}
          error={error}
          disabled={disabled}
          onChange={onChange}
        />
        {below !== undefined && <p className="mt-1 text-[12px] leading-4 text-faint">{below}</p>}
      </div>
    );
  if (kind === 'select')
    return (
      <SelectField
        {...described}
        label={label}
        name={name}
        mark={mark}
        error={error}
        disabled={disabled}
        options={name === 'crm_stage' ? options : [{ value: '', label: 'Pilih…' }, ...options]}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <Field label={label} mark={mark} error={error} {...described}>
      {(ids) => <Typed field={field} value={value} ids={ids} disabled={disabled} onChange={onChange} />}
    </Field>
  );
}
