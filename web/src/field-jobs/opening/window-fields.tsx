/** When a technician is to be there; where a day is full, the next ones that are not. */
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { momentAt, shortDay } from '../office/words.ts';

export interface WindowText {
  readonly day: string;
  readonly from: string;
  readonly to: string;
}

/** As the API takes it. */
export const windowBody = ({ day, from, to }: WindowText): { from: string; to: string } => ({
  from: momentAt(day, from),
  to: momentAt(day, to),
});

/** `HH:MM`, so many minutes later on the same day. */
export function clockAfter(clock: string, minutes: number): string {
  const [hours = 0, rest = 0] = clock.split(':').map(Number);
  const at = Math.min(hours * 60 + rest + minutes, 23 * 60 + 59);
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

interface WindowFieldsProps {
  readonly value: WindowText;
  readonly onChange: (value: WindowText) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly freeDays: readonly string[];
}

export function WindowFields({ value, onChange, errors, freeDays }: WindowFieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <div className="max-sm:col-span-2">
          <TextField
            label="Tanggal"
            type="date"
            name="day"
            required
            value={value.day}
            error={errors['window']}
            onChange={({ target }) => onChange({ ...value, day: target.value })}
          />
        </div>
        <TextField
          label="Mulai"
          type="time"
          name="from"
          required
          value={value.from}
          error={errors['window.from']}
          onChange={({ target }) => onChange({ ...value, from: target.value })}
        />
        <TextField
          label="Selesai"
          type="time"
          name="to"
          required
          value={value.to}
          error={errors['window.to']}
          onChange={({ target }) => onChange({ ...value, to: target.value })}
        />
      </div>
      {freeDays.length > 0 && (
        <div role="alert" className="rounded-xl bg-warn-soft p-3 text-warn">
          <p className="font-semibold">Kuota tanggal itu sudah penuh. Hari kosong berikutnya:</p>
          <div className="mt-2 flex flex-wrap gap-2">
            {freeDays.map((day) => (
              <Button key={day} small onClick={() => onChange({ ...value, day })}>
                {shortDay(day)}
              </Button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
