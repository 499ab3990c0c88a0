import { useState } from 'react';
import type { Ticket } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { AgentChoice } from './agent-choice.tsx';
import { useAssign, useReassign } from './commands.ts';

interface AssignDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

/** Gives a ticket to somebody, or moves it: agents who are online, of all divisions, the ticket's own first. */
export function AssignDialog({ ticket, onClose }: AssignDialogProps) {
  // Who had it when the dialog was opened: if that changed meanwhile, the API says so.
  const [from] = useState(ticket.assigned_to);
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const assign = useAssign(ticket.id);
  const reassign = useReassign(ticket.id);
  const submit = (): void => {
    if (chosen === null) return;
    const onSettled = onClose;
    if (from === null) assign.mutate({ to: chosen, note: note.trim() }, { onSettled });
    else reassign.mutate({ from: from.id, to: chosen, reason: note.trim() }, { onSettled });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={from === null ? 'Assign ke Agent' : 'Pindahkan ke Agent Lain'}
      hint={from === null ? undefined : `Sekarang ditangani oleh ${from.name}.`}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            disabled={chosen === null}
            busy={assign.isPending || reassign.isPending}
            onClick={submit}
          >
            {from === null ? 'Assign' : 'Pindahkan'}
          </Button>
        </>
      }
    >
      <AgentChoice division={ticket.division} except={from?.id} chosen={chosen} onChoose={setChosen} />
      <div className="mt-3">
        <TextArea
          label={from === null ? 'Catatan untuk agent (opsional)' : 'Alasan (opsional)'}
          name={from === null ? 'note' : 'reason'}
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
