import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, dataOf, type Me, once, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { toast } from '../ui/toast.tsx';
import type { FollowUpSearch } from './search.ts';

const NAME = 'follow-ups';

/** Who sees all divisions asks for all, unless they chose one. */
export const seesAll = ({ role, division }: Me): boolean =>
  role === 'super_admin' || role === 'team_lead' || division === 'all';

export const leadsQuery = (
  { category, division, whose }: FollowUpSearch,
  me: Me,
): Record<string, string> => ({
  ...(seesAll(me) ? { division: division ?? 'all' } : {}),
  ...(category === undefined ? {} : { category }),
  ...(whose === undefined ? {} : { assigned_to: whose }),
});

/** What the last night recommended and nobody has acted on, hottest first. */
export const useLeads = (query: Record<string, string>) =>
  useInfiniteQuery({
    queryKey: [NAME, 'leads', query],
    queryFn: async ({ pageParam, signal }) => {
      const paged = { ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/followup/recommendations', { params: { query: paged }, signal }),
      );
      return { leads: data.leads, total: meta?.total ?? data.leads.length, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
export type Lead = NonNullable<ReturnType<typeof useLeads>['data']>['pages'][number]['leads'][number];

export const useTemplates = () =>
  useQuery({
    queryKey: [NAME, 'templates'],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/followup/templates', { signal }))).templates,
    staleTime: 5 * 60_000,
  });
export type Template = NonNullable<ReturnType<typeof useTemplates>['data']>[number];

/** What somebody is about to send: a template as it is, or their own words. */
export interface Wording {
  readonly templateId: string | null;
  readonly message: string;
}

/** As the API takes it: a template that nobody changed goes by its id alone. */
export function wordingBody(
  { templateId, message }: Wording,
  templates: readonly Template[],
): { template_id?: string; message?: string } {
  const chosen = templates.find(({ id }) => id === templateId);
  const isUntouched = chosen !== undefined && message === chosen.body;
  return { ...(chosen === undefined ? {} : { template_id: chosen.id }), ...(isUntouched ? {} : { message }) };
}

const AFTER_TYPING_MS = 400;

/** A value that has stood still for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), AFTER_TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** What this customer would read, and whether it may go out: the API's own answer. */
export function usePreview(ticketId: string, wording: Wording, templates: readonly Template[]) {
  const settled = useSettled(wording);
  const body = wordingBody(settled, templates);
  return useQuery({
    queryKey: [NAME, 'preview', ticketId, body],
    queryFn: ({ signal }) =>
      dataOf(
        api.POST('/api/admin/ticket/{id}/followup/preview', {
          params: { path: { id: ticketId }, ...once() },
          body,
          signal,
        }),
      ),
    enabled: settled.message.trim() !== '',
    placeholderData: (before) => before,
    staleTime: 10_000,
  });
}

export function useSendFollowUp(ticketId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { template_id?: string; message?: string }) =>
      dataOf(
        api.POST('/api/admin/ticket/{id}/followup', { params: { path: { id: ticketId }, ...once() }, body }),
      ),
    onSuccess: () => toast('Follow-up dikirim dan dicatat di tiket.'),
    onError: (error) => toast(error.message, 'problem'),
    onSettled: () => {
      for (const queryKey of [[NAME, 'leads'], keys.ticket(ticketId), keys.messages(ticketId)])
        void client.invalidateQueries({ queryKey });
    },
  });
}
