import { Menu as Base } from '@base-ui/react/menu';
import type { RefObject } from 'react';
import { cx } from './classes.ts';
import type { MenuEntry } from './menu.tsx';

interface MenuListProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}

/** The open list of a menu; the focus goes back to its button. */
export function MenuList({ anchor, entries, onClose }: MenuListProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} sideOffset={6} align="end" className="z-40 outline-none">
          <Base.Popup
            finalFocus={anchor}
            className="max-h-[70dvh] min-w-56 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-pop outline-none"
          >
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
