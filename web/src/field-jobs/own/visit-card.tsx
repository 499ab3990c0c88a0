/** What comes next on a visit: check-in, check-out, or waiting for the office. */
import { CloudOff, LogIn, LogOut, MapPin } from 'lucide-react';
import { useState } from 'react';
import { clockOf, momentOf } from '../../lib/dates.ts';
import { useMay } from '../../lib/me.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/parts.tsx';
import { metres, VERDICT } from '../office/words.ts';
// Not loaded on demand: where they are wanted there may be no connection.
import { CheckInDialog } from './check-in-dialog.tsx';
import { CheckOutDialog } from './check-out-dialog.tsx';
import { locate, type NoFix } from './position.ts';
import type { OwnJob } from './queries.ts';
import { reportOf, useVisitReports, type VisitReport } from './visit-reports.ts';

/** The API takes no check-in before (docs/design/field-service.md#visits). */
const EARLIEST_MS = 2 * 3_600_000;

const big = 'h-14! w-full text-base';

export function VisitCard({ job }: { readonly job: OwnJob }) {
  const mayReport = useMay('job_report');
  const reports = useVisitReports(job.id);
  const [locating, setLocating] = useState(false);
  const [trouble, setTrouble] = useState<NoFix | null>(null);
  const [leaving, setLeaving] = useState(false);
  /** Finds the place, then says it. */
  const report = async (what: VisitReport['what'], note = ''): Promise<void> => {
    setLocating(true);
    const found = await locate();
    setLocating(false);
    setTrouble(typeof found === 'string' ? found : null);
    reports.send(reportOf(what, typeof found === 'string' ? null : found, { note }));
  };
  const isBusy = locating || reports.isSending;
  const mayCheckIn = mayReport && job.status === 'assigned';
  const mayCheckOut = mayReport && job.status === 'in_progress';
  return (
    <Card title="Kunjungan">
      <div className="flex flex-col gap-4">
        <Facts job={job} />
        {reports.waiting !== null ? (
          <Unsent
            report={reports.waiting}
            busy={reports.isSending}
            onSend={reports.send}
            onForget={reports.forget}
          />
        ) : (
          <>
            {mayCheckIn && (
              <Button
                look="primary"
                className={big}
                busy={isBusy}
                icon={<LogIn className="size-5" aria-hidden="true" />}
                onClick={() => void report('check-in')}
              >
                Check-in
              </Button>
            )}
            {mayCheckOut && (
              <Button
                look="primary"
                className={big}
                busy={isBusy}
                icon={<LogOut className="size-5" aria-hidden="true" />}
                onClick={() => setLeaving(true)}
              >
                Check-out
              </Button>
            )}
          </>
        )}
        <p role="status" className="text-pretty text-soft empty:hidden">
          {locating
            ? 'Mencari lokasi Anda, paling lama 10 detik…'
            : mayCheckIn
              ? `Check-in dibuka ${momentOf(new Date(Date.parse(job.window.from) - EARLIEST_MS))}.`
              : ''}
        </p>
      </div>
      {reports.asking !== null && (
        <CheckInDialog
          jobId={job.id}
          report={reports.asking}
          trouble={trouble}
          busy={isBusy}
          onSend={reports.send}
          onLocate={() => void report('check-in')}
          onClose={reports.stopAsking}
        />
      )}
      {leaving && (
        <CheckOutDialog
          onClose={() => setLeaving(false)}
          onSend={(note) => {
            setLeaving(false);
            void report('check-out', note);
          }}
        />
      )}
    </Card>
  );
}

/** What is known of the visit so far. */
function Facts({ job: { status, arrival, finished_at: finishedAt, report } }: { readonly job: OwnJob }) {
  return (
    <>
      {report.is_rejected && (
        <p role="alert" className="rounded-xl bg-danger-soft p-3 text-pretty text-danger">
          Laporan dikembalikan{report.reason === null ? '.' : `: ${report.reason}`}
        </p>
      )}
      {arrival !== null && (
        <p className="flex flex-wrap items-center gap-2">
          <MapPin className="size-4 text-soft" aria-hidden="true" />
          Check-in {momentOf(arrival.at)}
          <Badge tone={VERDICT[arrival.verdict].tone}>
            {VERDICT[arrival.verdict].word}
            {arrival.distance !== null && ` · ${metres(Math.round(arrival.distance))}`}
          </Badge>
        </p>
      )}
      {finishedAt !== null && <p>Check-out {momentOf(finishedAt)}</p>}
      {status === 'done' && !report.is_rejected && (
        <p className="text-pretty text-soft">Laporan Anda sedang diperiksa kantor.</p>
      )}
      {status === 'completed' && <p className="text-pretty text-soft">Laporan Anda diterima kantor.</p>}
      {status === 'cancelled' && <p className="text-pretty text-soft">Pekerjaan ini dibatalkan.</p>}
    </>
  );
}

function Unsent({
  report,
  busy,
  onSend,
  onForget,
}: {
  readonly report: VisitReport;
  readonly busy: boolean;
  readonly onSend: (report: VisitReport) => void;
  readonly onForget: () => void;
}) {
  const name = report.what === 'check-in' ? 'Check-in' : 'Check-out';
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-xl bg-orange-soft p-3 text-orange">
      <p className="flex gap-2 text-pretty">
        <CloudOff className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
        {name} pukul {clockOf(report.takenAt)} tersimpan di ponsel ini, belum terkirim.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" className="h-12 flex-1" busy={busy} onClick={() => onSend(report)}>
          Kirim lagi
        </Button>
        <Button className="h-12" disabled={busy} onClick={onForget}>
          Buang
        </Button>
      </div>
    </div>
  );
}
