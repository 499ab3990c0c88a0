/** Visits as their technician sees them (docs/design/field-service.md#who-sees-what). */
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ApiError, dataOf, type Schemas } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { toast } from '../../ui/toast.tsx';
import { on } from '../office/queries.ts';

export type OwnJob = Schemas['OwnJob'];
export type PoolJob = Schemas['PoolJob'];

const poolKey = [...keys.jobs, 'pool'] as const;
const LIMIT = 100;
const paged = (cursor: string | null) => ({ limit: LIMIT, ...(cursor === null ? {} : { cursor }) });

/** What can be taken, the earliest first. */
export const usePool = () =>
  useInfiniteQuery({
    queryKey: poolKey,
    queryFn: ({ pageParam, signal }) =>
      dataOf(api.GET('/api/jobs/pool', { params: { query: paged(pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** What I have and had, the latest first. */
export const useMyJobs = () =>
  useInfiniteQuery({
    queryKey: [...keys.jobs, 'mine'],
    queryFn: ({ pageParam, signal }) =>
      dataOf(api.GET('/api/jobs/mine', { params: { query: paged(pageParam) }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useMyJob = (id: string) =>
  useQuery({
    queryKey: [...keys.jobs, 'mine', id],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/jobs/{id}', { params: { path: { id } }, signal }))).job,
  });

/** It is nobody's to take any more. */
const GONE: ReadonlySet<string> = new Set(['JOB_ALREADY_TAKEN', 'JOB_CLOSED', 'JOB_NOT_FOUND']);

/** Taking one: the row goes at once, whoever got it (docs/design/dashboard.md#conflicts-are-news). */
export function useTake() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const withoutRow = (id: string): void => {
    client.setQueryData<InfiniteData<{ readonly jobs: readonly PoolJob[] }>>(
      poolKey,
      (pool) =>
        pool && {
          ...pool,
          pages: pool.pages.map((page) => ({ ...page, jobs: page.jobs.filter((job) => job.id !== id) })),
        },
    );
  };
  return useMutation({
    mutationFn: (id: string) => dataOf(api.POST('/api/jobs/{id}/take', { ...on(id), body: {} })),
    onSuccess: (_, jobId) => {
      withoutRow(jobId);
      toast('Pekerjaan ini milik Anda.', 'done', {
        label: 'Buka',
        run: () => void navigate({ to: '/my-jobs/$jobId', params: { jobId } }),
      });
    },
    onError: (error, id) => {
      const isGone = error instanceof ApiError && GONE.has(error.code);
      if (isGone) withoutRow(id);
      toast(error.message, isGone ? 'news' : 'problem');
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.jobs }),
  });
}
