/** Which tickets of the list are ticked; null: nobody is choosing. It lasts while the page is open. */
import { createStore } from '../../lib/store.ts';

export const selection = createStore<ReadonlySet<string> | null>(null);

export function tick(id: string): void {
  const next = new Set(selection.get());
  if (!next.delete(id)) next.add(id);
  selection.set(next);
}
