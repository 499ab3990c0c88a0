import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './classes.ts';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger' | 'note';

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  plain: 'bg-raised text-ink border border-line hover:bg-hover',
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger-soft text-danger hover:brightness-95',
  note: 'bg-note text-surface hover:brightness-110',
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook;
  readonly small?: boolean;
  /** Work goes on: the button says so and cannot be pressed again. */
  readonly busy?: boolean;
  readonly icon?: ReactNode;
}

/** What a button looks like, for links that are one. */
export const buttonClass = (look: ButtonLook = 'plain', small = false): string =>
  cx(
    'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap select-none transition-colors',
    'disabled:opacity-55 disabled:pointer-events-none',
    small ? 'h-8 px-3 text-[13px] max-md:h-11' : 'h-10 px-4 max-md:h-11',
    LOOKS[look],
  );

export function Button({
  look = 'plain',
  small = false,
  busy = false,
  icon,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(look, small), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: it has no other words. */
  readonly label: string;
  readonly active?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  label,
  active = false,
  className,
  children,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink max-md:size-11',
        'disabled:opacity-45 disabled:pointer-events-none',
        active && 'bg-accent-soft text-accent-ink',
        className,
      )}
    >
      {children}
    </button>
  );
}

export function Spinner({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={cx('size-4 animate-spin', className)} aria-hidden="true">
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="3" opacity=".25" />
      <path
        d="M21 12a9 9 0 0 0-9-9"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
