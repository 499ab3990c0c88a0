import { lazy, Suspense, useState } from 'react';
import { useMe } from '../lib/me.ts';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/classes.ts';

const AccountMenu = lazy(async () => ({ default: (await import('./account-menu.tsx')).AccountMenu }));

/** The menu comes when it is opened: the first screen does without it. */
export function AccountButton({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const me = useMe();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label={`Menu akun: ${me.name}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        className="relative ml-1 flex size-10 items-center justify-center rounded-full max-md:size-11"
      >
        <Avatar
          name={me.name}
          size="sm"
          mark={
            <span
              className={cx(
                'block size-2 rounded-full',
                me.status === 'online' ? 'bg-good' : 'bg-line-strong',
              )}
            />
          }
        />
      </button>
      {open && (
        <Suspense>
          <AccountMenu onClose={() => setOpen(false)} onShortcuts={onShortcuts} />
        </Suspense>
      )}
    </>
  );
}
