import type { ChangeEvent } from 'react';
import { CHANNEL, DIVISION, STAGES, STATUS, t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { type DeskSearch, type FilterName, filtersIn } from './desk-search.ts';
import { useAgents, useTags } from './inbox-queries.ts';
import { FILTER_NAME, QUEUE } from './words.ts';

type Option = { readonly value: string; readonly label: string };

const ANY: Option = { value: '', label: 'Semua' };
const fromRecord = (of: Readonly<Record<string, string>>): readonly Option[] => [
  ANY,
  ...Object.entries(of).map(([value, label]) => ({ value, label })),
];

interface FiltersProps {
  readonly search: DeskSearch;
  readonly onChange: (name: FilterName, value: string) => void;
  readonly onClear: () => void;
}

export function InboxFilters({ search, onChange, onClear }: FiltersProps) {
  const me = useMe();
  const leads = me.role === 'super_admin' || me.role === 'team_lead';
  const { data: tags = [] } = useTags();
  const { data: agents = [] } = useAgents({});
  const divisions = { sari: DIVISION.sari, savi: DIVISION.savi, safia: DIVISION.safia };
  const fields: readonly { readonly name: FilterName; readonly options: readonly Option[] }[] = [
    ...(leads ? [{ name: 'division' as const, options: fromRecord(divisions) }] : []),
    { name: 'status', options: fromRecord(STATUS) },
    { name: 'queue_status', options: fromRecord(QUEUE) },
    { name: 'channel', options: fromRecord(CHANNEL) },
    { name: 'crm_stage', options: [ANY, ...STAGES.map((value) => ({ value, label: value }))] },
    {
      name: 'assigned_to',
      options: [
        ANY,
        { value: 'none', label: t.inbox.nobody },
        ...agents.map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
    { name: 'tag', options: [ANY, ...tags.map(({ name }) => ({ value: name, label: name }))] },
  ];
  return (
    <section aria-label={t.inbox.filters} className="rise border-b border-line bg-canvas px-4 py-3">
      <div className="grid grid-cols-2 gap-x-3 gap-y-2">
        {fields.map(({ name, options }) => (
          <SelectField
            key={name}
            name={name}
            label={FILTER_NAME[name]}
            options={options}
            value={search[name] ?? ''}
            onChange={(event: ChangeEvent<HTMLSelectElement>) => onChange(name, event.target.value)}
          />
        ))}
      </div>
      {filtersIn(search) > 0 && (
        <Button small look="quiet" className="mt-2" onClick={onClear}>
          Hapus filter
        </Button>
      )}
    </section>
  );
}
