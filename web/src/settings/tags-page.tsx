/** The tags that tickets may carry, with their colours. */
import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Tags, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { Answer, fieldErrors, Guarded, Rows, useAdminCommand } from '../ui/parts.tsx';
import { api, dataOf, once, type Schemas } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';

type Tag = Schemas['Tag'];
/** Colours that stay apart beside each other, in light and dark. */
const PALETTE = [
  '#0F766E',
  '#1D4ED8',
  '#7C3AED',
  '#BE185D',
  '#B42318',
  '#C2560A',
  '#A16207',
  '#3F7D20',
  '#475569',
];
const NAMES = ['Hijau laut', 'Biru', 'Ungu', 'Merah muda', 'Merah', 'Jingga', 'Kuning tua', 'Hijau', 'Abu'];

function Swatches({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (color: string) => void;
}) {
  const all = PALETTE.some((one) => one.toLowerCase() === value.toLowerCase())
    ? PALETTE
    : [value, ...PALETTE];
  return (
    <fieldset>
      <legend className="mb-1.5 text-[13px] font-medium text-soft">Warna</legend>
      <div className="flex flex-wrap gap-2">
        {all.map((color) => (
          <label
            key={color}
            title={NAMES[PALETTE.indexOf(color)] ?? color}
            className={cx(
              'relative flex size-9 cursor-pointer items-center justify-center rounded-full border-2 border-transparent max-md:size-11',
              'has-checked:border-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
            )}
          >
            <input
              type="radio"
              name="color"
              value={color}
              className="sr-only"
              checked={color.toLowerCase() === value.toLowerCase()}
              onChange={() => onChange(color)}
            />
            <span className="size-6 rounded-full" style={{ backgroundColor: color }} aria-hidden="true" />
            <span className="sr-only">{NAMES[PALETTE.indexOf(color)] ?? color}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function TagDialog({ tag, onClose }: { readonly tag: Tag | null; readonly onClose: () => void }) {
  const formId = useId();
  const [name, setName] = useState(tag?.name ?? '');
  const [color, setColor] = useState(tag?.color ?? PALETTE[0] ?? '');
  const [params] = useState(once);
  const save = useAdminCommand(
    (body: { name: string; color: string }) =>
      tag === null
        ? dataOf(api.POST('/api/admin/tags', { params, body }))
        : dataOf(api.PATCH('/api/admin/tags/{id}', { params: { path: { id: tag.id } }, body })),
    { done: 'Tag disimpan.', changes: [keys.tags] },
  );
  const errors = fieldErrors(save.error, { TAG_NAME_TAKEN: 'name' });
  return (
    <Dialog
      open
      onClose={onClose}
      title={tag === null ? 'Tag baru' : 'Ubah tag'}
      {...(tag === null ? {} : { hint: 'Tiket yang sudah memakai tag ini tetap memakai kata lamanya.' })}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={save.isPending}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ name: name.trim(), color }, { onSuccess: onClose });
        }}
      >
        <TextField
          label="Nama"
          name="name"
          required
          maxLength={50}
          autoComplete="off"
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <Swatches value={color} onChange={setColor} />
        {errors['color'] !== undefined && <p className="font-medium text-danger">{errors['color']}</p>}
      </form>
    </Dialog>
  );
}

function TagList({ onEdit, onNew }: { readonly onEdit: (tag: Tag) => void; readonly onNew: () => void }) {
  const [removing, setRemoving] = useState<Tag | null>(null);
  const query = useQuery({
    queryKey: keys.tags,
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/admin/tags', { signal }))).tags,
  });
  const remove = useAdminCommand(
    (id: string) => dataOf(api.DELETE('/api/admin/tags/{id}', { params: { path: { id } } })),
    {
      done: 'Tag dihapus.',
      changes: [keys.tags],
    },
  );
  return (
    <>
      <Answer query={query}>
        {(tags) =>
          tags.length === 0 ? (
            <Empty
              icon={<Tags className="size-6" />}
              title="Belum ada tag"
              hint="Tag membantu tim memilah tiket."
            >
              <Button onClick={onNew}>Buat tag pertama</Button>
            </Empty>
          ) : (
            <Rows>
              {tags.map((tag) => (
                <li key={tag.id} className="flex min-h-14 items-center gap-3 py-1.5 pr-2 pl-4">
                  <span
                    className="size-3.5 shrink-0 rounded-full"
                    style={{ backgroundColor: tag.color }}
                    aria-hidden="true"
                  />
                  <span className="min-w-0 flex-1 truncate font-medium">{tag.name}</span>
                  {tag.type === 'system' && <Badge tone="grey">Sistem</Badge>}
                  <IconButton label={`Ubah tag ${tag.name}`} onClick={() => onEdit(tag)}>
                    <Pencil className="size-4" aria-hidden="true" />
                  </IconButton>
                  {tag.type === 'custom' && (
                    <IconButton label={`Hapus tag ${tag.name}`} onClick={() => setRemoving(tag)}>
                      <Trash2 className="size-4" aria-hidden="true" />
                    </IconButton>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Answer>
      {removing !== null && (
        <Dialog
          open
          onClose={() => setRemoving(null)}
          title={`Hapus tag ${removing.name}?`}
          hint="Tag hilang dari daftar pilihan. Tiket yang sudah memakainya tetap memakainya."
          foot={
            <>
              <Button onClick={() => setRemoving(null)}>{t.cancel}</Button>
              <Button
                look="danger"
                busy={remove.isPending}
                onClick={() => remove.mutate(removing.id, { onSettled: () => setRemoving(null) })}
              >
                Hapus
              </Button>
            </>
          }
        />
      )}
    </>
  );
}

export function TagsPage() {
  const [editing, setEditing] = useState<Tag | 'new' | null>(null);
  return (
    <Guarded title="Tag" needs={['manage_tags']}>
      <Page
        title="Tag"
        narrow
        actions={
          <Button
            look="primary"
            icon={<Plus className="size-4" aria-hidden="true" />}
            onClick={() => setEditing('new')}
          >
            Tag baru
          </Button>
        }
      >
        <TagList onEdit={setEditing} onNew={() => setEditing('new')} />
        {editing !== null && (
          <TagDialog tag={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        )}
      </Page>
    </Guarded>
  );
}
