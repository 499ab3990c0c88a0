import { X } from 'lucide-react';
import { t } from '../lib/id.ts';
import { Button } from './button.tsx';
import { cx } from './classes.ts';
import { hideToast, type Toast } from './toast.tsx';

export function ToastList({ shown }: { readonly shown: readonly Toast[] }) {
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-4 md:bottom-6">
      {shown.map(({ id, text, kind, action }) => (
        <div
          key={id}
          role={kind === 'done' ? 'status' : 'alert'}
          className={cx(
            'rise pointer-events-auto flex max-w-md items-center gap-2 rounded-xl border bg-raised py-1.5 pr-1.5 pl-4 shadow-pop',
            kind === 'problem' ? 'border-danger' : kind === 'news' ? 'border-accent' : 'border-line',
          )}
        >
          <span className={cx('font-medium', kind === 'problem' && 'text-danger')}>{text}</span>
          {action !== undefined && (
            <Button
              small
              onClick={() => {
                hideToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <button
            type="button"
            aria-label={t.close}
            className="flex size-8 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover"
            onClick={() => hideToast(id)}
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
