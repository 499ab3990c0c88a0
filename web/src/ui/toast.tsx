/** A short word about what happened; news of a conflict is an alert (docs/design/dashboard.md#conflicts-are-news). */
import { lazy, Suspense } from 'react';
import { createStore, useStore } from '../lib/store.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'done' | 'news' | 'problem';
  /** One thing that one may do about it. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

const SHOWN_MS = { done: 3_500, news: 9_000, problem: 9_000 };
const toasts = createStore<readonly Toast[]>([]);
let last = 0;

export const hideToast = (id: number): void => toasts.set(toasts.get().filter((one) => one.id !== id));

/**
 * @param kind `done`: as wished; `news`: somebody else was faster; `problem`: it did not work
 * @returns its id
 */
export function toast(
  text: string,
  kind: Toast['kind'] = 'done',
  action?: Toast['action'],
  shownMs = SHOWN_MS[kind],
): number {
  last += 1;
  const id = last;
  toasts.set([
    ...toasts
      .get()
      .filter((one) => one.text !== text)
      .slice(-2),
    { id, text, kind, action },
  ]);
  setTimeout(() => {
    hideToast(id);
  }, shownMs);
  return id;
}

const load = () => import('./toast-list.tsx');
const ToastList = lazy(async () => ({ default: (await load()).ToastList }));

/** Before the network may go (`app/later.ts`). */
export const readyToasts = (): void => void load().catch(() => undefined);

export function Toasts() {
  const shown = useStore(toasts);
  if (shown.length === 0) return null;
  return (
    <Suspense>
      <ToastList shown={shown} />
    </Suspense>
  );
}
