import { useId, useRef, useState } from 'react';
import { VARIABLES } from '../follow-ups/words.ts';
import { api, dataOf, type Division, once, type Schemas } from '../lib/api.ts';
import { DIVISION, t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMay } from '../lib/me.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { fieldErrors, useAdminCommand } from '../ui/parts.tsx';
import { TemplateText } from './template-preview.tsx';
import { VariableButtons } from './variable-buttons.tsx';

interface QuickReplyDialogProps {
  /** null: a new one. */
  readonly quickReply: Schemas['QuickReply'] | null;
  readonly onClose: () => void;
}

const FOR = [
  { value: 'me', label: 'Hanya saya' },
  { value: 'all', label: DIVISION.all },
  ...(['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] })),
];
const divisionOf = (value: string): Division | null =>
  (['sari', 'savi', 'safia'] as const).find((one) => one === value) ?? null;

export function QuickReplyDialog({ quickReply, onClose }: QuickReplyDialogProps) {
  const form = useId();
  const area = useRef<HTMLDivElement>(null);
  const mayShare = useMay('manage_templates');
  const [data, setData] = useState({
    shortcut: quickReply?.shortcut ?? '',
    title: quickReply?.title ?? '',
    body: quickReply?.body ?? '',
    for: 'me',
  });
  const [params] = useState(once);
  const save = useAdminCommand(
    () => {
      const body = {
        shortcut: data.shortcut.trim().replace(/^\//, ''),
        title: data.title.trim(),
        body: data.body.trim(),
      };
      return quickReply === null
        ? dataOf(
            api.POST('/api/admin/quick-replies', {
              params,
              body: { ...body, personal: data.for === 'me', division: divisionOf(data.for) },
            }),
          )
        : dataOf(
            api.PATCH('/api/admin/quick-replies/{id}', { params: { path: { id: quickReply.id } }, body }),
          );
    },
    { done: 'Balasan cepat disimpan.', changes: [keys.quickReplies] },
  );
  const errors = fieldErrors(save.error, { SHORTCUT_TAKEN: 'shortcut' });
  const set = (name: keyof typeof data, value: string): void => setData((old) => ({ ...old, [name]: value }));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={quickReply === null ? 'Balasan cepat baru' : `Ubah /${quickReply.shortcut}`}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form={form} busy={save.isPending}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Singkatan"
            name="shortcut"
            required
            maxLength={31}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="salam"
            value={data.shortcut}
            error={errors['shortcut']}
            hint="Satu kata, diketik setelah /"
            onChange={(event) => set('shortcut', event.target.value)}
          />
          <TextField
            label="Judul"
            name="title"
            required
            maxLength={100}
            autoComplete="off"
            value={data.title}
            error={errors['title']}
            onChange={(event) => set('title', event.target.value)}
          />
        </div>
        <div ref={area}>
          <TextArea
            label="Isi"
            name="body"
            required
            rows={5}
            maxLength={4096}
            value={data.body}
            error={errors['body']}
            onChange={(event) => set('body', event.target.value)}
          />
        </div>
        <VariableButtons
          names={VARIABLES}
          area={area}
          text={data.body}
          onChange={(body) => set('body', body)}
        />
        {data.body.trim() !== '' && (
          <div>
            <p className="mb-1 text-[13px] font-medium text-soft">Contoh</p>
            <div className="max-w-md rounded-2xl rounded-tr-md bg-own px-3.5 py-2.5">
              <TemplateText body={data.body} filled />
            </div>
          </div>
        )}
        {quickReply === null && mayShare && (
          <SelectField
            label="Untuk"
            name="division"
            value={data.for}
            options={FOR}
            error={errors['division']}
            onChange={(event) => set('for', event.target.value)}
          />
        )}
      </form>
    </Dialog>
  );
}
