/** What one does with a ticket. A conflict is news: it is said, the ticket is looked at again, the work goes on. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ApiError, dataOf, hasCode, isOffline, once } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { say } from '../lib/outbox.ts';
import { toast } from '../ui/toast.tsx';
import { focusNextFree } from './next-free.ts';

/** Somebody else was faster, or the world has moved on (docs/design/dashboard.md#conflicts-are-news). */
const NEWS: ReadonlySet<string> = new Set([
  'TICKET_ALREADY_TAKEN',
  'ASSIGNEE_CHANGED',
  'ALREADY_ASSIGNED',
  'TICKET_CLOSED',
  'NOT_ASSIGNED',
  'NOT_ASSIGNEE',
  'AGENT_INACTIVE',
]);

export function sayProblem(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  toast(error.message, NEWS.has(error.code) ? 'news' : 'problem');
}

/** Looks again at everything that shows this ticket. */
export function useLookAgain(): (ticketId: string) => void {
  const client = useQueryClient();
  return (ticketId) => {
    for (const queryKey of [keys.ticket(ticketId), keys.inbox, keys.counts])
      void client.invalidateQueries({ queryKey });
  };
}

function useCommand<V = undefined>(
  ticketId: string,
  run: (input: V) => Promise<unknown>,
  done: string | null,
) {
  const look = useLookAgain();
  return useMutation({
    mutationFn: run,
    onSuccess: () => {
      if (done !== null) toast(done);
    },
    onError: sayProblem,
    onSettled: () => look(ticketId),
  });
}

export const on = (id: string) => ({ params: { path: { id }, ...once() } });

export const useTakeover = (id: string) =>
  useCommand(
    id,
    () =>
      dataOf(api.POST('/api/admin/ticket/{id}/self-takeover', { ...on(id), body: {} })).catch(
        (error: unknown) => {
          if (hasCode(error, 'TICKET_ALREADY_TAKEN')) focusNextFree(id);
          throw error;
        },
      ),
    'Tiket ini sekarang milik Anda.',
  );

export const useAssign = (id: string) =>
  useCommand<{ to: string; note: string }>(
    id,
    ({ to, note }) =>
      dataOf(
        api.POST('/api/admin/ticket/{id}/assign', {
          ...on(id),
          body: { assign_to: to, ...(note === '' ? {} : { note }) },
        }),
      ),
    'Tiket sudah di-assign.',
  );

export const useReassign = (id: string) =>
  useCommand<{ from: string; to: string; reason: string }>(
    id,
    ({ from, to, reason }) =>
      dataOf(
        api.POST('/api/admin/ticket/{id}/reassign', {
          ...on(id),
          body: { from_agent: from, to_agent: to, ...(reason === '' ? {} : { reason }) },
        }),
      ),
    'Tiket sudah dipindahkan.',
  );

export const withReason = (reason: string) => (reason === '' ? {} : { reason });

export const useReopen = (id: string) =>
  useCommand(
    id,
    () => dataOf(api.POST('/api/admin/ticket/{id}/reopen', { ...on(id), body: {} })),
    'Tiket dibuka lagi.',
  );
export const useRelease = (id: string) =>
  useCommand<{ to: 'queue' | 'bot'; reason: string }>(
    id,
    ({ to, reason }) =>
      dataOf(api.POST('/api/admin/ticket/{id}/release', { ...on(id), body: { to, ...withReason(reason) } })),
    'Tiket dilepas.',
  );
export const useSnooze = (id: string) =>
  useCommand<string>(
    id,
    (until) => dataOf(api.POST('/api/admin/ticket/{id}/snooze', { ...on(id), body: { until } })),
    'Tiket ditunda.',
  );
export const useUnsnooze = (id: string) =>
  useCommand(
    id,
    () => dataOf(api.POST('/api/admin/ticket/{id}/unsnooze', { ...on(id), body: {} })),
    'Tiket dilanjutkan.',
  );
/** Without a connection it waits with what was said (docs/design/dashboard.md#drafts-and-the-outbox). */
export const useTag = (id: string, userId: string) =>
  useCommand<{ action: 'add' | 'remove'; tag: string }>(
    id,
    (body) =>
      dataOf(api.POST('/api/admin/ticket/{id}/tag', { ...on(id), body })).catch((error: unknown) => {
        if (!isOffline(error)) throw error;
        say(userId, id, { kind: 'tag', ...body });
      }),
    null,
  );
