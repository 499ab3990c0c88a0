/** A ticket closes some seconds after somebody said so: until then they can take it back (docs/design/dashboard.md#undo). */
import { queryClient } from '../app/query-client.ts';
import { holdMs } from '../conversation/writing/hold.ts';
import { api, dataOf } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { hideToast, toast } from '../ui/toast.tsx';
import { on, sayProblem, withReason } from './commands.ts';

interface Closing {
  readonly toastId: number;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly run: () => Promise<void>;
}
/** By ticket, in the order in which they were closed. */
const closings = new Map<string, Closing>();

function takeOut(ticketId: string): Closing | undefined {
  const found = closings.get(ticketId);
  closings.delete(ticketId);
  if (found === undefined) return undefined;
  clearTimeout(found.timer);
  hideToast(found.toastId);
  return found;
}

/** @returns whether there was one to take back */
export function undoClose(ticketId = [...closings.keys()].at(-1)): boolean {
  if (ticketId === undefined || takeOut(ticketId) === undefined) return false;
  toast('Tiket tetap terbuka.');
  return true;
}

async function close(ticketId: string, reason: string, to: ReturnType<typeof on>): Promise<void> {
  try {
    await dataOf(api.POST('/api/admin/ticket/{id}/close', { ...to, body: withReason(reason) }));
    toast('Tiket ditutup.');
  } catch (error) {
    sayProblem(error);
  }
  for (const queryKey of [keys.ticket(ticketId), keys.inbox, keys.counts])
    void queryClient.invalidateQueries({ queryKey });
}

export function closeSoon(ticketId: string, reason: string): void {
  takeOut(ticketId);
  const to = on(ticketId);
  const run = (): Promise<void> => close(ticketId, reason, to);
  const wait = holdMs();
  if (wait === 0) {
    void run();
    return;
  }
  const undo = { label: 'Urungkan', run: () => void undoClose(ticketId) };
  closings.set(ticketId, {
    run,
    toastId: toast(`Tiket ditutup dalam ${String(wait / 1000)} detik.`, 'done', undo, wait),
    timer: setTimeout(() => void takeOut(ticketId)?.run(), wait),
  });
}

// Who leaves the page has made up their mind.
const onLeave = ({ type }: Event): void => {
  if (type === 'pagehide' || document.visibilityState === 'hidden')
    for (const ticketId of [...closings.keys()]) void takeOut(ticketId)?.run();
};
addEventListener('visibilitychange', onLeave);
addEventListener('pagehide', onLeave);
