import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { IconButton } from './button.tsx';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  /** A key that does the same. */
  readonly keys?: string;
  readonly onSelect: () => void;
}

const load = () => import('./menu-list.tsx');
const MenuList = lazy(async () => ({ default: (await load()).MenuList }));

interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  /** The icon of its button. */
  readonly children: ReactNode;
}

/** A list of things to do. It comes when somebody is about to open it: a page needs it rarely. */
export function Menu({ label, entries, children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        active={open}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={() => void load()}
        onClick={() => setOpen(!open)}
      >
        {children}
      </IconButton>
      {open && (
        <Suspense>
          <MenuList anchor={button} entries={entries} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
