/** One quiet line while there is no connection: what the screen knows, and that nothing typed is lost. */
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '../lib/id.ts';
import { outbox } from '../lib/outbox.ts';
import { connection } from '../lib/stream.ts';
import { useStore } from '../lib/store.ts';

/** A hiccup is no news. */
const PATIENCE_MS = 2_500;

export function ConnectionBanner() {
  const state = useStore(connection);
  const waiting = useStore(outbox).filter((item) => item.state === 'waiting').length;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (state !== 'away') {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  if (!shown) return null;
  return (
    <div
      role="status"
      className="flex shrink-0 items-center justify-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-[13px] font-medium text-warn"
    >
      <CloudOff className="size-4 shrink-0" aria-hidden="true" />
      <span>
        {navigator.onLine ? t.reconnecting : t.offline}
        {waiting > 0 && ` ${String(waiting)} pesan menunggu dikirim.`}
      </span>
    </div>
  );
}
