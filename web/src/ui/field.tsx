import { Search } from 'lucide-react';
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { cx } from './classes.ts';

export const inputClass =
  'w-full rounded-lg border border-line-strong/60 bg-surface px-3 h-10 max-md:h-11 text-ink transition-colors hover:border-line-strong ' +
  'focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent aria-invalid:border-danger disabled:bg-sunken disabled:text-soft max-md:text-base';

interface FieldProps {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  /** Beside the label: a badge. */
  readonly mark?: ReactNode;
  readonly children: (ids: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }) => ReactNode;
}

/** Label, input, hint and error, tied together. */
export function Field({ label, error, hint, mark, children }: FieldProps) {
  const id = useId();
  const described = [
    error === undefined ? null : `${id}-error`,
    hint === undefined ? null : `${id}-hint`,
  ].filter((one) => one !== null);
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1">
        <label htmlFor={id} className="text-[13px] font-medium text-soft">
          {label}
        </label>
        {mark}
      </div>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-[12px] leading-4 text-faint">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-[13px] font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  readonly mark?: ReactNode;
};

export function TextField({ label, error, hint, mark, className, ...rest }: InputProps) {
  return (
    <Field label={label} error={error} hint={hint} mark={mark}>
      {(ids) => <input {...rest} {...ids} className={cx(inputClass, className)} />}
    </Field>
  );
}

type SearchProps = InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A box to search with; its label is in it. */
export function SearchField({ label, className, ...rest }: SearchProps) {
  return (
    <div className="relative">
      <Search
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
        aria-hidden="true"
      />
      <input
        name="q"
        autoComplete="off"
        {...rest}
        type="search"
        aria-label={label}
        placeholder={label}
        className={cx(inputClass, 'pl-9', className)}
      />
    </div>
  );
}

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  readonly mark?: ReactNode;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** The device's own list: best with a thumb, a keyboard and a screen reader. */
export function SelectField({ label, error, hint, mark, options, className, ...rest }: SelectProps) {
  return (
    <Field label={label} error={error} hint={hint} mark={mark}>
      {(ids) => (
        <select {...rest} {...ids} className={cx(inputClass, 'chevron appearance-none pr-9', className)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type AreaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
};

export function TextArea({ label, error, hint, className, ...rest }: AreaProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(ids) => (
        <textarea
          rows={3}
          {...rest}
          {...ids}
          className={cx(inputClass, 'h-auto! resize-y py-2', className)}
        />
      )}
    </Field>
  );
}

/** A few choices side by side, as radio buttons. */
export function Choice<V extends string>({
  label,
  name,
  value,
  options,
  onChange,
  mark,
  error,
  disabled,
}: {
  readonly label: string;
  readonly name: string;
  readonly value: V | '';
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
  readonly mark?: ReactNode;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
}) {
  return (
    <fieldset className="flex flex-col gap-1" disabled={disabled}>
      <legend className="mb-1 flex flex-wrap items-center gap-2 text-[13px] font-medium text-soft">
        {label}
        {mark}
      </legend>
      <div
        className={cx(
          'flex rounded-lg bg-sunken p-0.5',
          options.length > 4 && 'max-md:grid max-md:grid-cols-3',
        )}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'flex h-9 min-w-0 flex-1 cursor-pointer items-center justify-center rounded-md px-2 text-center text-[13px] font-medium text-soft transition-colors max-md:h-10',
              'has-focus-visible:outline-2 has-focus-visible:outline-accent has-checked:bg-raised has-checked:text-ink has-checked:shadow-card has-disabled:cursor-not-allowed',
            )}
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              value={option.value}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            <span className="truncate">{option.label}</span>
          </label>
        ))}
      </div>
      {error !== undefined && <p className="text-[13px] font-medium text-danger">{error}</p>}
    </fieldset>
  );
}
