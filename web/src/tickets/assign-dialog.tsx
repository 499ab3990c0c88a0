import { Search } from 'lucide-react';
import { useState } from 'react';
import type { Ticket } from '../lib/api.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { inputClass, TextArea } from '../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { useAssign, useReassign } from './commands.ts';
import { useAgents } from './inbox/inbox-queries.ts';

interface AssignDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

/** Gives a ticket to somebody, or moves it: agents who are online, of all divisions, the ticket's own first. */
export function AssignDialog({ ticket, onClose }: AssignDialogProps) {
  // Who had it when the dialog was opened: if that changed meanwhile, the API says so.
  const [from] = useState(ticket.assigned_to);
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [offline, setOffline] = useState(false);
  const agents = useAgents({ division: 'all', ...(offline ? {} : { status: 'online' as const }) });
  const assign = useAssign(ticket.id);
  const reassign = useReassign(ticket.id);
  const found = (agents.data ?? [])
    .filter(({ id, name }) => id !== from?.id && name.toLowerCase().includes(wanted.trim().toLowerCase()))
    .sort(
      (a, b) =>
        Number(b.division === ticket.division) - Number(a.division === ticket.division) ||
        a.name.localeCompare(b.name),
    );
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
      <div className="relative">
        <Search
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          type="search"
          name="agent"
          aria-label="Cari agent"
          placeholder="Cari agent"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          className={`${inputClass} pl-9`}
        />
      </div>
      <Switch label="Tampilkan juga yang Offline" checked={offline} onChange={setOffline} />
      {agents.isPending ? (
        <Loading>
          <Skeleton className="h-12" />
        </Loading>
      ) : agents.isError ? (
        <Failed error={agents.error} retry={() => void agents.refetch()} />
      ) : found.length === 0 ? (
        <p className="py-6 text-center text-soft">
          {offline ? 'Tidak ada agent yang cocok.' : 'Tidak ada agent yang Online.'}
        </p>
      ) : (
        <fieldset className="-mx-2 max-h-64 overflow-y-auto">
          <legend className="sr-only">Agent</legend>
          {found.map(({ id, name, division, role, status }) => (
            <label
              key={id}
              className="flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="assign_to"
                value={id}
                checked={chosen === id}
                onChange={() => setChosen(id)}
                className="size-4 accent-(--accent)"
              />
              <Avatar
                name={name}
                size="sm"
                mark={
                  <span
                    className={`block size-2 rounded-full ${status === 'online' ? 'bg-good' : 'bg-line-strong'}`}
                  />
                }
              />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block text-[12px] text-soft">{ROLE[role]}</span>
              </span>
              <span className="sr-only">{status === 'online' ? t.presence.online : t.presence.offline}</span>
              <Badge tone={division === ticket.division ? 'teal' : 'grey'}>{DIVISION[division]}</Badge>
            </label>
          ))}
        </fieldset>
      )}
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
