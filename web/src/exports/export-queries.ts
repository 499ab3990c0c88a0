/** Files that are made of the figures. The link to one is told once, to who asked for it: it is kept while the page is open. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, dataOf, type Division, once, type Schemas } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { createStore } from '../lib/store.ts';
import { toast } from '../ui/toast.tsx';

export type Export = Schemas['Export'];
export const isUnderWay = ({ status }: Export): boolean => status === 'pending' || status === 'running';

/** Signed links by export. */
export const links = createStore<Readonly<Record<string, string>>>({});

/** How often one is asked for that is being made, should the stream be silent. */
const ASK_MS = 2_000;

export const useExports = () =>
  useQuery({
    queryKey: keys.exports,
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/export', { params: { query: { limit: 10 } }, signal }))).exports,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? ASK_MS : false),
  });

export interface ExportWish {
  readonly type: 'excel' | 'division_summary' | 'agent_performance' | 'jobs' | 'invoices';
  readonly division: Division | 'all';
  readonly start: string;
  readonly end: string;
}

export function useRequestExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ type, division, start, end }: ExportWish) => {
      const body = { division, date_range: { start, end } };
      return type === 'excel' || type === 'jobs' || type === 'invoices'
        ? dataOf(api.POST(`/api/export/${type}`, { params: once(), body }))
        : dataOf(api.POST('/api/export/pdf', { params: once(), body: { ...body, report_type: type } }));
    },
    onSuccess: ({ export_id: id, download_url: url }) => {
      links.set({ ...links.get(), [id]: url });
      return client.invalidateQueries({ queryKey: keys.exports });
    },
    onError: (error) => toast(error.message, 'problem'),
  });
}
