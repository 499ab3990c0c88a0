/** A new version is there: it is taken when the person says so, never in the middle of the work. */
import { RefreshCw } from 'lucide-react';
import { createStore, useStore } from '../../lib/store.ts';
import { Button } from '../../ui/button.tsx';

export const waitingWorker = createStore<ServiceWorker | null>(null);

function take(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage('skip-waiting');
}

export function UpdatePrompt() {
  const worker = useStore(waitingWorker);
  if (worker === null) return null;
  return (
    <div
      role="status"
      className="rise fixed inset-x-4 bottom-20 z-50 mx-auto flex max-w-md flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-accent bg-raised py-2 pr-2 pl-4 shadow-pop md:bottom-6"
    >
      <RefreshCw className="size-4 shrink-0 text-accent-ink" aria-hidden="true" />
      <span className="min-w-40 flex-1">
        <span className="block font-medium">Versi baru tersedia</span>
        <span className="block text-[13px] text-faint">Draf Anda tetap tersimpan.</span>
      </span>
      <Button small look="quiet" onClick={() => waitingWorker.set(null)}>
        Nanti
      </Button>
      <Button small look="primary" onClick={() => take(worker)}>
        Muat ulang
      </Button>
    </div>
  );
}
