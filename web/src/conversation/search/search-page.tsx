/** What was ever said, found by its words: grouped by ticket, each hit leads to its message (docs/design/api.md#search). */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { Lock, SearchX, Search as SearchIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { seesAll, useSettled } from '../../follow-ups/queries.ts';
import { api, whole } from '../../lib/api.ts';
import { momentOf } from '../../lib/dates.ts';
import { useMe } from '../../lib/me.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Badge } from '../../ui/badge.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Guarded, MoreRows, Waiting } from '../../ui/parts.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { grouped, type Hit, pieces } from './hits.ts';

const here = getRouteApi('/inside/search');
const TITLE = 'Cari di percakapan';
/** The API's. */
const MOST_CHARACTERS = 100;

export function SearchPage() {
  const { q = '' } = here.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const [text, setText] = useState(q);
  const box = useRef<HTMLInputElement>(null);
  const settled = useSettled(text.trim());
  useShortcuts({ '/': () => box.current?.focus() });
  useEffect(() => box.current?.focus(), []);
  useEffect(() => {
    // Who has opened a hit meanwhile is not led back.
    if (router.state.location.pathname !== '/search') return;
    void navigate({ to: '/search', search: settled === '' ? {} : { q: settled }, replace: true });
  }, [settled, navigate, router]);
  return (
    <Guarded title={TITLE} needs={['messages_read']}>
      <Page title={TITLE} narrow>
        <SearchField
          ref={box}
          label="Kata di dalam pesan"
          maxLength={MOST_CHARACTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {settled === '' ? (
          <Empty
            icon={<SearchIcon className="size-6" />}
            title="Cari apa yang pernah dikatakan"
            hint="Kata boleh dalam urutan apa pun, dan cukup awalnya saja."
          />
        ) : (
          <Hits q={settled} />
        )}
      </Page>
    </Guarded>
  );
}

function Hits({ q }: { readonly q: string }) {
  const all = seesAll(useMe());
  const list = useInfiniteQuery({
    queryKey: ['search', q, all],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        q,
        limit: 50,
        ...(all ? { division: 'all' as const } : {}),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const { data, meta } = await whole(api.GET('/api/admin/search', { params: { query }, signal }));
      return { hits: data.hits, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 10_000,
  });
  const hits = list.data?.pages.flatMap((page) => page.hits) ?? [];
  if (list.isPending) return <Waiting />;
  if (list.isError && hits.length === 0)
    return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (hits.length === 0)
    return (
      <Empty
        icon={<SearchX className="size-6" />}
        title="Tidak ada yang cocok"
        hint="Coba kata lain, atau lebih sedikit kata."
      />
    );
  return (
    <>
      <p className="sr-only" role="status">
        {hits.length} pesan ditemukan
      </p>
      {grouped(hits).map(({ ticketId, name, hits: of }) => (
        <section key={ticketId} className="overflow-hidden rounded-2xl border border-line bg-surface">
          <h2 className="border-b border-line px-4 py-2.5 font-semibold">
            <Link to="/t/$ticketId" params={{ ticketId }} className="rounded hover:underline">
              {name}
            </Link>
          </h2>
          <ul className="divide-y divide-line">
            {of.map((hit) => (
              <li key={hit.message_id}>
                <HitLink hit={hit} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <MoreRows list={list} />
    </>
  );
}

function HitLink({ hit }: { readonly hit: Hit }) {
  return (
    <Link
      to="/t/$ticketId"
      params={{ ticketId: hit.ticket_id }}
      search={{ message: hit.message_id, ...(hit.layer === 'L2' ? { layer: 'L2' as const } : {}) }}
      className="focus-inside block px-4 py-3 transition-colors hover:bg-hover"
    >
      <span className="flex flex-wrap items-center gap-2 text-[12px] text-faint">
        <time dateTime={hit.sent_at}>{momentOf(hit.sent_at)}</time>
        {hit.layer === 'L2' && (
          <Badge tone="violet">
            <Lock className="size-3" aria-hidden="true" />
            Catatan internal
          </Badge>
        )}
      </span>
      <span className="mt-0.5 block break-words">
        {pieces(hit.snippet).map((piece, n) =>
          n % 2 === 1 ? (
            <mark key={n} className="rounded-sm bg-yellow-soft px-0.5 font-semibold text-yellow">
              {piece}
            </mark>
          ) : (
            piece
          ),
        )}
      </span>
    </Link>
  );
}
