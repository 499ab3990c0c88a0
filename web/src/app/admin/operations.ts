/** What the installation says of itself; asked for again while somebody looks. */
import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../lib/api.ts';
import type { Tone } from '../../ui/badge.tsx';

const EVERY_MS = 10_000;

export const useOperations = () =>
  useQuery({
    queryKey: ['admin', 'operations'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/operations', { signal })),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  });
export type Operations = NonNullable<ReturnType<typeof useOperations>['data']>;
export type Line = Operations['lines'][number];

export const LINE: Readonly<Record<Line['state'], { readonly word: string; readonly tone: Tone }>> = {
  sending: { word: 'mengirim', tone: 'green' },
  stopped: { word: 'berhenti', tone: 'red' },
  unknown: { word: 'dikirim proses lain', tone: 'grey' },
};
