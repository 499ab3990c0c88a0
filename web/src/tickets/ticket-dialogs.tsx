import { useState } from 'react';
import type { Ticket } from '../lib/api.ts';
import { clockOf, dateOf, dayKey } from '../lib/dates.ts';
import { t } from '../lib/id.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice, TextArea, TextField } from '../ui/field.tsx';
import { closeSoon } from './closing.ts';
import { useRelease, useSnooze } from './commands.ts';

interface TicketDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

export function CloseDialog({ ticket, onClose }: TicketDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Tutup tiket?"
      hint="Bila pelanggan menulis lagi, tiket baru dibuka untuk agent yang sama."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            onClick={() => {
              closeSoon(ticket.id, reason.trim());
              onClose();
            }}
          >
            Tutup tiket
          </Button>
        </>
      }
    >
      <TextArea
        label="Alasan (opsional)"
        name="reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

const TARGETS = [
  { value: 'queue', label: 'Ke antrian' },
  { value: 'bot', label: 'Ke bot' },
] as const;

export function ReleaseDialog({ ticket, onClose }: TicketDialogProps) {
  const [to, setTo] = useState<'queue' | 'bot'>('queue');
  const [reason, setReason] = useState('');
  const release = useRelease(ticket.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Lepas tiket?"
      hint="Tiket tidak lagi di tangan agent sekarang."
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            busy={release.isPending}
            onClick={() => release.mutate({ to, reason: reason.trim() }, { onSettled: onClose })}
          >
            Lepas
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Choice label="Kembalikan" name="to" value={to} options={TARGETS} onChange={setTo} />
        <TextArea
          label="Alasan (opsional)"
          name="reason"
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Dialog>
  );
}

const HOUR = 3_600_000;
/** Jakarta keeps one offset all year. */
const atJakarta = (day: string, time: string): Date => new Date(`${day}T${time}:00+07:00`);

function presets(now: Date): readonly { readonly label: string; readonly at: Date }[] {
  const tomorrow = dayKey(new Date(now.getTime() + 24 * HOUR));
  const evening = atJakarta(dayKey(now), '16:00');
  const days = (8 - new Date(`${dayKey(now)}T00:00:00Z`).getUTCDay()) % 7 || 7;
  const monday = dayKey(new Date(now.getTime() + days * 24 * HOUR));
  return [
    { label: '1 jam lagi', at: new Date(now.getTime() + HOUR) },
    ...(evening.getTime() - now.getTime() > HOUR ? [{ label: 'Sore ini', at: evening }] : []),
    { label: 'Besok pagi', at: atJakarta(tomorrow, '09:00') },
    ...(monday === tomorrow ? [] : [{ label: 'Senin pagi', at: atJakarta(monday, '09:00') }]),
  ];
}

/** Until when: some times that fit most days, or one's own. */
export function SnoozeTimes({
  busy,
  onChoose,
}: {
  readonly busy: boolean;
  readonly onChoose: (until: Date) => void;
}) {
  const [now] = useState(() => new Date());
  const [own, setOwn] = useState('');
  const [day = '', time = ''] = own.split('T');
  return (
    <div className="flex flex-col gap-2">
      {presets(now).map(({ label, at }) => (
        <Button key={label} disabled={busy} onClick={() => onChoose(at)} className="w-full justify-between!">
          {label}
          <span className="font-normal text-faint">
            {dateOf(at)}, {clockOf(at)}
          </span>
        </Button>
      ))}
      <form
        className="mt-2 flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(atJakarta(day, time));
        }}
      >
        <div className="flex-1">
          <TextField
            label="Waktu lain (WIB)"
            name="until"
            type="datetime-local"
            required
            value={own}
            onChange={(event) => setOwn(event.target.value)}
          />
        </div>
        <Button type="submit" look="primary" busy={busy} disabled={own === ''}>
          Tunda
        </Button>
      </form>
    </div>
  );
}

export function SnoozeDialog({ ticket, onClose }: TicketDialogProps) {
  const snooze = useSnooze(ticket.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Tunda tiket"
      hint="Tiket muncul lagi pada waktunya, atau lebih cepat bila pelanggan menulis."
    >
      <SnoozeTimes
        busy={snooze.isPending}
        onChoose={(until) => snooze.mutate(until.toISOString(), { onSettled: onClose })}
      />
    </Dialog>
  );
}
