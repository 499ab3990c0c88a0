/** `Ctrl K`: to a place, or into what was ever said, without a hand on the mouse. */
import { useNavigate } from '@tanstack/react-router';
import { MessageSquareText, Users } from 'lucide-react';
import { useId, useState } from 'react';
import { useMe } from '../lib/me.ts';
import { cx } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/field.tsx';
import { adminPlacesOf } from './admin/places.ts';
import type { Place } from './navigation.ts';

export function Palette({
  places,
  onClose,
}: {
  readonly places: readonly Place[];
  readonly onClose: () => void;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const q = text.trim();
  const go = (to: string) => () => navigate({ to });
  const all = [
    ...[...places, ...adminPlacesOf(me)].map(({ to, label, icon }) => ({ label, icon, run: go(to) })),
  ].filter(({ label }) => label.toLowerCase().includes(q.toLowerCase()));
  const entries =
    q === ''
      ? all
      : [
          ...all,
          ...(me.privileges.includes('messages_read')
            ? [
                {
                  label: `Cari “${q}” di isi pesan`,
                  icon: MessageSquareText,
                  run: () => navigate({ to: '/search', search: { q } }),
                },
              ]
            : []),
          ...(me.privileges.includes('inbox_read')
            ? [
                {
                  label: `Cari pelanggan “${q}”`,
                  icon: Users,
                  run: () => navigate({ to: '/customers', search: { q } }),
                },
              ]
            : []),
        ];
  const now = Math.min(at, entries.length - 1);
  const choose = (entry: (typeof entries)[number] | undefined): void => {
    if (entry === undefined) return;
    onClose();
    void entry.run();
  };
  return (
    <Dialog open onClose={onClose} title="Ke mana?">
      <SearchField
        label="Halaman, pelanggan, atau kata di pesan"
        value={text}
        autoFocus
        aria-controls={id}
        aria-activedescendant={entries.length > 0 ? `${id}-${String(now)}` : undefined}
        aria-autocomplete="list"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setAt((now + (event.key === 'ArrowDown' ? 1 : entries.length - 1)) % entries.length);
          } else if (event.key === 'Enter') choose(entries[now]);
        }}
      />
      <ul id={id} role="listbox" aria-label="Tujuan" className="mt-3 max-h-80 overflow-y-auto">
        {entries.map((entry, n) => (
          <li
            key={entry.label}
            id={`${id}-${String(n)}`}
            role="option"
            aria-selected={n === now}
            onClick={() => choose(entry)}
            className={cx(
              'flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 max-md:min-h-11',
              n === now ? 'bg-accent-soft text-accent-ink' : 'hover:bg-hover',
            )}
          >
            <entry.icon className="size-[18px] shrink-0" aria-hidden="true" />
            <span className="truncate">{entry.label}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
