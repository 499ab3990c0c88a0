/** Sentences that one writes every day: one's own, and for who may, those of a division or of everybody. */
import { useQuery } from '@tanstack/react-query';
import { MessageSquareReply, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { WithVariables } from '../follow-ups/with-variables.tsx';
import { api, dataOf, type Schemas } from '../lib/api.ts';
import { DIVISION, t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMay } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Answer, Guarded, Rows, useAdminCommand } from '../ui/parts.tsx';
import { Empty } from '../ui/states.tsx';
import { QuickReplyDialog } from './quick-reply-dialog.tsx';

type QuickReply = Schemas['QuickReply'];
const TITLE = 'Balasan cepat';

export function QuickRepliesPage() {
  const [editing, setEditing] = useState<QuickReply | 'new' | null>(null);
  return (
    <Guarded title={TITLE} needs={['reply']}>
      <Page
        title={TITLE}
        narrow
        actions={
          <Button
            look="primary"
            icon={<Plus className="size-4" aria-hidden="true" />}
            onClick={() => setEditing('new')}
          >
            Balasan baru
          </Button>
        }
      >
        <p className="-mt-2 text-pretty text-soft">
          Ketik <strong className="font-semibold">/</strong> di kotak balasan untuk memakainya.
        </p>
        <List onEdit={setEditing} />
        {editing !== null && (
          <QuickReplyDialog
            quickReply={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
          />
        )}
      </Page>
    </Guarded>
  );
}

function List({ onEdit }: { readonly onEdit: (one: QuickReply | 'new') => void }) {
  const mayShare = useMay('manage_templates');
  const [text, setText] = useState('');
  const [removing, setRemoving] = useState<QuickReply | null>(null);
  const query = useQuery({
    queryKey: keys.quickReplies,
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/quick-replies', { signal }))).quick_replies,
  });
  const remove = useAdminCommand(
    (id: string) => dataOf(api.DELETE('/api/admin/quick-replies/{id}', { params: { path: { id } } })),
    { done: 'Balasan cepat dihapus.', changes: [keys.quickReplies] },
  );
  const wanted = text.trim().toLowerCase();
  return (
    <>
      <Answer query={query}>
        {(all) => {
          if (all.length === 0)
            return (
              <Empty
                icon={<MessageSquareReply className="size-6" />}
                title="Belum ada balasan cepat"
                hint="Simpan kalimat yang sering Anda tulis, dengan nama pelanggan yang terisi sendiri."
              >
                <Button onClick={() => onEdit('new')}>Buat yang pertama</Button>
              </Empty>
            );
          const shown = all
            .filter(({ shortcut, title, body }) =>
              `${shortcut} ${title} ${body}`.toLowerCase().includes(wanted),
            )
            .sort((a, b) => a.shortcut.localeCompare(b.shortcut, 'id'));
          return (
            <>
              <SearchField
                label="Cari balasan cepat"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              {shown.length === 0 ? (
                <Empty icon={<MessageSquareReply className="size-6" />} title="Tidak ada yang cocok" />
              ) : (
                <Rows>
                  {shown.map((one) => (
                    <li key={one.id} className="flex items-start gap-1 py-3 pr-2 pl-4">
                      <div className="min-w-0 flex-1">
                        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                          <span className="font-semibold text-accent-ink">/{one.shortcut}</span>
                          <span className="min-w-0 font-medium break-words">{one.title}</span>
                          <Badge tone={one.personal ? 'violet' : 'grey'}>
                            {one.personal ? 'Hanya saya' : DIVISION[one.division ?? 'all']}
                          </Badge>
                        </p>
                        <p className="mt-1 line-clamp-3 break-words whitespace-pre-wrap text-soft">
                          <WithVariables text={one.body} />
                        </p>
                      </div>
                      {(one.personal || mayShare) && (
                        <>
                          <IconButton label={`Ubah /${one.shortcut}`} onClick={() => onEdit(one)}>
                            <Pencil className="size-4" aria-hidden="true" />
                          </IconButton>
                          <IconButton label={`Hapus /${one.shortcut}`} onClick={() => setRemoving(one)}>
                            <Trash2 className="size-4" aria-hidden="true" />
                          </IconButton>
                        </>
                      )}
                    </li>
                  ))}
                </Rows>
              )}
            </>
          );
        }}
      </Answer>
      {removing !== null && (
        <Dialog
          open
          onClose={() => setRemoving(null)}
          title={`Hapus /${removing.shortcut}?`}
          {...(removing.personal ? {} : { hint: 'Rekan yang memakainya tidak menemukannya lagi.' })}
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
