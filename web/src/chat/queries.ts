import { useQuery } from '@tanstack/react-query';
import { api, dataOf, type Division } from '../lib/api.ts';

export const faqKey = (division: Division) => ['admin', 'faq', division] as const;

export const useFaq = (division: Division) =>
  useQuery({
    queryKey: faqKey(division),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/admin/faq/{div}', { params: { path: { div: division } }, signal })),
    // What one writes stands beside it: it changes when one asks for it.
    refetchOnWindowFocus: false,
  });
export type FaqContent = NonNullable<ReturnType<typeof useFaq>['data']>['faq'];
export type FaqIntent = FaqContent['intents'][string];

/** Figures move all day long; nobody needs them by the second. */
const FRESH_MS = 60_000;

export const useChatFigures = (division: Division | 'all', query: Record<string, string>) =>
  useQuery({
    queryKey: ['figures', 'chatbot', division, query],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/admin/analytics/chatbot', { params: { query: { division, ...query } }, signal })),
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
export type ChatFigures = NonNullable<ReturnType<typeof useChatFigures>['data']>;
