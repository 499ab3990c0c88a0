import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './classes.ts';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  /** A key that does the same. */
  readonly keys?: string;
  readonly onSelect: () => void;
}

/** A list of things to do, opened by its trigger. */
export function Menu({
  trigger,
  entries,
  head,
}: {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly entries: readonly MenuEntry[];
  readonly head?: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-40 outline-none">
          <Base.Popup className="max-h-[70dvh] min-w-56 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-pop transition-opacity duration-100 outline-none data-ending-style:opacity-0 data-starting-style:opacity-0">
            {head}
            {entries.map(({ label, icon, danger = false, keys, onSelect }) => (
              <Base.Item
                key={label}
                onClick={onSelect}
                className={cx(
                  'flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 outline-none select-none data-highlighted:bg-hover max-md:min-h-11',
                  danger ? 'text-danger' : 'text-ink',
                )}
              >
                {icon !== undefined && <span className={danger ? '' : 'text-soft'}>{icon}</span>}
                <span className="flex-1">{label}</span>
                {keys !== undefined && (
                  <kbd className="rounded border border-line px-1.5 font-sans text-[11px] text-faint max-md:hidden">
                    {keys}
                  </kbd>
                )}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
