/** What the server said, kept and shared: one cache for all screens. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../lib/api.ts';
import { secondFactorWanted } from './gates.ts';

/** An answer that would be the same again is not asked for again; the client has tried some times itself. */
const mayHelp = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.status === 429);

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'SECOND_FACTOR_NOT_SET_UP')
        secondFactorWanted.set(true);
    },
  }),
  defaultOptions: {
    queries: {
      // The stream says what has changed: nothing is asked for again only because time went by.
      staleTime: 60_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && mayHelp(error),
      retryDelay: (failures, error) =>
        error instanceof ApiError && error.retryAfter !== null
          ? error.retryAfter
          : Math.min(500 * 2 ** failures, 8_000) * (0.75 + Math.random() / 2),
      // `navigator.onLine` is often wrong: an answer, or none, is what counts.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
