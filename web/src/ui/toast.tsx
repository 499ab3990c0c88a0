/** A short word about what happened; news of a conflict is an alert (docs/design/dashboard.md#conflicts-are-news). */
import { X } from 'lucide-react';
import { t } from '../lib/id.ts';
import { createStore, useStore } from '../lib/store.ts';
import { cx } from './classes.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'done' | 'news' | 'problem';
}

const SHOWN_MS = { done: 3_500, news: 9_000, problem: 9_000 };
const toasts = createStore<readonly Toast[]>([]);
let last = 0;

const hide = (id: number): void => toasts.set(toasts.get().filter((one) => one.id !== id));

/** @param kind `done`: as wished; `news`: somebody else was faster; `problem`: it did not work */
export function toast(text: string, kind: Toast['kind'] = 'done'): void {
  last += 1;
  const id = last;
  toasts.set([
    ...toasts
      .get()
      .filter((one) => one.text !== text)
      .slice(-2),
    { id, text, kind },
  ]);
  setTimeout(() => {
    hide(id);
  }, SHOWN_MS[kind]);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-4 md:bottom-6">
      {shown.map(({ id, text, kind }) => (
        <div
          key={id}
          role={kind === 'done' ? 'status' : 'alert'}
          className={cx(
            'rise pointer-events-auto flex max-w-md items-center gap-2 rounded-xl border bg-raised py-1.5 pr-1.5 pl-4 shadow-pop',
            kind === 'problem' ? 'border-danger' : kind === 'news' ? 'border-accent' : 'border-line',
          )}
        >
          <span className={cx('font-medium', kind === 'problem' && 'text-danger')}>{text}</span>
          <button
            type="button"
            aria-label={t.close}
            className="flex size-8 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover"
            onClick={() => hide(id)}
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
