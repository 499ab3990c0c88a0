import { type ReactNode, useEffect } from 'react';
import { t } from '../lib/id.ts';
import { cx } from './classes.ts';

interface PageProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** A screen that scrolls, with the one `h1` that it has. */
export function Page({ title, actions, narrow = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${t.app}`;
  }, [title]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div
        className={cx('mx-auto w-full px-4 pt-5 pb-10 md:px-8 md:pt-7', narrow ? 'max-w-3xl' : 'max-w-6xl')}
      >
        <div className="mb-5 flex min-h-10 flex-wrap items-center gap-3">
          <h1 className="flex-1 text-xl font-semibold tracking-tight">{title}</h1>
          {actions}
        </div>
        <div className="flex flex-col gap-4">{children}</div>
      </div>
    </div>
  );
}
