/** Asks for a file of the figures, shows how far it is, and hands it over (dashboard-prd 3.10). */
import { CircleAlert, FileSpreadsheet, FileText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type Days, daysIn, fullDay, MOST_DAYS } from '../analytics/periods.ts';
import type { Division } from '../lib/api.ts';
import { momentOf, useNow } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useStore } from '../lib/store.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice, SelectField, TextField } from '../ui/field.tsx';
import { Progress } from '../ui/charts/progress.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import {
  type Export,
  type ExportWish,
  isUnderWay,
  links,
  useExports,
  useRequestExport,
} from './export-queries.ts';

const LABEL: Readonly<Record<ExportWish['type'], string>> = {
  excel: 'Excel',
  division_summary: 'PDF divisi',
  agent_performance: 'PDF agent',
  jobs: 'Excel pekerjaan',
  invoices: 'Excel tagihan',
};
/** Of the figures. */
const OF_FIGURES = ['excel', 'division_summary', 'agent_performance'] as const;
const STATE: Record<Export['status'], string> = {
  pending: 'Menunggu giliran',
  running: 'Sedang dibuat',
  ready: 'Siap',
  failed: 'Gagal',
  expired: 'Kedaluwarsa',
};
const TONE = { pending: 'grey', running: 'blue', ready: 'green', failed: 'red', expired: 'grey' } as const;
const kindOf = ({ type, report_type: report }: Export): string =>
  LABEL[type === 'pdf' ? (report ?? 'division_summary') : type];

interface ExportDialogProps {
  /** What there is to choose from; default: the files of the figures. */
  readonly types?: readonly ExportWish['type'][];
  readonly division: Division | 'all';
  readonly days: Days;
  readonly onClose: () => void;
}

export function ExportDialog({ types = OF_FIGURES, division, days, onClose }: ExportDialogProps) {
  const me = useMe();
  // Whose division is one may export that one only (docs/design/api.md#exports).
  const divisions =
    me.role === 'super_admin' || me.division === 'all'
      ? (['all', 'sari', 'savi', 'safia'] as const)
      : ([me.division] as const);
  const [wish, setWish] = useState<ExportWish>({
    type: types[0] ?? 'excel',
    division: divisions.find((one) => one === division) ?? divisions[0],
    ...days,
  });
  const request = useRequestExport();
  const tooLong = daysIn(wish) > MOST_DAYS ? `Paling lama ${String(MOST_DAYS)} hari.` : undefined;
  const problem =
    wish.start === '' || wish.end === ''
      ? 'Pilih tanggal.'
      : wish.end < wish.start
        ? 'Tanggal akhir tidak boleh sebelum tanggal awal.'
        : tooLong;
  return (
    <Dialog
      open
      onClose={onClose}
      title={types.length > 1 ? 'Ekspor laporan' : `Ekspor ${LABEL[wish.type]}`}
      foot={
        <>
          <Button onClick={onClose}>{t.close}</Button>
          <Button
            look="primary"
            disabled={problem !== undefined}
            busy={request.isPending}
            onClick={() => request.mutate(wish)}
          >
            Buat file
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {types.length > 1 && (
          <Choice
            label="Bentuk"
            name="type"
            value={wish.type}
            options={types.map((value) => ({ value, label: LABEL[value] }))}
            onChange={(type) => setWish({ ...wish, type })}
          />
        )}
        <SelectField
          label="Divisi"
          name="division"
          value={wish.division}
          options={divisions.map((value) => ({ value, label: DIVISION[value] }))}
          onChange={({ target }) =>
            setWish({ ...wish, division: divisions.find((one) => one === target.value) ?? divisions[0] })
          }
        />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="Dari"
            type="date"
            name="start"
            value={wish.start}
            onChange={({ target }) => setWish({ ...wish, start: target.value })}
          />
          <TextField
            label="Sampai"
            type="date"
            name="end"
            value={wish.end}
            error={problem}
            onChange={({ target }) => setWish({ ...wish, end: target.value })}
          />
        </div>
        <Recent wanted={request.data?.export_id ?? null} />
      </div>
    </Dialog>
  );
}

/** What was asked for before. @param wanted opens by itself when it is ready */
function Recent({ wanted }: { readonly wanted: string | null }) {
  const list = useExports();
  const known = useStore(links);
  const opened = useRef<string | null>(null);
  const ready = list.data?.find(({ export_id: id, status }) => id === wanted && status === 'ready');
  useEffect(() => {
    if (ready === undefined || opened.current === ready.export_id) return;
    const url = links.get()[ready.export_id];
    if (url === undefined) return;
    opened.current = ready.export_id;
    const link = document.createElement('a');
    link.href = url;
    link.download = '';
    link.click();
  }, [ready]);
  if (list.isPending)
    return (
      <Loading>
        <Skeleton className="h-14 rounded-xl" />
      </Loading>
    );
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.data.length === 0)
    return (
      <p className="text-[13px] text-soft">
        File yang Anda buat muncul di sini dan dapat diunduh selama satu jam.
      </p>
    );
  return (
    <section aria-label="File Anda">
      <h3 className="mb-1 text-[13px] font-medium text-soft">File Anda</h3>
      <ul className="divide-y divide-line" aria-live="polite">
        {list.data.map((one) => (
          <Item key={one.export_id} one={one} link={known[one.export_id]} />
        ))}
      </ul>
    </section>
  );
}

function Item({ one, link }: { readonly one: Export; readonly link: string | undefined }) {
  const now = useNow();
  const isLate = Date.parse(one.expires_at) < now;
  const Icon = one.type === 'pdf' ? FileText : FileSpreadsheet;
  return (
    <li className="py-2.5">
      <div className="flex items-center gap-3">
        <Icon className="size-5 shrink-0 text-soft" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            {kindOf(one)}, {DIVISION[one.division]}
            <Badge tone={TONE[one.status]}>{STATE[one.status]}</Badge>
          </p>
          <p className="text-[12px] text-faint">
            {fullDay(one.date_range.start)} – {fullDay(one.date_range.end)} · diminta{' '}
            {momentOf(one.requested_at)}
          </p>
        </div>
        {one.status === 'ready' && link !== undefined && !isLate && (
          <a href={link} download className={buttonClass('primary', true)}>
            Unduh
          </a>
        )}
      </div>
      {isUnderWay(one) && (
        <Progress
          className="mt-2"
          label={`${kindOf(one)}, ${STATE[one.status]}`}
          done={one.progress_pct}
          of={100}
        />
      )}
      {one.reason !== null && (
        <p className="mt-1 flex items-start gap-1.5 text-[13px] text-danger">
          <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
          {one.reason}
        </p>
      )}
    </li>
  );
}
