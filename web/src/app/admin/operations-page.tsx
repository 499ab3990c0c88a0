/** How the installation does, for who looks after it. It asks again by itself while one looks. */
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Answer, Card, Guarded } from '../../ui/parts.tsx';
import { agoOf, momentOf, spanOf, useNow } from '../../lib/dates.ts';
import { CHANNEL, DIVISION } from '../../lib/id.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { cx } from '../../ui/classes.ts';
import { Page } from '../../ui/page.tsx';
import { LINE, type Operations, useOperations } from './operations.ts';

const HEALTH = {
  ready: { title: 'Semua berjalan', look: 'bg-good-soft text-good', icon: CircleCheck },
  degraded: {
    title: 'Berjalan, tetapi ada yang perlu dilihat',
    look: 'bg-warn-soft text-warn',
    icon: TriangleAlert,
  },
  not_ready: { title: 'Ada yang tidak berjalan', look: 'bg-danger-soft text-danger', icon: CircleAlert },
} as const;

function Health({ data, at }: { readonly data: Operations; readonly at: number }) {
  const { title, look, icon: Icon } = HEALTH[data.status];
  const said = [...data.problems, ...data.warnings];
  return (
    <section className={cx('rounded-2xl p-4 md:p-5', look)} role="status">
      <div className="flex items-start gap-3">
        <Icon className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          <h2 className="text-[15px] font-semibold">{title}</h2>
          {said.map(({ path, message }) => (
            <p key={`${path} ${message}`} className="mt-1 break-words">
              <span className="font-medium">{path}</span>: {message}
            </p>
          ))}
          <p className="mt-1 text-[13px]">Diperiksa {momentOf(new Date(at))}</p>
        </div>
      </div>
    </section>
  );
}

function Row({
  name,
  hint,
  children,
}: {
  readonly name: ReactNode;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 first:pt-0 last:pb-0">
      <span className="min-w-40 flex-1">
        <span className="block font-medium break-words">{name}</span>
        {hint !== undefined && <span className="block text-[13px] break-words text-faint">{hint}</span>}
      </span>
      <span className="flex flex-wrap items-center gap-1.5">{children}</span>
    </li>
  );
}

const behind = (events: number | null): string =>
  events === null ? 'penyimpanan lain' : events === 0 ? 'terkini' : `${String(events)} event tertinggal`;

const viewTone = ({ state, lag_seconds: lag, parked }: Operations['views'][number]): Tone =>
  state !== 'running' ? 'red' : parked !== null || lag > 5 ? 'yellow' : 'green';

function Views({ views }: { readonly views: Operations['views'] }) {
  return (
    <Card title="Tampilan data" hint="Yang dibaca dasbor. Tertinggal sebentar adalah biasa; berhenti tidak.">
      <ul className="divide-y divide-line">
        {views.map((view) => (
          <Row
            key={view.view}
            name={view.view}
            {...(view.stopped_because !== null
              ? { hint: view.stopped_because }
              : view.parked !== null
                ? {
                    hint: `${String(view.parked.events)} event dari ${String(view.parked.streams)} aliran ditahan: ${view.parked.because ?? 'menunggu yang lain'}`,
                  }
                : {})}
          >
            {view.lag_seconds > 1 && (
              <span className="text-[13px] text-faint">{spanOf(view.lag_seconds * 1000)}</span>
            )}
            <Badge tone={viewTone(view)}>
              {view.state === 'running'
                ? behind(view.lag_events)
                : view.state === 'stopped'
                  ? 'berhenti'
                  : 'penyimpanan lain'}
            </Badge>
          </Row>
        ))}
      </ul>
    </Card>
  );
}

function Jobs({ jobs, now }: { readonly jobs: Operations['jobs']; readonly now: number }) {
  return (
    <Card title="Pekerjaan" hint="Yang mengirim, membagi tiket, dan memberi tahu.">
      <ul className="divide-y divide-line">
        {jobs.map((job) => (
          <Row key={job.job} name={job.job} hint={<>Terakhir bergerak {agoOf(job.updated_at, now)}</>}>
            <Badge
              tone={job.state === 'wrong_store' ? 'red' : (job.lag_events ?? 0) > 100 ? 'yellow' : 'green'}
            >
              {behind(job.lag_events)}
            </Badge>
          </Row>
        ))}
      </ul>
    </Card>
  );
}

function Lines({ lines }: { readonly lines: Operations['lines'] }) {
  return (
    <Card title="Channel" hint="Nomor, halaman, dan bot kita.">
      {lines.length === 0 ? (
        <p className="text-soft">Belum ada channel yang terhubung.</p>
      ) : (
        <ul className="divide-y divide-line">
          {lines.map((line) => (
            <Row
              key={`${line.channel} ${line.id}`}
              name={line.name ?? line.id}
              hint={line.name === null ? CHANNEL[line.channel] : `${CHANNEL[line.channel]} · ${line.id}`}
            >
              <Badge tone="grey">{DIVISION[line.division]}</Badge>
              <Badge tone={LINE[line.state].tone}>
                {line.stopped_by === null
                  ? LINE[line.state].word
                  : `${LINE[line.state].word}: ${line.stopped_by}`}
              </Badge>
            </Row>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Webhooks({ webhooks, now }: { readonly webhooks: Operations['webhooks']; readonly now: number }) {
  return (
    <Card title="Kiriman masuk" hint="Apa yang dikirim channel dan bot kepada kita.">
      <ul className="divide-y divide-line">
        <Row
          name="Menunggu dibaca"
          {...(webhooks.oldest_pending_at === null
            ? {}
            : { hint: `Tertua ${agoOf(webhooks.oldest_pending_at, now)}` })}
        >
          <Badge tone={webhooks.pending > 100 ? 'yellow' : 'green'}>{String(webhooks.pending)}</Badge>
        </Row>
        <Row
          name={
            <Link to="/admin/dead-letters" className="rounded text-accent-ink underline underline-offset-2">
              Tak terbaca
            </Link>
          }
        >
          <Badge tone={webhooks.dead > 0 ? 'yellow' : 'green'}>{String(webhooks.dead)}</Badge>
        </Row>
      </ul>
    </Card>
  );
}

function Everything() {
  const query = useOperations();
  const now = useNow();
  return (
    <Answer query={query}>
      {(data) => (
        <>
          <Health data={data} at={query.dataUpdatedAt} />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Lines lines={data.lines} />
            <Webhooks webhooks={data.webhooks} now={now} />
            <Views views={data.views} />
            <Jobs jobs={data.jobs} now={now} />
          </div>
        </>
      )}
    </Answer>
  );
}

export function OperationsPage() {
  return (
    <Guarded title="Kesehatan sistem" needs={['dead_letters_read']}>
      <Page title="Kesehatan sistem">
        <Everything />
      </Page>
    </Guarded>
  );
}
