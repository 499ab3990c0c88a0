/** One visit, for who makes it: where, whom, what, and what comes next. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft, MapPinned, MessageCircle, Phone } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { clockOf, dayKey } from '../../lib/dates.ts';
import { t } from '../../lib/id.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, Guarded } from '../../ui/parts.tsx';
import { useServiceName } from '../office/queries.ts';
import { JOB_STATUS, longDay, windowOf } from '../office/words.ts';
import { DocumentsCard } from './documents-card.tsx';
import { PoolCard } from './pool-page.tsx';
import { type OwnJob, useMyJob, useTake } from './queries.ts';
import { VisitCard } from './visit-card.tsx';

const GiveBackDialog = lazy(async () => ({
  default: (await import('./give-back-dialog.tsx')).GiveBackDialog,
}));

const here = getRouteApi('/inside/my-jobs/$jobId');
const TITLE = 'Pekerjaan';
const big = `${buttonClass()} max-md:h-12! flex-1`;

export function MyJobPage() {
  const { jobId } = here.useParams();
  const nameOf = useServiceName();
  return (
    <Guarded title={TITLE} needs={['job_own']}>
      <OneJob key={jobId} id={jobId} nameOf={nameOf} />
    </Guarded>
  );
}

function OneJob({ id, nameOf }: { readonly id: string; readonly nameOf: (kind: string) => string }) {
  const query = useMyJob(id);
  const take = useTake();
  const kind = query.data?.kind;
  return (
    <Page title={kind === undefined ? TITLE : nameOf(kind)} narrow>
      <Link
        to="/my-jobs"
        className="-mt-3 -ml-1 inline-flex min-h-11 items-center gap-1 self-start font-medium text-soft hover:text-ink"
      >
        <ChevronLeft className="size-5" aria-hidden="true" />
        Pekerjaan saya
      </Link>
      <Answer query={query} rows={3}>
        {(job) =>
          job.view === 'own' ? (
            <Own job={job} />
          ) : (
            <PoolCard job={job} busy={take.isPending} disabled={false} onTake={() => take.mutate(job.id)} />
          )
        }
      </Answer>
    </Page>
  );
}

function Own({ job }: { readonly job: OwnJob }) {
  const [giving, setGiving] = useState(false);
  const { word, tone } = JOB_STATUS[job.status];
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-[15px]">
        <Badge tone={tone}>{word}</Badge>
        <span className="font-semibold tabular-nums">
          {longDay(dayKey(job.window.from))}, {windowOf(job.window)}
        </span>
        {job.arrive_by !== null && job.status === 'assigned' && (
          <span className="text-soft">Boleh datang sampai {clockOf(job.arrive_by)}</span>
        )}
      </p>
      <VisitCard job={job} />
      <Where job={job} />
      <DocumentsCard job={job} />
      {job.status === 'assigned' && (
        <Button className="max-md:h-12!" onClick={() => setGiving(true)}>
          Kembalikan pekerjaan
        </Button>
      )}
      <Suspense>{giving && <GiveBackDialog jobId={job.id} onClose={() => setGiving(false)} />}</Suspense>
    </>
  );
}

/** The address as the device's own app of maps finds it. */
function mapOf({ lat, lng, address, district, city }: OwnJob['place']): string {
  const query =
    lat === null || lng === null ? `${address}, ${district}, ${city}` : `${String(lat)},${String(lng)}`;
  return `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(query)}`;
}

function Where({ job: { place, customer, problem } }: { readonly job: OwnJob }) {
  const digits = customer.phone?.replace(/\D/g, '') ?? '';
  return (
    <Card title={customer.name ?? t.unknownCustomer}>
      <div className="flex flex-col gap-4">
        <p className="break-words">
          {place.address}
          <span className="block text-soft">
            {place.district}, {place.city}
          </span>
        </p>
        <div className="flex flex-wrap gap-2">
          <a href={mapOf(place)} target="_blank" rel="noreferrer" className={big}>
            <MapPinned className="size-4" aria-hidden="true" />
            Buka peta
          </a>
          {digits !== '' && (
            <>
              <a href={`tel:+${digits}`} className={big}>
                <Phone className="size-4" aria-hidden="true" />
                Telepon
              </a>
              <a href={`https://wa.me/${digits}`} target="_blank" rel="noreferrer" className={big}>
                <MessageCircle className="size-4" aria-hidden="true" />
                WhatsApp
              </a>
            </>
          )}
        </div>
        <div>
          <h3 className="text-[13px] font-medium text-soft">Yang perlu dikerjakan</h3>
          <p className="mt-0.5 break-words whitespace-pre-wrap">{problem}</p>
        </div>
      </div>
    </Card>
  );
}
