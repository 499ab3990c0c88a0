/** What channels sent and the program did not understand. Nothing is lost: it can be taken in again. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { CheckCheck, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { api, dataOf, once, type Schemas, whole } from '../lib/api.ts';
import { agoOf, momentOf, useNow } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { Guarded, Rows, useAdminCommand, Waiting } from '../ui/parts.tsx';

type DeadLetter = Schemas['DeadLetter'];
const KEY = ['admin', 'dead-letters'] as const;

/** All of them, part by part: the API takes up to 500 deliveries at once. */
async function replayAll(onPart: (items: number) => void): Promise<{ items: number; left: number }> {
  let after: string | null = null;
  let items = 0;
  for (;;) {
    const answer: { items: number; left: number; next: string | null } = await dataOf(
      api.POST('/api/admin/webhook/dead-letters/replay', {
        params: once(),
        body: after === null ? {} : { after },
      }),
    );
    items += answer.items;
    onPart(items);
    if (answer.next === null) return { items, left: answer.left };
    after = answer.next;
  }
}

const saidOf = ({ items, left }: { items: number; left: number }): string =>
  items === 0
    ? `Belum ada yang dimengerti; ${String(left)} tetap di sini.`
    : `${String(items)} pesan dimengerti dan diteruskan ke tiketnya. Sisa ${String(left)}.`;

function Letter({
  letter,
  now,
  chosen,
  onChoose,
}: {
  readonly letter: DeadLetter;
  readonly now: number;
  readonly chosen: boolean | null;
  readonly onChoose: (on: boolean) => void;
}) {
  return (
    <li className="flex gap-3 px-4 py-3">
      {chosen !== null && (
        <label className="-m-2 flex size-9 shrink-0 items-center justify-center max-md:size-11">
          <input
            type="checkbox"
            className="size-[18px] accent-(--accent)"
            aria-label={`Pilih kiriman ${momentOf(letter.received_at)}`}
            checked={chosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        </label>
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{letter.reason}</p>
        <p className="mt-0.5 flex flex-wrap items-center gap-2 text-[12px] text-faint">
          <time dateTime={letter.received_at} title={momentOf(letter.received_at)}>
            {agoOf(letter.received_at, now)}
          </time>
          {letter.attempts > 1 && <Badge tone="grey">{`Dicoba ${String(letter.attempts)} kali`}</Badge>}
        </p>
        <details className="mt-2">
          <summary className="inline-flex h-8 items-center rounded text-[13px] font-medium text-soft hover:text-ink max-md:h-11">
            Isi kiriman
          </summary>
          <pre
            tabIndex={0}
            aria-label="Isi kiriman"
            className="mt-1 max-h-72 overflow-auto rounded-lg bg-sunken p-3 text-[12px] leading-5"
          >
            {JSON.stringify(letter.payload, null, 2)}
          </pre>
        </details>
      </div>
    </li>
  );
}

function Letters() {
  const now = useNow();
  const mayReplay = useMay('dead_letters_replay');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState(0);
  const list = useInfiniteQuery({
    queryKey: KEY,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/webhook/dead-letters', { params: { query }, signal }),
      );
      return { letters: data.dead_letters, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const replay = useAdminCommand(
    (ids: readonly string[] | 'all') =>
      ids === 'all'
        ? replayAll(setDone)
        : dataOf(
            api.POST('/api/admin/webhook/dead-letters/replay', { params: once(), body: { ids: [...ids] } }),
          ),
    { done: saidOf, changes: [KEY] },
  );
  const run = (ids: readonly string[] | 'all'): void => {
    setDone(0);
    replay.mutate(ids, { onSuccess: () => setChosen(new Set()) });
  };
  const letters = list.data?.pages.flatMap((page) => page.letters) ?? [];
  if (list.isPending) return <Waiting />;
  if (list.isError && letters.length === 0)
    return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (letters.length === 0)
    return (
      <Empty
        icon={<CheckCheck className="size-6" />}
        title="Semua kiriman dimengerti"
        hint="Kiriman dari nomor yang belum terdaftar atau dengan bentuk baru muncul di sini."
      />
    );
  return (
    <>
      {mayReplay && (
        <div className="flex flex-wrap items-center gap-2">
          <Button
            icon={<RotateCw className="size-4" aria-hidden="true" />}
            disabled={chosen.size === 0}
            busy={replay.isPending && replay.variables !== 'all'}
            onClick={() => run([...chosen])}
          >
            {chosen.size === 0 ? 'Proses yang dipilih' : `Proses ${String(chosen.size)} yang dipilih`}
          </Button>
          <Button busy={replay.isPending && replay.variables === 'all'} onClick={() => run('all')}>
            Proses semua
          </Button>
          <span role="status" className="text-[13px] text-faint">
            {replay.isPending && replay.variables === 'all' && `${String(done)} dimengerti sejauh ini…`}
          </span>
        </div>
      )}
      <Rows>
        {letters.map((letter) => (
          <Letter
            key={letter.id}
            letter={letter}
            now={now}
            chosen={mayReplay ? chosen.has(letter.id) : null}
            onChoose={(on) => {
              const next = new Set(chosen);
              if (on) next.add(letter.id);
              else next.delete(letter.id);
              setChosen(next);
            }}
          />
        ))}
      </Rows>
      {list.hasNextPage && (
        <Button
          className="self-center"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </>
  );
}

export function DeadLettersPage() {
  return (
    <Guarded title="Pesan tak terbaca" needs={['dead_letters_read']}>
      <Page title="Pesan tak terbaca" narrow>
        <p className="-mt-3 max-w-2xl text-pretty text-soft">
          Kiriman channel yang belum dimengerti: nomor yang belum terdaftar, bentuk baru, atau kesalahan yang
          tidak hilang sendiri. Setelah penyebabnya diperbaiki, proses lagi: tidak ada yang dikirim dua kali.
        </p>
        <Letters />
      </Page>
    </Guarded>
  );
}
