import { useQueries, useQuery } from '@tanstack/react-query';
import { api, dataOf, type Division } from '../lib/api.ts';
import { monthAfter } from './periods.ts';

type Query = Record<string, string>;
const NAME = 'figures';
/** Figures move all day long; nobody needs them by the second. */
const FRESH_MS = 60_000;

const division = (div: Division | 'all', query: Query) => ({
  queryKey: [NAME, 'division', div, query],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    dataOf(api.GET('/api/admin/analytics/division/{div}', { params: { path: { div }, query }, signal })),
  staleTime: FRESH_MS,
});

/** Figures of a division; those of before stay in sight until the new ones are there. */
export const useDivisionFigures = (div: Division | 'all', query: Query) =>
  useQuery({ ...division(div, query), placeholderData: (before) => before });
export type DivisionFigures = NonNullable<ReturnType<typeof useDivisionFigures>['data']>;

const MONTHS = 6;

/** What each channel brought in each of the last months: the API says it month by month. @param last `YYYY-MM` */
export function useChannelMonths(div: Division | 'all', last: string) {
  const months = Array.from({ length: MONTHS }, (_, n) => monthAfter(last, n + 1 - MONTHS));
  return useQueries({
    queries: months.map((period) => division(div, { period })),
    combine: (answers) => ({
      isPending: answers.some(({ isPending }) => isPending),
      error: answers.find(({ error }) => error !== null)?.error ?? null,
      months: answers.flatMap(({ data }, n) =>
        data === undefined ? [] : [{ month: months[n] ?? '', channels: data.roi_per_channel }],
      ),
      refetch: () => {
        for (const answer of answers) if (answer.isError) void answer.refetch();
      },
    }),
  });
}

export const useAgentsFigures = (query: Query) =>
  useQuery({
    queryKey: [NAME, 'agents', query],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/analytics/agents', { params: { query }, signal }))).agents,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
export type AgentFigures = NonNullable<ReturnType<typeof useAgentsFigures>['data']>[number];

const agent = (id: string, query: Query) => ({
  queryKey: [NAME, 'agent', id, query],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    dataOf(api.GET('/api/admin/analytics/agent/{id}', { params: { path: { id }, query }, signal })),
  staleTime: FRESH_MS,
});

export const useAgentFigures = (id: string, query: Query) =>
  useQuery({ ...agent(id, query), placeholderData: (before) => before });
export type OneAgentFigures = NonNullable<ReturnType<typeof useAgentFigures>['data']>;

/** A year of an agent: the API tells three months at a time. @param last `YYYY-MM` */
export function useAgentYear(id: string, last: string) {
  return useQueries({
    queries: [-9, -6, -3, 0].map((by) => agent(id, { period: monthAfter(last, by) })),
    combine: (answers) => ({
      isPending: answers.some(({ isPending }) => isPending),
      error: answers.find(({ error }) => error !== null)?.error ?? null,
      months: answers.flatMap(({ data }) => data?.trend_3mo ?? []),
      refetch: () => {
        for (const answer of answers) if (answer.isError) void answer.refetch();
      },
    }),
  });
}
