/** What follow-ups and blasts say. */
import { useQuery } from '@tanstack/react-query';
import { MessageSquareQuote, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Answer, Guarded, useAdminCommand } from '../ui/parts.tsx';
import { api, dataOf, type Schemas } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Page } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { TemplateText } from './template-preview.tsx';
import { STATE_WORDS, templatesKey } from './template-words.ts';

type Template = Schemas['Template'];
function TemplateCard({
  template,
  onEdit,
  onRemove,
}: {
  readonly template: Template;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const { label, tone } = STATE_WORDS[template.state];
  return (
    <li className="flex flex-col rounded-2xl border border-line bg-surface">
      <div className="flex items-start gap-2 py-3 pr-2 pl-4">
        <div className="min-w-0 flex-1 pt-1.5">
          <h2 className="font-semibold break-words">{template.name}</h2>
          <p className="mt-1 flex flex-wrap gap-1.5">
            <Badge tone={tone}>{label}</Badge>
            {template.whatsapp_template_name === null ? (
              <Badge tone="yellow" title="Tanpa nama di WhatsApp tidak bisa dikirim di luar 24 jam">
                Hanya dalam 24 jam
              </Badge>
            ) : (
              <Badge tone="grey" title="Nama di WhatsApp">
                {template.whatsapp_template_name}
              </Badge>
            )}
            {template.language !== 'id' && <Badge tone="grey">{template.language}</Badge>}
          </p>
        </div>
        <IconButton label={`Ubah template ${template.name}`} onClick={onEdit}>
          <Pencil className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label={`Hapus template ${template.name}`} onClick={onRemove}>
          <Trash2 className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <div className="flex-1 border-t border-line px-4 py-3 text-soft">
        <TemplateText body={template.body} filled={false} />
      </div>
    </li>
  );
}

function TemplateList({ onEdit }: { readonly onEdit: (template: Template | 'new') => void }) {
  const [removing, setRemoving] = useState<Template | null>(null);
  const query = useQuery({
    queryKey: templatesKey,
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/admin/templates', { signal }))).templates,
  });
  const remove = useAdminCommand(
    (id: string) => dataOf(api.DELETE('/api/admin/templates/{id}', { params: { path: { id } } })),
    { done: 'Template dihapus.', changes: [templatesKey] },
  );
  return (
    <>
      <Answer query={query}>
        {(templates) =>
          templates.length === 0 ? (
            <Empty
              icon={<MessageSquareQuote className="size-6" />}
              title="Belum ada template"
              hint="Follow-up dan blast memakai template."
            >
              <Button onClick={() => onEdit('new')}>Buat template pertama</Button>
            </Empty>
          ) : (
            <ul className="grid gap-4 xl:grid-cols-2">
              {templates.map((template) => (
                <TemplateCard
                  key={template.id}
                  template={template}
                  onEdit={() => onEdit(template)}
                  onRemove={() => setRemoving(template)}
                />
              ))}
            </ul>
          )
        }
      </Answer>
      {removing !== null && (
        <Dialog
          open
          onClose={() => setRemoving(null)}
          title={`Hapus template ${removing.name}?`}
          hint="Blast yang sudah disetujui dengan template ini berhenti sampai dibatalkan."
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

export function TemplatesPage() {
  const [editing, setEditing] = useState<Template | 'new' | null>(null);
  return (
    <Guarded title="Template" needs={['manage_templates']}>
      <Page
        title="Template"
        actions={
          <Button
            look="primary"
            icon={<Plus className="size-4" aria-hidden="true" />}
            onClick={() => setEditing('new')}
          >
            Template baru
          </Button>
        }
      >
        <TemplateList onEdit={setEditing} />
        {editing !== null && (
          <TemplateDialog template={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        )}
      </Page>
    </Guarded>
  );
}
