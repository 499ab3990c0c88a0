/** What the pages of the administration are made of. */
import {
  type QueryKey,
  type UseInfiniteQueryResult,
  useMutation,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { ApiError, type Privilege } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Button } from './button.tsx';
import { NoPermission } from './no-permission.tsx';
import { Page } from './page.tsx';
import { Failed, Loading, Skeleton } from './states.tsx';
import { toast } from './toast.tsx';

export function Card({
  title,
  hint,
  action,
  children,
}: {
  readonly title?: string;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="rounded-2xl border border-line bg-surface p-4 md:p-5">
      {title !== undefined && (
        <div className="mb-4 flex flex-wrap items-start gap-x-3 gap-y-2">
          <div className="min-w-0 flex-1">
            <h2 className="text-[15px] font-semibold">{title}</h2>
            {hint !== undefined && <p className="mt-0.5 text-pretty text-soft">{hint}</p>}
          </div>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}

/** Rows in one box. */
export function Rows({ children }: { readonly children: ReactNode }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface">
      {children}
    </ul>
  );
}

/** At the end of a list that goes on: it comes by itself when one gets there. */
export function MoreRows({
  list: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
  readonly list: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (end.current === null || !hasNextPage || isFetchingNextPage) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
      },
      { rootMargin: '400px' },
    );
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={end} className="flex justify-center">
      <Button small look="quiet" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t.more}
      </Button>
    </div>
  );
}

export function Waiting({ rows = 5 }: { readonly rows?: number }) {
  return (
    <Loading>
      <div className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface">
        {Array.from({ length: rows }, (_, n) => (
          <div key={n} className="flex items-center gap-3 px-4 py-4">
            <Skeleton className="size-9 rounded-full" />
            <Skeleton className="h-4 max-w-sm flex-1" />
          </div>
        ))}
      </div>
    </Loading>
  );
}

/** What was asked for, or why it is not there yet. An answer of before stays in view while a newer one fails. */
export function Answer<T>({
  query,
  rows,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Waiting {...(rows === undefined ? {} : { rows })} />;
}

/** A page for who has one of the privileges; for others it says so and asks the API nothing. */
export function Guarded({
  title,
  needs,
  children,
}: {
  readonly title: string;
  readonly needs: readonly Privilege[];
  readonly children: ReactNode;
}) {
  const { privileges } = useMe();
  if (needs.some((one) => privileges.includes(one))) return children;
  return (
    <Page title={title}>
      <NoPermission />
    </Page>
  );
}

/** Runs a command, says how it went and asks again for what it changed. */
export function useAdminCommand<V, R>(
  run: (input: V) => Promise<R>,
  {
    done,
    changes,
  }: { readonly done?: string | ((result: R) => string); readonly changes: readonly QueryKey[] },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (result) => {
      if (done !== undefined) toast(typeof done === 'string' ? done : done(result));
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.details.length === 0) toast(error.message, 'problem');
    },
    onSettled: () => Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** What the API says about single fields, by the name of the field. */
export const fieldErrors = (
  error: unknown,
  byCode: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  if (!(error instanceof ApiError)) return {};
  const named = byCode[error.code];
  if (named !== undefined) return { [named]: error.message };
  return Object.fromEntries(error.details.map(({ path, message }) => [path, message]));
};
