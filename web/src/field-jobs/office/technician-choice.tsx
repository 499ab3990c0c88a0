/** Who makes a visit: the technicians of its division, with what they have to do on its day. */
import { useTechnicians } from '../../capacity/queries.ts';
import { dayKey } from '../../lib/dates.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Failed, Loading, Skeleton } from '../../ui/states.tsx';
import { type Job, useServices } from './queries.ts';

/** Stands for the pool among the technicians. */
export const POOL = 'pool';

const ROW =
  'flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 py-1 hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent';

interface TechnicianChoiceProps {
  readonly job: Job;
  /** Who has it already. */
  readonly except?: string | undefined;
  readonly withPool?: boolean;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

export function TechnicianChoice({ job, except, withPool = false, chosen, onChoose }: TechnicianChoiceProps) {
  const day = dayKey(job.window.from);
  const { data: services = [] } = useServices();
  const query = useTechnicians(day);
  if (query.data === undefined)
    return query.isError ? (
      <Failed error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Loading>
        <Skeleton className="h-24 rounded-xl" />
      </Loading>
    );
  const skill = services.find(({ key }) => key === job.kind)?.skill ?? null;
  const found = query.data
    .filter(
      ({ id, division, is_active: isActive }) =>
        isActive && id !== except && (division === job.division || division === 'all'),
    )
    .sort((a, b) => a.jobs - b.jobs || a.name.localeCompare(b.name, 'id'));
  if (found.length === 0 && !withPool)
    return <p className="py-6 text-center text-soft">Belum ada teknisi di divisi ini.</p>;
  const radio = (value: string) => (
    <input
      type="radio"
      name="technician_id"
      value={value}
      checked={chosen === value}
      onChange={() => onChoose(value)}
      className="size-4 accent-(--accent)"
    />
  );
  return (
    <fieldset className="-mx-2 max-h-72 overflow-y-auto">
      <legend className="sr-only">Teknisi</legend>
      {withPool && (
        <label className={ROW}>
          {radio(POOL)}
          <span className="font-medium">Kembalikan ke daftar terbuka</span>
        </label>
      )}
      {found.map((one) => (
        <label key={one.id} className={ROW}>
          {radio(one.id)}
          <Avatar name={one.name} size="sm" />
          <span className="min-w-0 flex-1">
            <span className="block font-medium break-words">{one.name}</span>
            <span className="block text-[12px] text-soft tabular-nums">
              {one.jobs} dari {one.max_jobs_per_day} kunjungan hari itu
            </span>
          </span>
          {one.leave !== null && one.leave.from <= day && day <= one.leave.to && (
            <Badge tone="orange">Cuti</Badge>
          )}
          {skill !== null && one.skills !== null && !one.skills.includes(skill) && (
            <Badge tone="orange">Tanpa keahlian {skill}</Badge>
          )}
          {one.jobs >= one.max_jobs_per_day && <Badge tone="red">Penuh</Badge>}
        </label>
      ))}
    </fieldset>
  );
}
