/** To one message of a talk, however far back: the pages before it are read until it is there. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { toast } from '../ui/toast.tsx';

type Talk = Pick<
  UseInfiniteQueryResult,
  'isPending' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'
>;

export function useJump(
  wanted: string | undefined,
  known: readonly { readonly id: string }[],
  { isPending, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage }: Talk,
): void {
  const done = useRef<string | undefined>(undefined);
  const isThere = known.some(({ id }) => id === wanted);
  useEffect(() => {
    if (wanted === undefined || isPending || done.current === wanted) return;
    if (isThere) {
      done.current = wanted;
      const line = document.getElementById(`m-${wanted}`);
      line?.scrollIntoView({ block: 'center' });
      line?.focus({ preventScroll: true });
    } else if (!hasNextPage || isFetchNextPageError) {
      done.current = wanted;
      toast('Pesan itu tidak dapat ditemukan di percakapan ini.', 'problem');
    } else if (!isFetchingNextPage) void fetchNextPage();
  }, [wanted, isThere, isPending, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
}
