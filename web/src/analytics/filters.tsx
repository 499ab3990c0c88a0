/** Which period, which division (dashboard-prd 3.7: "Filter wajib"). Both stand in the address. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Division } from '../lib/api.ts';
import { dayKey } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { without } from '../lib/collections.ts';
import { IconButton } from '../ui/button.tsx';
import { Choice, inputClass, SelectField, TextField } from '../ui/field.tsx';
import { type Days, daysOf, type FiguresSearch, nameOf, SPANS, stepped } from './periods.ts';
import { SPAN } from './words.ts';

interface FiltersProps {
  readonly search: FiguresSearch;
  readonly days: Days;
  /** Where there is a choice. */
  readonly divisions: readonly Division[];
  readonly onChange: (search: FiguresSearch) => void;
}

const OPTIONS = SPANS.map((value) => ({ value, label: SPAN[value] }));

export function Filters({ search, days, divisions, onChange }: FiltersProps) {
  const today = dayKey(new Date());
  const by = search.by ?? 'month';
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="w-full sm:w-92">
        <Choice
          label="Periode"
          name="by"
          value={by}
          options={OPTIONS}
          onChange={(next) =>
            onChange({
              ...search,
              by: next,
              ...(next === 'custom' ? { from: days.start, to: days.end } : {}),
            })
          }
        />
      </div>
      {by === 'custom' ? (
        <div className="flex w-full gap-3 sm:w-auto">
          <div className="min-w-0 flex-1">
            <TextField
              label="Dari"
              type="date"
              name="from"
              required
              value={days.start}
              max={days.end}
              onChange={({ target }) =>
                target.value !== '' && onChange({ ...search, from: target.value, to: days.end })
              }
            />
          </div>
          <div className="min-w-0 flex-1">
            <TextField
              label="Sampai"
              type="date"
              name="to"
              required
              value={days.end}
              min={days.start}
              onChange={({ target }) =>
                target.value !== '' && onChange({ ...search, from: days.start, to: target.value })
              }
            />
          </div>
        </div>
      ) : (
        <div className="flex w-full items-center gap-1 rounded-lg border border-line bg-surface sm:w-72">
          <IconButton label="Periode sebelumnya" onClick={() => onChange(stepped(search, today, -1))}>
            <ChevronLeft className="size-[18px]" aria-hidden="true" />
          </IconButton>
          <span className="min-w-0 flex-1 truncate text-center font-medium" aria-live="polite">
            {nameOf(days)}
          </span>
          <IconButton
            label="Periode berikutnya"
            disabled={daysOf(search, today).end >= today}
            onClick={() => onChange(stepped(search, today, 1))}
          >
            <ChevronRight className="size-[18px]" aria-hidden="true" />
          </IconButton>
        </div>
      )}
      {divisions.length > 1 && (
        <div className="w-full sm:w-44">
          <SelectField
            label="Divisi"
            name="division"
            className={inputClass}
            value={search.division ?? ''}
            options={[
              { value: '', label: DIVISION.all },
              ...divisions.map((value) => ({ value, label: DIVISION[value] })),
            ]}
            onChange={({ target }) => {
              const rest = without(search, 'division');
              const division = divisions.find((one) => one === target.value);
              onChange(division === undefined ? rest : { ...rest, division });
            }}
          />
        </div>
      )}
    </div>
  );
}
