/** This device: pushes on or off, and the app on the home screen. */
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/button.tsx';
import { Switch } from '../ui/switch.tsx';
import { toast } from '../ui/toast.tsx';
import { installPrompt, isAppleTouch, isInstalled } from '../lib/install.ts';
import { type PushState, pushState, renewPush, switchPushOff, switchPushOn } from './push.ts';

const HINT: Readonly<Record<PushState, string>> = {
  unknown: 'Memeriksa perangkat ini…',
  unsupported: 'Browser ini tidak mendukung notifikasi push.',
  'not-set-up': 'Server belum disiapkan untuk notifikasi push.',
  denied: 'Anda menolak notifikasi. Izinkan di pengaturan situs pada browser, lalu buka halaman ini lagi.',
  off: 'Berdering di perangkat ini juga saat aplikasi tertutup.',
  on: 'Pesan pelanggan dan catatan internal tampil dan bergetar berbeda. Isi pesan tidak tampil di layar kunci.',
};

export function DeviceCard() {
  const state = useStore(pushState);
  const offered = useStore(installPrompt);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    // What fails is said when the person switches it on.
    if (state === 'unknown') renewPush().catch(() => pushState.set('off'));
  }, [state]);
  const apple = isAppleTouch() && !isInstalled();
  const change = async (on: boolean): Promise<void> => {
    setBusy(true);
    try {
      await (on ? switchPushOn() : switchPushOff());
    } catch (error) {
      toast(error instanceof Error ? error.message : HINT.unsupported, 'problem');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      <Switch
        name="push"
        label="Notifikasi push"
        hint={apple ? 'Di iPhone dan iPad: pasang dulu aplikasi ini di layar utama.' : HINT[state]}
        checked={state === 'on'}
        disabled={busy || apple || (state !== 'on' && state !== 'off')}
        onChange={(on) => void change(on)}
      />
      {offered !== null && (
        <Button
          className="self-start"
          icon={<Download className="size-4" aria-hidden="true" />}
          onClick={() => void offered.prompt().then(() => installPrompt.set(null))}
        >
          Pasang aplikasi
        </Button>
      )}
      {apple && (
        <p className="text-soft">
          Ketuk <strong className="font-semibold">Bagikan</strong>, lalu{' '}
          <strong className="font-semibold">Tambah ke Layar Utama</strong>.
        </p>
      )}
    </div>
  );
}
