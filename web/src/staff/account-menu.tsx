import { useNavigate } from '@tanstack/react-router';
import { Keyboard, LogOut, UserRound } from 'lucide-react';
import { DIVISION, ROLE } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { chooseTheme, theme, type ThemeChoice } from '../lib/theme.ts';
import { useStore } from '../lib/store.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice } from '../ui/field.tsx';
import { signOut } from './sign-out.ts';
import { words } from './words.ts';

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: 'system', label: 'Ikut perangkat' },
  { value: 'light', label: 'Terang' },
  { value: 'dark', label: 'Gelap' },
];

const ROW = 'flex min-h-11 w-full items-center gap-3 rounded-lg px-2 text-left font-medium hover:bg-hover';

export function AccountMenu({
  onClose,
  onShortcuts,
}: {
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const choice = useStore(theme);
  return (
    <Dialog open onClose={onClose} title="Akun" sheet>
      <div className="flex items-center gap-3 pb-4">
        <Avatar name={me.name} size="lg" />
        <div className="min-w-0">
          <p className="truncate text-base font-semibold">{me.name}</p>
          <p className="truncate text-soft">{me.email}</p>
          <p className="mt-1 flex gap-1">
            <Badge tone="grey">{ROLE[me.role]}</Badge>
            <Badge tone="teal">{DIVISION[me.division]}</Badge>
          </p>
        </div>
      </div>
      <Choice label="Tampilan" name="theme" value={choice} options={THEMES} onChange={chooseTheme} />
      <div className="mt-4 flex flex-col border-t border-line pt-3">
        <button
          type="button"
          className={ROW}
          onClick={() => {
            onClose();
            void navigate({ to: '/profile' });
          }}
        >
          <UserRound className="size-[18px] text-soft" aria-hidden="true" />
          Profil dan kata sandi
        </button>
        <button
          type="button"
          className={`${ROW} max-md:hidden`}
          onClick={() => {
            onClose();
            onShortcuts();
          }}
        >
          <Keyboard className="size-[18px] text-soft" aria-hidden="true" />
          Pintasan keyboard
        </button>
        <button type="button" className={`${ROW} text-danger`} onClick={() => void signOut()}>
          <LogOut className="size-[18px]" aria-hidden="true" />
          {words.signOut}
        </button>
      </div>
    </Dialog>
  );
}
