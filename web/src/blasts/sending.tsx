import { Pause, Play, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../lib/me.ts';
import { Button } from '../ui/button.tsx';
import { asCount } from '../ui/charts/numbers.ts';
import { Progress } from '../ui/charts/progress.tsx';
import { CancelDialog } from './approval.tsx';
import { type BlastStatus, usePause, useResume } from './queries.ts';

/** How far it is, as it happens, and the handles to hold it. */
export function Sending({ blastId, status }: { readonly blastId: string; readonly status: BlastStatus }) {
  const may = useMay('blast_create');
  const [cancelling, setCancelling] = useState(false);
  const pause = usePause(blastId);
  const resume = useResume(blastId);
  const {
    total_recipients: total,
    total_sent: sent,
    total_failed: failed,
    total_skipped: skipped,
    total_unknown: unknown,
    total_responded: responded,
  } = status;
  const isUnderWay = status.status === 'sending' || status.status === 'approved';
  const isHeld = status.status === 'paused';
  const done = sent + skipped + unknown;
  const numbers = [
    { name: 'Terkirim', count: sent },
    { name: 'Merespons', count: responded },
    { name: 'Gagal', count: failed, bad: true },
    { name: 'Belum pasti', count: unknown, bad: true },
    { name: 'Dilewati', count: skipped },
  ];
  return (
    <section
      aria-label="Pengiriman"
      className="rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5"
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="min-w-40 flex-1 font-semibold">
          Pengiriman{' '}
          <span className="font-normal text-soft tabular-nums" aria-live="polite">
            {asCount(done + failed)} dari {asCount(total)}
          </span>
        </h2>
        {may && (isUnderWay || isHeld) && (
          <div className="flex gap-2">
            {isHeld ? (
              <Button
                small
                icon={<Play className="size-3.5" aria-hidden="true" />}
                busy={resume.isPending}
                onClick={() => resume.mutate(undefined)}
              >
                Lanjutkan
              </Button>
            ) : (
              <Button
                small
                icon={<Pause className="size-3.5" aria-hidden="true" />}
                busy={pause.isPending}
                onClick={() => pause.mutate(undefined)}
              >
                Jeda
              </Button>
            )}
            <Button small look="danger" onClick={() => setCancelling(true)}>
              Batalkan
            </Button>
          </div>
        )}
      </div>
      {isHeld && status.pause_reason !== null && (
        <p role="alert" className="mb-3 flex items-start gap-2 rounded-lg bg-warn-soft px-3 py-2 text-warn">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          Pengiriman dihentikan sistem karena pesan tidak dapat terkirim (kode {status.pause_reason}). Periksa
          channel atau template, lalu lanjutkan.
        </p>
      )}
      <Progress label="Pengiriman" done={done} failed={failed} of={total} />
      <dl className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-5">
        {numbers.map(({ name, count, bad = false }) => (
          <div key={name}>
            <dt className="text-[12px] text-soft">{name}</dt>
            <dd
              className={
                bad && count > 0
                  ? 'text-lg font-semibold text-danger tabular-nums'
                  : 'text-lg font-semibold tabular-nums'
              }
            >
              {asCount(count)}
            </dd>
          </div>
        ))}
      </dl>
      {cancelling && <CancelDialog blastId={blastId} onClose={() => setCancelling(false)} />}
    </section>
  );
}
