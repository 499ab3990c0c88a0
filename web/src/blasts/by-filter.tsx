/** Everybody who fits: the API counts them now, and decides once more when the blast is handed in (docs/design/figures.md#blasts). */
import { useEffect } from 'react';
import { seesAll, type Template, useSettled } from '../follow-ups/queries.ts';
import { CATEGORIES, CATEGORY_NAME, type Category } from '../follow-ups/words.ts';
import type { Division, Ticket } from '../lib/api.ts';
import { DIVISION, STAGES } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { useStore } from '../lib/store.ts';
import { useTags } from '../tickets/inbox/inbox-queries.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { SelectField } from '../ui/field.tsx';
import { type BlastFilter, filter as filterStore, isNarrow } from './picked.ts';
import { useBlastPreview } from './queries.ts';
import { reachedOf, SKIPPED_NOW } from './words.ts';

const DIVISIONS = ['sari', 'savi', 'safia'] as const satisfies readonly Division[];

function Ticks<V extends string>({
  legend,
  name,
  options,
  chosen,
  onChange,
}: {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly chosen: readonly V[];
  readonly onChange: (chosen: readonly V[]) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-[13px] font-medium text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map(({ value, label }) => (
          <label
            key={value}
            className="flex h-9 cursor-pointer items-center gap-2 rounded-lg border border-line bg-surface px-3 text-[13px] font-medium has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent max-md:h-11"
          >
            <input
              type="checkbox"
              name={name}
              value={value}
              checked={chosen.includes(value)}
              className="size-4 accent-(--accent)"
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
              }
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What nobody has chosen yet. */
const anyOf = (division: Division): BlastFilter => ({ division, category: [], crm_stage: [], tags: [] });

export function ByFilter({ templates }: { readonly templates: readonly Template[] }) {
  const me = useMe();
  const { data: tags = [] } = useTags();
  const own = DIVISIONS.find((one) => one === me.division) ?? 'sari';
  const filter = useStore(filterStore) ?? anyOf(own);
  useEffect(() => {
    if (filterStore.get() === null) filterStore.set(anyOf(own));
  }, [own]);
  const change = (part: Partial<BlastFilter>): void => filterStore.set({ ...filter, ...part });
  return (
    <div className="flex flex-col gap-4">
      {seesAll(me) && (
        <div className="sm:w-56">
          <SelectField
            label="Divisi"
            name="division"
            value={filter.division}
            options={DIVISIONS.map((value) => ({ value, label: DIVISION[value] }))}
            onChange={({ target }) =>
              change({ division: DIVISIONS.find((one) => one === target.value) ?? filter.division })
            }
          />
        </div>
      )}
      <Ticks<Category>
        legend="Kategori rekomendasi"
        name="category"
        options={CATEGORIES.map((value) => ({ value, label: CATEGORY_NAME[value] }))}
        chosen={filter.category}
        onChange={(category) => change({ category })}
      />
      <Ticks<Ticket['crm_stage']>
        legend="Tahap CRM"
        name="crm_stage"
        options={STAGES.map((value) => ({ value, label: value }))}
        chosen={filter.crm_stage}
        onChange={(stages) => change({ crm_stage: stages })}
      />
      {tags.length > 0 && (
        <Ticks<string>
          legend="Tag (semuanya harus ada)"
          name="tag"
          options={tags.map(({ name }) => ({ value: name, label: name }))}
          chosen={filter.tags}
          onChange={(chosen) => change({ tags: chosen })}
        />
      )}
      <Count filter={filter} templates={templates} />
    </div>
  );
}

function Count({
  filter,
  templates,
}: {
  readonly filter: BlastFilter;
  readonly templates: readonly Template[];
}) {
  const { data: meta } = useMeta();
  const settled = useSettled(filter);
  const [any] = templates;
  const isChosen = isNarrow(filter);
  const preview = useBlastPreview(
    { audience: { filter: settled }, templateId: any?.id ?? '', message: any?.body ?? '' },
    any !== undefined && isNarrow(settled),
  );
  const text = ((): string => {
    if (any === undefined) return 'Blast memerlukan template; belum ada satu pun.';
    if (!isChosen) return 'Pilih kategori, tahap CRM atau tag.';
    if (preview.isError) return preview.error.message;
    if (preview.data === undefined || settled !== filter) return 'Menghitung…';
    const { reached, left } = reachedOf(preview.data);
    if (reached === 0) return 'Tidak ada pelanggan yang cocok.';
    if (meta !== undefined && reached > meta.limits.blast_recipients)
      return `Lebih dari ${meta.limits.blast_recipients.toLocaleString('id')} pelanggan cocok; persempit filternya.`;
    return [
      `${String(reached)} pelanggan cocok`,
      ...left.map(({ reason, count }) => `${String(count)} dilewati: ${SKIPPED_NOW[reason]}`),
    ].join(' · ');
  })();
  return (
    <p className="min-h-5 text-soft tabular-nums" role="status">
      {text}
    </p>
  );
}
