/**
 * A part of an outside value, drawn anew only when that part changes. Stands in for `use-sync-external-store/shim/with-selector`, which
 * TanStack Router asks for and which brings a copy of what React has itself (docs/design/dashboard.md#first-load).
 */
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';

interface Selected<Selection> {
  readonly value: Selection;
}

export function useSyncExternalStoreWithSelector<Snapshot, Selection>(
  subscribe: (tell: () => void) => () => void,
  getSnapshot: () => Snapshot,
  _onServer: unknown,
  selector: (snapshot: Snapshot) => Selection,
  isEqual: (a: Selection, b: Selection) => boolean = Object.is,
): Selection {
  /** What is on the screen: an equal part of a new value is the same part. */
  const drawn = useRef<Selected<Selection> | null>(null);
  const select = useMemo(() => {
    let of: { readonly snapshot: Snapshot; readonly selected: Selected<Selection> } | null = null;
    return (): Selection => {
      const snapshot = getSnapshot();
      if (of !== null && Object.is(of.snapshot, snapshot)) return of.selected.value;
      const before = of?.selected ?? drawn.current;
      const value = selector(snapshot);
      const selected = before !== null && isEqual(before.value, value) ? before : { value };
      of = { snapshot, selected };
      return selected.value;
    };
  }, [getSnapshot, selector, isEqual]);
  const value = useSyncExternalStore(subscribe, select);
  useEffect(() => {
    drawn.current = { value };
  }, [value]);
  return value;
}
