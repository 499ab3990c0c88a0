/** What a place shows that has nothing to show: loading, empty, an error, or no right. */
import type { ReactNode } from 'react';
import { ApiError } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Button } from './button.tsx';
import { cx } from './classes.ts';

export function Skeleton({ className }: { readonly className?: string }) {
  return <span className={cx('waiting block rounded-md bg-grey-soft', className)} aria-hidden="true" />;
}

/** Says that something loads, to those who do not see the grey bars. */
export function Loading({ children }: { readonly children: ReactNode }) {
  return (
    <div role="status" aria-live="polite">
      <span className="sr-only">{t.loading}</span>
      {children}
    </div>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}

export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-1 px-8 py-12 text-center">
      <span
        className="mb-3 flex size-12 items-center justify-center rounded-full bg-grey-soft text-soft"
        aria-hidden="true"
      >
        {icon}
      </span>
      <p className="font-semibold text-balance">{title}</p>
      {hint !== undefined && <p className="max-w-xs text-pretty text-soft">{hint}</p>}
      {children !== undefined && <div className="mt-4">{children}</div>}
    </div>
  );
}

/** In the API's words, with a way on. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div
      role="alert"
      className="flex h-full flex-col items-center justify-center gap-1 px-8 py-12 text-center"
    >
      <p className="font-semibold">{t.errors.title}</p>
      <p className="max-w-sm text-pretty text-soft">
        {error instanceof ApiError ? error.message : 'Terjadi kesalahan di halaman ini.'}
      </p>
      {retry !== undefined && (
        <Button className="mt-4" onClick={retry}>
          {t.retry}
        </Button>
      )}
    </div>
  );
}
