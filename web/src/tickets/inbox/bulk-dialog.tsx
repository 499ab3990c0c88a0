/** Asks what to do with many tickets. */
import { useId, useState } from 'react';
import type { paths } from '../../../../client/api.ts';
import { t } from '../../lib/id.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextArea, TextField } from '../../ui/field.tsx';
import { AgentChoice } from '../agent-choice.tsx';
import { SnoozeTimes } from '../ticket-dialogs.tsx';
import { useTags } from './inbox-queries.ts';

export type BulkAction = NonNullable<
  paths['/api/admin/tickets/bulk']['post']['requestBody']
>['content']['application/json']['action'];
export type BulkKind = BulkAction['kind'];

interface BulkDialogProps {
  readonly kind: BulkKind;
  readonly count: number;
  readonly onRun: (action: BulkAction) => void;
  readonly onClose: () => void;
}

const TITLE: Record<BulkKind, string> = {
  assign: 'Assign',
  tag: 'Ubah tag',
  snooze: 'Tunda',
  close: 'Tutup',
};
const WAYS = [
  { value: 'add', label: 'Tambah' },
  { value: 'remove', label: 'Hapus' },
] as const;

export function BulkDialog({ kind, count, onRun, onClose }: BulkDialogProps) {
  const form = useId();
  const tags = useId();
  const [agent, setAgent] = useState<string | null>(null);
  const [way, setWay] = useState<'add' | 'remove'>('add');
  const [text, setText] = useState('');
  const { data: known = [] } = useTags(kind === 'tag');
  const submit = (): void => {
    if (kind === 'assign' && agent !== null) onRun({ kind, to: agent });
    if (kind === 'tag') onRun({ kind, action: way, tag: text.trim() });
    if (kind === 'close') onRun({ kind, ...(text.trim() === '' ? {} : { reason: text.trim() }) });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${TITLE[kind]} ${String(count)} tiket`}
      hint="Setiap tiket diubah sendiri-sendiri; yang tidak bisa tetap terpilih."
      {...(kind === 'snooze'
        ? {}
        : {
            foot: (
              <>
                <Button onClick={onClose}>{t.cancel}</Button>
                <Button
                  look="primary"
                  type="submit"
                  form={form}
                  disabled={(kind === 'assign' && agent === null) || (kind === 'tag' && text.trim() === '')}
                >
                  {TITLE[kind]}
                </Button>
              </>
            ),
          })}
    >
      {kind === 'snooze' ? (
        <SnoozeTimes busy={false} onChoose={(until) => onRun({ kind, until: until.toISOString() })} />
      ) : (
        <form
          id={form}
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {kind === 'assign' && <AgentChoice division={null} chosen={agent} onChoose={setAgent} />}
          {kind === 'tag' && (
            <>
              <Choice label="Yang dilakukan" name="action" value={way} options={WAYS} onChange={setWay} />
              <TextField
                label="Tag"
                name="tag"
                required
                maxLength={50}
                autoComplete="off"
                list={tags}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <datalist id={tags}>
                {known.map(({ id, name }) => (
                  <option key={id} value={name} />
                ))}
              </datalist>
            </>
          )}
          {kind === 'close' && (
            <TextArea
              label="Alasan (opsional)"
              name="reason"
              maxLength={500}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </form>
      )}
    </Dialog>
  );
}
