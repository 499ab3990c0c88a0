/** How many visits a day takes, and who makes them (docs/design/field-service.md#capacity). */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { FieldPlaces } from '../field-jobs/office/field-places.tsx';
import { dayAfter, shortDay } from '../field-jobs/office/words.ts';
import type { Division } from '../lib/api.ts';
import { dateOf, dayKey } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Page } from '../ui/page.tsx';
import { Answer, Card, Guarded } from '../ui/parts.tsx';
import { type CapacityDay, type Technician, useCapacity, useTechnicians } from './queries.ts';

const dialogs = () => import('./capacity-dialogs.tsx');
const SlotsDialog = lazy(async () => ({ default: (await dialogs()).SlotsDialog }));
const TechnicianDialog = lazy(async () => ({ default: (await dialogs()).TechnicianDialog }));

const TITLE = 'Kapasitas';
const SHOWN_DAYS = 14;

export function CapacityPage() {
  return (
    <Guarded title={TITLE} needs={['job_read']}>
      <Page title={TITLE} actions={<FieldPlaces here="/capacity" />}>
        <Days />
        <Technicians />
      </Page>
    </Guarded>
  );
}

function Days() {
  const may = useMay('capacity_manage');
  const today = dayKey(new Date());
  const [from, setFrom] = useState(today);
  const [editing, setEditing] = useState<CapacityDay | null>(null);
  const query = useCapacity(from, dayAfter(from, SHOWN_DAYS - 1), undefined);
  return (
    <Card
      title="Kuota per hari"
      hint={
        may
          ? 'Pilih sebuah hari untuk mengubah kuotanya.'
          : 'Kunjungan yang sudah punya tempat, dan kuotanya.'
      }
      action={
        <div className="flex">
          <IconButton label="Dua minggu sebelumnya" onClick={() => setFrom(dayAfter(from, -SHOWN_DAYS))}>
            <ChevronLeft className="size-[18px]" aria-hidden="true" />
          </IconButton>
          <IconButton label="Dua minggu berikutnya" onClick={() => setFrom(dayAfter(from, SHOWN_DAYS))}>
            <ChevronRight className="size-[18px]" aria-hidden="true" />
          </IconButton>
        </div>
      }
    >
      <Answer query={query}>
        {(all) => {
          const divisions = [...new Set(all.map(({ division }) => division))];
          const days = [...new Set(all.map(({ day }) => day))].sort();
          const of = (day: string, division: Division): CapacityDay | undefined =>
            all.find((one) => one.day === day && one.division === division);
          return (
            <table className="w-full table-fixed border-collapse">
              <caption className="sr-only">Terisi dan kuota per hari dan divisi</caption>
              <thead>
                <tr className="text-left text-[13px] text-soft">
                  <th scope="col" className="px-2 py-1.5 font-medium">
                    Hari
                  </th>
                  {divisions.map((division) => (
                    <th key={division} scope="col" className="px-1 py-1.5 text-center font-medium">
                      {DIVISION[division]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {days.map((day) => (
                  <tr key={day} className={cx('border-t border-line', day === today && 'bg-accent-soft')}>
                    <th scope="row" className="px-2 py-1 text-left font-medium">
                      {shortDay(day)}
                    </th>
                    {divisions.map((division) => {
                      const one = of(day, division);
                      return (
                        <td key={division} className="p-1 text-center">
                          {one !== undefined && (
                            <Slots day={one} {...(may ? { onEdit: () => setEditing(one) } : {})} />
                          )}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Answer>
      <Suspense>
        {editing !== null && <SlotsDialog day={editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </Card>
  );
}

function Slots({
  day: { day, division, slots, reserved, free },
  onEdit,
}: {
  readonly day: CapacityDay;
  readonly onEdit?: () => void;
}) {
  const look = cx(
    'inline-flex h-9 w-full max-w-24 items-center justify-center rounded-lg font-medium tabular-nums max-md:h-11',
    free === 0 ? 'bg-danger-soft text-danger' : reserved > 0 ? 'bg-sunken text-ink' : 'text-soft',
  );
  const text = `${String(reserved)}/${String(slots)}`;
  if (onEdit === undefined) return <span className={look}>{text}</span>;
  return (
    <button
      type="button"
      className={cx(look, 'border border-line hover:border-line-strong')}
      aria-label={`${text} terisi, ${DIVISION[division]}, ${shortDay(day)}. Ubah kuota`}
      onClick={onEdit}
    >
      {text}
    </button>
  );
}

function Technicians() {
  const may = useMay('capacity_manage');
  const query = useTechnicians(dayKey(new Date()));
  const [editing, setEditing] = useState<Technician | null>(null);
  return (
    <Card title="Teknisi" hint="Keahlian, kunjungan paling banyak per hari, dan cuti.">
      <Answer query={query}>
        {(all) =>
          all.length === 0 ? (
            <p className="text-soft">
              Belum ada teknisi. Buat akun dengan peran Teknisi di halaman pengguna.
            </p>
          ) : (
            <ul className="divide-y divide-line">
              {all.map((one) => (
                <li
                  key={one.id}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1.5 py-3 first:pt-0 last:pb-0"
                >
                  <span className="min-w-40 flex-1">
                    <span className="block font-semibold break-words">{one.name}</span>
                    <span className="block text-[13px] text-soft tabular-nums">
                      Hari ini {one.jobs} dari {one.max_jobs_per_day} kunjungan
                    </span>
                  </span>
                  <span className="flex flex-wrap items-center gap-1.5">
                    {!one.is_active && <Badge tone="grey">Nonaktif</Badge>}
                    <Badge tone="grey">{DIVISION[one.division]}</Badge>
                    {one.skills === null ? (
                      <Badge tone="teal">Semua keahlian</Badge>
                    ) : (
                      one.skills.map((skill) => (
                        <Badge key={skill} tone="teal">
                          {skill}
                        </Badge>
                      ))
                    )}
                    {one.leave !== null && (
                      <Badge tone="orange">
                        Cuti {dateOf(one.leave.from)} – {dateOf(one.leave.to)}
                      </Badge>
                    )}
                  </span>
                  {may && one.is_active && (
                    <Button small onClick={() => setEditing(one)}>
                      Ubah
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <Suspense>
        {editing !== null && <TechnicianDialog technician={editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </Card>
  );
}
