import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ApiError, dataOf, once, type Schemas, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { toast } from '../ui/toast.tsx';
import type { Audience } from './picked.ts';

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
  readonly audience: Audience;
  readonly templateId: string;
  readonly message: string;
}

/** A part of the filter that chooses nothing is left out. */
function bodyOf({ audience, templateId, message }: NewBlast) {
  const wording = { template_id: templateId, message };
  if ('recipients' in audience) return { ...wording, recipients: [...audience.recipients] };
  const { division, category, crm_stage: stages, tags } = audience.filter;
  return {
    ...wording,
    filter: {
      division,
      ...(category.length > 0 && { category: [...category] }),
      ...(stages.length > 0 && { crm_stage: [...stages] }),
      ...(tags.length > 0 && { tags: [...tags] }),
    },
  };
}

/** Who would get it, who not and why, and what the first of them would read: the API's own answer. */
export const useBlastPreview = (of: NewBlast, enabled = true) =>
  useQuery({
    queryKey: [...keys.blasts, 'preview', of],
    queryFn: ({ signal }) =>
      dataOf(api.POST('/api/admin/blast/preview', { params: once(), body: bodyOf(of), signal })),
    enabled: enabled && (!('recipients' in of.audience) || of.audience.recipients.length > 0),
    staleTime: 10_000,
  });
export type BlastPreview = NonNullable<ReturnType<typeof useBlastPreview>['data']>;

export function useCreateBlast() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (of: NewBlast) =>
      dataOf(api.POST('/api/admin/blast/create', { params: once(), body: bodyOf(of) })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.blasts }),
  });
}
