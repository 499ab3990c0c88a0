/** When each division is open (docs/design/business-rules.md#office-hours). Several rows a day are allowed. */
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Answer, Card, fieldErrors, Guarded, useAdminCommand } from '../ui/parts.tsx';
import { api, dataOf, type Division } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMe } from '../lib/me.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Choice, inputClass } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Switch } from '../ui/switch.tsx';

interface Hours {
  readonly day_of_week: number;
  readonly open_time: string;
  readonly close_time: string;
  readonly is_active: boolean;
}

const hoursKey = (division: Division) => ['admin', 'office-hours', division] as const;
/** As people here count the week; 0 is Sunday. */
const DAYS = [
  [1, 'Senin'],
  [2, 'Selasa'],
  [3, 'Rabu'],
  [4, 'Kamis'],
  [5, 'Jumat'],
  [6, 'Sabtu'],
  [0, 'Minggu'],
] as const;
const DIVISIONS = (['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] }));

/** `8`, `8.30` and `0830` as `08:30`: as people write it, on the 24-hour clock whatever the language of the browser. */
function clockOfText(text: string): string {
  const found = /^(\d{1,2})[.:]?(\d{2})?$/.exec(text.trim());
  if (found === null) return text;
  return `${(found[1] ?? '').padStart(2, '0')}:${found[2] ?? '00'}`;
}

function Clock({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (time: string) => void;
}) {
  return (
    <input
      type="text"
      inputMode="numeric"
      aria-label={label}
      required
      maxLength={5}
      pattern="([01][0-9]|2[0-3]):[0-5][0-9]"
      title="Jam dan menit, misalnya 08:30"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => onChange(clockOfText(value))}
      className={cx(inputClass, 'w-20! text-center tabular-nums')}
    />
  );
}

function Span({
  hours,
  day,
  onChange,
  onRemove,
}: {
  readonly hours: Hours;
  readonly day: string;
  readonly onChange: (hours: Hours) => void;
  readonly onRemove: () => void;
}) {
  const overnight = hours.close_time !== '' && hours.close_time <= hours.open_time;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Clock
        label={`${day}, jam buka`}
        value={hours.open_time}
        onChange={(time) => onChange({ ...hours, open_time: time })}
      />
      <span className="text-faint">sampai</span>
      <Clock
        label={`${day}, jam tutup`}
        value={hours.close_time}
        onChange={(time) => onChange({ ...hours, close_time: time })}
      />
      <IconButton label={`Hapus jam ${day} ${hours.open_time}`} onClick={onRemove}>
        <Trash2 className="size-4" aria-hidden="true" />
      </IconButton>
      {overnight && <span className="text-[13px] text-faint">tutup hari berikutnya</span>}
    </div>
  );
}

function HoursForm({ division, now }: { readonly division: Division; readonly now: readonly Hours[] }) {
  const [rows, setRows] = useState(now);
  const save = useAdminCommand(
    (schedules: Hours[]) =>
      dataOf(
        api.PUT('/api/admin/config/office-hours/{div}', {
          params: { path: { div: division } },
          body: { schedules },
        }),
      ),
    { done: `Jam operasional ${DIVISION[division]} disimpan.`, changes: [hoursKey(division), keys.meta] },
  );
  const dirty = JSON.stringify(rows) !== JSON.stringify(now);
  const problems = Object.values(fieldErrors(save.error));
  const replace = (old: Hours, next: Hours): void => setRows(rows.map((one) => (one === old ? next : one)));
  const add = (day: number): void =>
    setRows([...rows, { day_of_week: day, open_time: '08:00', close_time: '17:00', is_active: true }]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate([...rows]);
      }}
    >
      <ul className="divide-y divide-line">
        {DAYS.map(([day, name]) => {
          const spans = rows.filter((one) => one.day_of_week === day);
          const open = spans.some((one) => one.is_active);
          const toggle = (on: boolean): void => {
            if (spans.length === 0) add(day);
            else setRows(rows.map((one) => (one.day_of_week === day ? { ...one, is_active: on } : one)));
          };
          return (
            <li key={day} className="flex flex-col gap-2 py-3 first:pt-0 sm:flex-row sm:items-start sm:gap-6">
              <div className="flex w-full shrink-0 items-center justify-between sm:w-44 sm:justify-start">
                <Switch label={name} name={`open_${String(day)}`} checked={open} onChange={toggle} />
              </div>
              <div className="flex min-h-10 flex-1 flex-col justify-center gap-2">
                {!open && <span className="text-faint">Tutup</span>}
                {spans
                  .filter((one) => one.is_active)
                  .map((one, n) => (
                    <Span
                      key={`${String(day)}-${String(n)}`}
                      hours={one}
                      day={name}
                      onChange={(next) => replace(one, next)}
                      onRemove={() => setRows(rows.filter((row) => row !== one))}
                    />
                  ))}
              </div>
              {open && (
                <Button
                  small
                  look="quiet"
                  className="self-start"
                  icon={<Plus className="size-4" aria-hidden="true" />}
                  onClick={() => add(day)}
                  aria-label={`Tambah jam ${name}`}
                >
                  Jam
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {problems.length > 0 && (
        <p role="alert" className="mt-3 font-medium text-danger">
          {problems.join(' ')}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          type="submit"
          look="primary"
          className="max-md:flex-1"
          disabled={!dirty}
          busy={save.isPending}
        >
          {t.save}
        </Button>
        {dirty && <Button onClick={() => setRows(now)}>{t.cancel}</Button>}
      </div>
    </form>
  );
}

function Hours() {
  const me = useMe();
  // Who sees one division sets the hours of that one.
  const options =
    me.role === 'super_admin' || me.division === 'all'
      ? DIVISIONS
      : DIVISIONS.filter(({ value }) => value === me.division);
  const [division, setDivision] = useState<Division>(options[0]?.value ?? 'sari');
  const meta = useMeta();
  const query = useQuery({
    queryKey: hoursKey(division),
    queryFn: async ({ signal }) =>
      (
        await dataOf(
          api.GET('/api/admin/config/office-hours/{div}', { params: { path: { div: division } }, signal }),
        )
      ).schedules,
  });
  const state = meta.data?.divisions.find((one) => one.division === division);
  return (
    <>
      {options.length > 1 && (
        <Choice label="Divisi" name="division" value={division} options={options} onChange={setDivision} />
      )}
      <Card
        title={DIVISION[division]}
        hint="Waktu Jakarta (WIB). Tiket yang masuk di luar jam ini ditandai OFF HOURS."
        action={
          state !== undefined && (
            <span className="flex flex-col items-end gap-1">
              <Badge tone={state.is_open ? 'green' : 'grey'}>
                {state.is_open ? 'Sedang buka' : 'Sedang tutup'}
              </Badge>
              <span className="text-[12px] text-faint">
                {state.is_open && state.next_close_at !== null && `sampai ${momentOf(state.next_close_at)}`}
                {!state.is_open && state.next_open_at !== null && `buka ${momentOf(state.next_open_at)}`}
              </span>
            </span>
          )
        }
      >
        <Answer query={query}>
          {(now) => <HoursForm key={`${division}${JSON.stringify(now)}`} division={division} now={now} />}
        </Answer>
      </Card>
    </>
  );
}

export function OfficeHoursPage() {
  return (
    <Guarded title="Jam operasional" needs={['manage_office_hours']}>
      <Page title="Jam operasional" narrow>
        <Hours />
      </Page>
    </Guarded>
  );
}
