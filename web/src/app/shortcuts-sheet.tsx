import { shortcutsOn, switchShortcuts } from '../lib/shortcuts.ts';
import { useStore } from '../lib/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Switch } from '../ui/switch.tsx';
import type { Place } from './navigation.ts';

const GROUPS: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [keys: string, what: string])[];
}[] = [
  {
    title: 'Daftar tiket',
    rows: [
      ['j / k', 'Tiket berikutnya / sebelumnya'],
      ['/', 'Cari nama atau nomor'],
      ['Ctrl K', 'Cari halaman dan isi pesan'],
      ['x', 'Pilih tiket'],
      ['Esc atau u', 'Kembali ke daftar'],
      ['g f', 'Ke tab FREE'],
    ],
  },
  {
    title: 'Tiket',
    rows: [
      ['r', 'Tulis balasan ke pelanggan'],
      ['n', 'Tulis catatan internal'],
      ['t', 'Ambil alih'],
      ['a', 'Assign atau pindahkan'],
      ['l', 'Ubah tag'],
      ['e', 'Tutup tiket'],
      ['z', 'Urungkan balasan atau penutupan'],
      ['/', 'Balasan cepat, di kotak balasan kosong'],
      ['Ctrl Enter', 'Kirim'],
    ],
  },
];

function Keys({ keys }: { readonly keys: string }) {
  return (
    <kbd className="rounded-md border border-line bg-sunken px-1.5 py-0.5 font-sans text-[12px] font-medium text-soft">
      {keys}
    </kbd>
  );
}

export function ShortcutsSheet({
  places,
  onClose,
}: {
  readonly places: readonly Place[];
  readonly onClose: () => void;
}) {
  const on = useStore(shortcutsOn);
  const groups = [
    ...GROUPS,
    { title: 'Berpindah', rows: places.map(({ key, label }) => [`g ${key}`, label] as const) },
  ];
  return (
    <Dialog open onClose={onClose} title="Pintasan keyboard" hint="Tidak aktif selama Anda mengetik." wide>
      <Switch checked={on} onChange={switchShortcuts} label="Pakai pintasan satu tombol" />
      <div className="mt-4 grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3 className="mb-1 text-[12px] font-semibold text-faint">{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div
                  key={keys}
                  className="flex items-center justify-between gap-4 border-b border-line py-2 last:border-0"
                >
                  <dt className="text-soft">{what}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
