import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';

export const useTicket = (id: string) =>
  useQuery({
    queryKey: keys.ticket(id),
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/ticket/{id}', { params: { path: { id } }, signal })),
  });

/** What every screen may need to know: limits, forms, hours. It changes with a new version or a new hour. */
export const useMeta = () =>
  useQuery({
    queryKey: keys.meta,
    queryFn: ({ signal }) => dataOf(api.GET('/api/meta', { signal })),
    staleTime: 10 * 60_000,
  });
