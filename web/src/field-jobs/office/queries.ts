/** Visits as the office sees them (docs/design/field-service.md#who-sees-what). */
import {
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { api, ApiError, dataOf, type Division, once, type Schemas } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { toast } from '../../ui/toast.tsx';

export type Job = Schemas['Job'];
export type JobStatus = Job['status'];

/** The filters in the address. */
export interface JobsSearch {
  day?: string;
  division?: Division;
}

interface JobsQuery {
  day?: string;
  division?: Division;
  ticket?: string;
  customer?: string;
  limit: number;
}

/** Visits, page by page; the live stream has them asked for again (web/src/app/live.ts). */
export const useJobs = (query: JobsQuery) =>
  useInfiniteQuery({
    queryKey: [...keys.jobs, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET('/api/admin/jobs', {
          params: { query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });

export const useJob = (id: string) =>
  useQuery({
    queryKey: [...keys.jobs, 'one', id],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/jobs/{id}', { params: { path: { id } }, signal }))).job,
  });

/** What the divisions do; it changes with a new version only. */
export const useServices = () =>
  useQuery({
    queryKey: ['services'],
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/services', { signal }))).services,
    staleTime: 10 * 60_000,
  });

/** How a service is called; its key until that is known. */
export function useServiceName(): (kind: string) => string {
  const { data = [] } = useServices();
  return (kind) => data.find(({ key }) => key === kind)?.label ?? kind;
}

/** Somebody was faster, or the world has moved on (docs/design/dashboard.md#conflicts-are-news). */
const NEWS: ReadonlySet<string> = new Set([
  'JOB_ALREADY_TAKEN',
  'ASSIGNEE_CHANGED',
  'ALREADY_ARRIVED',
  'JOB_CLOSED',
  'JOB_NOT_ASSIGNED',
  'JOB_NOT_DONE',
  'INVOICE_EXISTS',
]);

export const isNews = (error: unknown): boolean => error instanceof ApiError && NEWS.has(error.code);

/** Runs a command on visits, says how it went, and asks again for what it changed, also after a refusal. */
export function useJobCommand<V, R>(
  run: (input: V) => Promise<R>,
  done: string | null,
  changes: readonly QueryKey[] = [],
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => {
      if (done !== null) toast(done);
    },
    onError: (error) => {
      // What is about a field stands at the field.
      if (!(error instanceof ApiError) || error.details.length === 0)
        toast(error.message, isNews(error) ? 'news' : 'problem');
    },
    onSettled: () =>
      Promise.all(
        [keys.jobs, keys.capacity, ...changes].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}

/** The path of a job, and a key for one intent. */
export const on = (id: string) => ({ params: { path: { id }, ...once() } });

/** The days that a refusal for want of room names instead; none for any other error. */
export function freeDaysOf(error: unknown): readonly string[] {
  if (!(error instanceof ApiError) || error.code !== 'NO_CAPACITY') return [];
  const days = error.details[0]?.params['next_free_days'];
  return Array.isArray(days) ? days.filter((day): day is string => typeof day === 'string') : [];
}
