/** What one does with many tickets at once: each is a command of its own, and says so where it was refused. */
import { useQueryClient } from '@tanstack/react-query';
import { AlarmClock, CheckCircle2, Tag, UserPlus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api, dataOf, once, whole } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { useMay } from '../../lib/me.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Progress } from '../../ui/charts/progress.tsx';
import { toast } from '../../ui/toast.tsx';
import { useMeta } from '../ticket-queries.ts';
import { type BulkAction, BulkDialog, type BulkKind } from './bulk-dialog.tsx';
import { selection } from './selection.ts';

interface BulkBarProps {
  readonly ticked: ReadonlySet<string>;
  /** Of the list as it is filtered now. */
  readonly query: Readonly<Record<string, string>>;
  readonly shown: readonly string[];
  readonly total: number;
}

/** Every ticket of the list, page after page. */
async function allOf(
  query: Readonly<Record<string, string>>,
  onFound: (n: number) => void,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const paged = { ...query, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const { data, meta } = await whole(api.GET('/api/admin/inbox', { params: { query: paged } }));
    ids.push(...data.tickets.map(({ id }) => id));
    onFound(ids.length);
    cursor = meta?.next_cursor;
  } while (cursor !== undefined);
  return ids;
}

const partsOf = (ids: readonly string[], most: number): string[][] =>
  Array.from({ length: Math.ceil(ids.length / most) }, (_, n) => ids.slice(n * most, (n + 1) * most));

export function BulkBar({ ticked, query, shown, total }: BulkBarProps) {
  const client = useQueryClient();
  const { data: meta } = useMeta();
  const may = {
    assign: useMay('assign'),
    tag: useMay('tag'),
    snooze: useMay('reply'),
    close: useMay('ticket_close'),
  };
  const [open, setOpen] = useState<BulkKind | null>(null);
  const [done, setDone] = useState<{ readonly n: number; readonly of: number } | null>(null);
  const busy = done !== null;

  const everything = async (): Promise<void> => {
    setDone({ n: 0, of: total });
    try {
      selection.set(new Set(await allOf(query, (n) => setDone({ n, of: Math.max(n, total) }))));
    } catch (error) {
      toast(error instanceof Error ? error.message : 'Daftar tidak dapat dibaca.', 'problem');
    } finally {
      setDone(null);
    }
  };

  const run = async (action: BulkAction): Promise<void> => {
    setOpen(null);
    const ids = [...ticked];
    const refused: string[] = [];
    let n = 0;
    setDone({ n, of: ids.length });
    try {
      for (const part of partsOf(ids, meta?.limits.bulk_tickets ?? 200)) {
        const { results } = await dataOf(
          api.POST('/api/admin/tickets/bulk', { params: once(), body: { ticket_ids: part, action } }),
        );
        refused.push(...results.filter(({ ok }) => !ok).map(({ ticket_id: id }) => id));
        n += part.length;
        setDone({ n, of: ids.length });
      }
      const fine = n - refused.length;
      if (refused.length === 0) toast(`${String(fine)} tiket diubah.`);
      else
        toast(
          `${String(fine)} tiket diubah, ${String(refused.length)} tidak bisa dan tetap terpilih.`,
          'news',
        );
    } catch (error) {
      refused.push(...ids.slice(n));
      toast(error instanceof Error ? error.message : 'Tidak semua tiket dapat diubah.', 'problem');
    } finally {
      setDone(null);
      selection.set(refused.length === 0 ? null : new Set(refused));
      for (const queryKey of [keys.inbox, keys.counts, ['ticket']])
        void client.invalidateQueries({ queryKey });
    }
  };

  const doing = (kind: BulkKind, label: string, icon: ReactNode) =>
    may[kind] && (
      <IconButton label={label} disabled={busy || ticked.size === 0} onClick={() => setOpen(kind)}>
        {icon}
      </IconButton>
    );
  return (
    <section aria-label="Tiket terpilih" className="rise border-b border-line bg-accent-soft px-4 py-2">
      <div className="flex items-center gap-0.5">
        <p className="flex-1 font-semibold text-accent-ink tabular-nums" role="status">
          {ticked.size} terpilih
        </p>
        {doing('assign', 'Assign yang terpilih', <UserPlus className="size-[18px]" aria-hidden="true" />)}
        {doing('tag', 'Beri tag yang terpilih', <Tag className="size-[18px]" aria-hidden="true" />)}
        {doing('snooze', 'Tunda yang terpilih', <AlarmClock className="size-[18px]" aria-hidden="true" />)}
        {doing('close', 'Tutup yang terpilih', <CheckCircle2 className="size-[18px]" aria-hidden="true" />)}
        <IconButton label="Selesai memilih" disabled={busy} onClick={() => selection.set(null)}>
          <X className="size-[18px]" aria-hidden="true" />
        </IconButton>
      </div>
      {busy ? (
        <Progress done={done.n} of={done.of} label="Kemajuan" />
      ) : (
        <div className="-ml-3 flex gap-1" role="group" aria-label="Pilih">
          {ticked.size < shown.length && (
            <Button small look="quiet" onClick={() => selection.set(new Set(shown))}>
              Yang tampil ({shown.length})
            </Button>
          )}
          {shown.length < total && ticked.size < total && (
            <Button small look="quiet" onClick={() => void everything()}>
              Semua yang cocok ({total})
            </Button>
          )}
        </div>
      )}
      {open !== null && (
        <BulkDialog
          kind={open}
          count={ticked.size}
          onRun={(action) => void run(action)}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
