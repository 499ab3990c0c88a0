/** One quiet line while there is no connection: what the screen knows, and that nothing typed is lost. */
import { CloudOff } from 'lucide-react';
import { outbox } from '../lib/outbox.ts';
import { useStore } from '../lib/store.ts';

export function AwayLine() {
  const waiting = useStore(outbox).filter(
    (item) => item.state === 'waiting' && item.holdUntil === undefined,
  ).length;
  return (
    <div
      role="status"
      className="flex shrink-0 items-center justify-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-[13px] font-medium text-warn"
    >
      <CloudOff className="size-4 shrink-0" aria-hidden="true" />
      <span>
        {navigator.onLine
          ? 'Menyambung lagi… Data di layar mungkin belum terbaru.'
          : 'Tidak ada koneksi. Yang Anda ketik tersimpan dan dikirim saat tersambung lagi.'}
        {waiting > 0 && ` ${String(waiting)} hal menunggu dikirim.`}
      </span>
    </div>
  );
}
