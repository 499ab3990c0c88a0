import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ApiError, dataOf, once, type Schemas, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { toast } from '../ui/toast.tsx';

export type Blast = Schemas['Blast'];
export type Recipient = Schemas['BlastRecipient'];

export const useBlasts = (status: Blast['status'] | undefined) =>
  useInfiniteQuery({
    queryKey: [...keys.blasts, 'list', status ?? 'all'],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 30,
        ...(status === undefined ? {} : { status }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const { data, meta } = await whole(api.GET('/api/admin/blast', { params: { query }, signal }));
      return { blasts: data.blasts, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

/** How far it is; the stream says when to look again. */
export const useBlastStatus = (id: string) =>
  useQuery({
    queryKey: [...keys.blasts, 'status', id],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/admin/blast/{id}/status', { params: { path: { id } }, signal })),
  });
export type BlastStatus = NonNullable<ReturnType<typeof useBlastStatus>['data']>;

/** Up to a thousand recipients come with it: while it is being sent, now and then will do. */
const WHILE_SENDING_MS = 6_000;

/** @param status as the small answer says it: when it changes, this one is asked for anew */
export const useBlast = (id: string, status: Blast['status'] | undefined) =>
  useQuery({
    queryKey: ['blast', id, status ?? 'pending'],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/blast/{id}', { params: { path: { id } }, signal }))).blast,
    placeholderData: (before) => before,
    staleTime: WHILE_SENDING_MS,
    refetchInterval: status === 'sending' || status === 'approved' ? WHILE_SENDING_MS : false,
  });
export type WholeBlast = NonNullable<ReturnType<typeof useBlast>['data']>;

/** Somebody else decided first: that is news (docs/design/dashboard.md#conflicts-are-news). */
const sayProblem = (error: Error): void =>
  void toast(error.message, error instanceof ApiError && error.status === 409 ? 'news' : 'problem');

function useOnBlast<V>(id: string, run: (input: V) => Promise<unknown>, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => toast(done),
    onError: sayProblem,
    onSettled: () => {
      for (const queryKey of [keys.blasts, ['blast', id], ['notifications']])
        void client.invalidateQueries({ queryKey });
    },
  });
}

const on = (id: string) => ({ params: { path: { id }, ...once() }, body: {} });

export const useApprove = (id: string) =>
  useOnBlast<undefined>(
    id,
    () => dataOf(api.POST('/api/admin/blast/{id}/approve', on(id))),
    'Blast disetujui dan segera dikirim.',
  );
export const useReject = (id: string) =>
  useOnBlast<string>(
    id,
    (reason) => dataOf(api.POST('/api/admin/blast/{id}/reject', { ...on(id), body: { reason } })),
    'Blast ditolak. Pembuatnya diberi tahu.',
  );
export const usePause = (id: string) =>
  useOnBlast<undefined>(
    id,
    () => dataOf(api.POST('/api/admin/blast/{id}/pause', on(id))),
    'Pengiriman dijeda.',
  );
export const useResume = (id: string) =>
  useOnBlast<undefined>(
    id,
    () => dataOf(api.POST('/api/admin/blast/{id}/resume', on(id))),
    'Pengiriman dilanjutkan.',
  );
export const useCancel = (id: string) =>
  useOnBlast<undefined>(
    id,
    () => dataOf(api.POST('/api/admin/blast/{id}/cancel', on(id))),
    'Blast dibatalkan.',
  );

export interface NewBlast {
  readonly recipients: readonly string[];
  readonly templateId: string;
  readonly message: string;
}

/** Who would get it, who not and why, and what the first of them would read: the API's own answer. */
export const useBlastPreview = ({ recipients, templateId, message }: NewBlast) =>
  useQuery({
    queryKey: [...keys.blasts, 'preview', recipients, templateId, message],
    queryFn: ({ signal }) =>
      dataOf(
        api.POST('/api/admin/blast/preview', {
          params: once(),
          body: { recipients: [...recipients], template_id: templateId, message },
          signal,
        }),
      ),
    enabled: recipients.length > 0,
    staleTime: 10_000,
  });

export function useCreateBlast() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ recipients, templateId, message }: NewBlast) =>
      dataOf(
        api.POST('/api/admin/blast/create', {
          params: once(),
          body: { recipients: [...recipients], template_id: templateId, message },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.blasts }),
  });
}
