import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, dataOf, whole } from '../lib/api.ts';
import type { HistoryEvent } from './event-words.ts';

const PAGE = 200;

/** What happened, oldest first; earlier pages come when asked for. */
export const useHistory = (id: string) =>
  useInfiniteQuery({
    queryKey: ['history', id],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { ...pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/ticket/{id}/history', { params: { path: { id }, query }, signal }),
      );
      const next =
        meta?.next_cursor === undefined ? null : { cursor: meta.next_cursor, as_of: meta.as_of ?? '' };
      return { ...data, notes: meta?.internal_notes ?? false, next };
    },
    initialPageParam: null as { readonly cursor: string; readonly as_of: string } | null,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  });

/** Its own stream is counted; of the others the moment is what there is. */
const pointOf = ({ stream, revision, timestamp }: HistoryEvent): { revision: number } | { as_of: string } =>
  stream.startsWith('ticket-') ? { revision } : { as_of: timestamp };

/** The ticket as it was right after an event. The past does not change while one looks at it. */
export const useMoment = (id: string, event: HistoryEvent | undefined) =>
  useQuery({
    queryKey: ['history', id, 'at', event?.id],
    queryFn: async ({ signal }) => {
      const query = { ...(event === undefined ? {} : pointOf(event)), limit: 1 };
      const { ticket, crm } = await dataOf(
        api.GET('/api/admin/ticket/{id}/history', { params: { path: { id }, query }, signal }),
      );
      return { ticket, crm };
    },
    enabled: event !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
