/** Signing out by oneself: nothing of a customer stays on this device. A session that ended by itself keeps the drafts. */
import { queryClient } from '../app/query-client.ts';
import { saga } from '../lib/api.ts';
import { forgetShared } from '../media/shared.ts';
import { forgetDrafts } from '../lib/drafts.ts';
import { forgetOutbox, sendHeld } from '../lib/outbox.ts';
import { signedOut } from '../lib/session.ts';

export async function signOut(): Promise<void> {
  // What could still be taken back was meant to be said.
  await sendHeld();
  // Without a connection the session ends by its own time; this device forgets it now.
  await saga.session.logout();
  await Promise.allSettled([forgetDrafts(), forgetOutbox(), forgetShared()]);
  signedOut();
  queryClient.clear();
}
