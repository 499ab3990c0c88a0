import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, dataOf, whole } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';

/** One list of tickets, page after page. Pages go on by cursor: what moves meanwhile is neither lost nor shown twice. */
export const useTickets = (query: Record<string, string>) =>
  useInfiniteQuery({
    queryKey: keys.list(query),
    queryFn: ({ pageParam, signal }) => {
      const paged = pageParam === null ? query : { ...query, cursor: pageParam };
      return whole(api.GET('/api/admin/inbox', { params: { query: paged }, signal })).then(
        ({ data, meta }) => ({
          tickets: data.tickets,
          total: meta?.total ?? data.tickets.length,
          next: meta?.next_cursor ?? null,
        }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

export const useCounts = () =>
  useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/inbox/counts', { signal })),
  });

export const useTags = (enabled = true) =>
  useQuery({
    queryKey: keys.tags,
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/admin/tags', { signal }))).tags,
    staleTime: 10 * 60_000,
    enabled,
  });

interface AgentsQuery {
  readonly division?: 'all';
  readonly status?: 'online';
  readonly taggable_for?: string;
}

export const useAgents = (query: AgentsQuery, enabled = true) =>
  useQuery({
    queryKey: keys.agents(query),
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/agents', { params: { query }, signal }))).agents,
    enabled,
  });
