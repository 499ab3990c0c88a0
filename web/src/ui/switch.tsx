import { useId } from 'react';
import { cx } from './classes.ts';

interface SwitchProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label: string;
  readonly name?: string;
  readonly hint?: string;
  readonly disabled?: boolean | undefined;
}

export function Switch({ checked, onChange, label, name, hint, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex min-h-10 items-center gap-3 max-md:min-h-11">
      <button
        type="button"
        role="switch"
        id={id}
        name={name}
        aria-checked={checked}
        disabled={disabled}
        onClick={() => onChange(!checked)}
        className={cx(
          'relative h-6 w-10 shrink-0 rounded-full transition-colors disabled:opacity-55',
          checked ? 'bg-accent' : 'bg-line-strong',
        )}
      >
        <span
          className={cx(
            'absolute top-0.5 left-0.5 size-5 rounded-full bg-white shadow-card transition-transform',
            checked && 'translate-x-4',
          )}
        />
      </button>
      <label htmlFor={id} className="min-w-0">
        <span className="block font-medium">{label}</span>
        {hint !== undefined && <span className="block text-[13px] text-faint">{hint}</span>}
      </label>
    </div>
  );
}
