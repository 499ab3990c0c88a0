/** What customers think of jobs (docs/design/api.md#ratings-of-jobs). */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Days, FiguresSearch } from '../analytics/periods.ts';
import { api, type Division, type Schemas, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';

export type JobRating = Schemas['JobRating'];
export type TechnicianRatings = Schemas['TechnicianRatings'];

/** Period and division as for other figures; `technician` is one of them. */
export interface RatingsSearch extends FiguresSearch {
  technician?: string;
}

export const useRatings = (
  { start: from, end: to }: Days,
  filters: { readonly technician?: string; readonly division?: Division },
) =>
  useInfiniteQuery({
    queryKey: [...keys.ratings, from, to, filters],
    queryFn: async ({ pageParam, signal }) => {
      const query = { from, to, ...filters, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data, meta } = await whole(api.GET('/api/admin/ratings', { params: { query }, signal }));
      return { ...data, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
