import { useId, useRef, useState } from 'react';
import { VARIABLES } from '../follow-ups/words.ts';
import { fieldErrors, useAdminCommand } from '../ui/parts.tsx';
import { api, dataOf, once, type Schemas } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { TemplateText } from './template-preview.tsx';
import { STATE_WORDS, templatesKey } from './template-words.ts';
import { VariableButtons } from './variable-buttons.tsx';

type Template = Schemas['Template'];
const STATES = Object.entries(STATE_WORDS).map(([value, { label }]) => ({ value, label }));

export function TemplateDialog({
  template,
  onClose,
}: {
  readonly template: Template | null;
  readonly onClose: () => void;
}) {
  const formId = useId();
  const area = useRef<HTMLDivElement>(null);
  const [data, setData] = useState({
    name: template?.name ?? '',
    language: template?.language ?? 'id',
    body: template?.body ?? '',
    whatsapp: template?.whatsapp_template_name ?? '',
    state: template?.state ?? ('approved' as const),
  });
  const [params] = useState(once);
  const save = useAdminCommand(
    () => {
      const body = {
        name: data.name.trim(),
        language: data.language.trim(),
        body: data.body.trim(),
        whatsapp_template_name: data.whatsapp.trim() === '' ? null : data.whatsapp.trim(),
        state: data.state,
      };
      return template === null
        ? dataOf(api.POST('/api/admin/templates', { params, body }))
        : dataOf(api.PATCH('/api/admin/templates/{id}', { params: { path: { id: template.id } }, body }));
    },
    { done: 'Template disimpan.', changes: [templatesKey] },
  );
  const errors = fieldErrors(save.error, { TEMPLATE_NAME_TAKEN: 'name' });
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={template === null ? 'Template baru' : 'Ubah template'}
      {...(template === null
        ? {}
        : { hint: 'Blast yang disetujui dengan kata lama berhenti sampai dibatalkan dan diajukan lagi.' })}
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
          save.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <TextField
          label="Nama"
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          value={data.name}
          error={errors['name']}
          onChange={(event) => setData({ ...data, name: event.target.value })}
        />
        <div ref={area}>
          <TextArea
            label="Isi pesan"
            name="body"
            required
            rows={5}
            maxLength={1024}
            value={data.body}
            error={errors['body']}
            hint={`${String(data.body.length)} dari 1.024 karakter`}
            onChange={(event) => setData({ ...data, body: event.target.value })}
          />
        </div>
        <VariableButtons
          names={VARIABLES}
          area={area}
          text={data.body}
          onChange={(body) => setData({ ...data, body })}
        />
        {data.body.trim() !== '' && (
          <div>
            <p className="mb-1 text-[13px] font-medium text-soft">Contoh yang diterima pelanggan</p>
            <div className="max-w-md rounded-2xl rounded-tr-md bg-own px-3.5 py-2.5">
              <TemplateText body={data.body} filled />
            </div>
          </div>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Nama template di WhatsApp"
            name="whatsapp_template_name"
            autoComplete="off"
            spellCheck={false}
            value={data.whatsapp}
            error={errors['whatsapp_template_name']}
            hint="Seperti disetujui Meta. Kosong: hanya dalam 24 jam."
            onChange={(event) => setData({ ...data, whatsapp: event.target.value })}
          />
          <TextField
            label="Bahasa"
            name="language"
            required
            maxLength={10}
            value={data.language}
            error={errors['language']}
            hint="Kode bahasa, misalnya id."
            onChange={(event) => setData({ ...data, language: event.target.value })}
          />
        </div>
        <SelectField
          label="Status"
          name="state"
          value={data.state}
          options={STATES}
          onChange={(event) => setData({ ...data, state: event.target.value as Template['state'] })}
        />
      </form>
    </Dialog>
  );
}
