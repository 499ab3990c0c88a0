/** What a technician can take, on a phone in one hand (docs/design/field-service.md#taking). */
import { Clock, Hand, MapPin } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Guarded, MoreRows, Waiting } from '../../ui/parts.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { useServiceName } from '../office/queries.ts';
import { windowOf } from '../office/words.ts';
import { Days } from './days.tsx';
import { type PoolJob, usePool, useTake } from './queries.ts';

const TITLE = 'Pool pekerjaan';

export function PoolPage() {
  return (
    <Guarded title={TITLE} needs={['job_pool']}>
      <Page title={TITLE} narrow>
        <Pool />
      </Page>
    </Guarded>
  );
}

function Pool() {
  const list = usePool();
  const take = useTake();
  const jobs = list.data?.pages.flatMap((page) => page.jobs) ?? [];
  if (list.isPending) return <Waiting />;
  if (list.isError && jobs.length === 0)
    return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (jobs.length === 0)
    return (
      <Empty
        icon={<Hand className="size-6" />}
        title="Belum ada pekerjaan"
        hint="Pekerjaan baru di divisi Anda muncul di sini dengan sendirinya."
      />
    );
  return (
    <>
      <Days jobs={jobs}>
        {(job) => (
          <PoolCard
            job={job}
            busy={take.isPending && take.variables === job.id}
            disabled={take.isPending}
            onTake={() => take.mutate(job.id)}
          />
        )}
      </Days>
      <MoreRows list={list} />
    </>
  );
}

export function PoolCard({
  job,
  busy,
  disabled,
  onTake,
}: {
  readonly job: PoolJob;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onTake: () => void;
}) {
  const nameOf = useServiceName();
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border border-line bg-surface p-4">
      <div className="flex min-w-48 flex-1 flex-col gap-1">
        <h3 className="text-[15px] font-semibold break-words">{nameOf(job.kind)}</h3>
        <p className="flex items-center gap-2 tabular-nums">
          <Clock className="size-4 shrink-0 text-soft" aria-hidden="true" />
          {windowOf(job.window)}
        </p>
        <p className="flex items-center gap-2 break-words text-soft">
          <MapPin className="size-4 shrink-0" aria-hidden="true" />
          {job.district}, {job.city}
        </p>
      </div>
      <Button
        look="primary"
        className="h-12! min-w-32 text-base max-md:w-full"
        busy={busy}
        disabled={disabled}
        aria-label={`Ambil ${nameOf(job.kind)} di ${job.district}, ${windowOf(job.window)}`}
        onClick={onTake}
      >
        Ambil
      </Button>
    </article>
  );
}
