/** What the office decides about a visit. Each says what it means before it happens. */
import { type ReactNode, useId, useState } from 'react';
import { api, dataOf } from '../../lib/api.ts';
import { dayKey } from '../../lib/dates.ts';
import { t } from '../../lib/id.ts';
import { Button, type ButtonLook } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextArea } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/parts.tsx';
import { freeDaysOf, isNews, type Job, on, useJobCommand } from './queries.ts';
import { POOL, TechnicianChoice } from './technician-choice.tsx';
import { windowBody, WindowFields } from '../opening/window-fields.tsx';
import { inputClock } from './words.ts';

interface JobDialogProps {
  readonly job: Job;
  readonly onClose: () => void;
}

interface FormProps {
  readonly title: string;
  readonly hint?: string;
  readonly submit: string;
  readonly look?: ButtonLook;
  readonly command: { readonly isPending: boolean };
  readonly disabled?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function FormDialog({
  title,
  hint,
  submit,
  look = 'primary',
  command,
  disabled = false,
  onSubmit,
  onClose,
  children,
}: FormProps) {
  const form = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      hint={hint}
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look={look} type="submit" form={form} disabled={disabled} busy={command.isPending}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

/** Done, or overtaken by what others did: either way there is nothing left to ask. */
const over = (onClose: () => void) => ({
  onSuccess: onClose,
  onError: (error: Error) => {
    if (isNews(error)) onClose();
  },
});

function Reason({
  value,
  error,
  optional = false,
  onChange,
}: {
  readonly value: string;
  readonly error?: unknown;
  readonly optional?: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextArea
      label={optional ? 'Alasan (opsional)' : 'Alasan'}
      name="reason"
      rows={2}
      required={!optional}
      maxLength={500}
      value={value}
      error={fieldErrors(error)['reason']}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

export function AssignJobDialog({ job, onClose }: JobDialogProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const command = useJobCommand(
    (technician_id: string) =>
      dataOf(api.POST('/api/admin/jobs/{id}/assign', { ...on(job.id), body: { technician_id } })),
    'Pekerjaan ditugaskan.',
  );
  return (
    <FormDialog
      title="Tugaskan teknisi"
      submit="Tugaskan"
      command={command}
      disabled={chosen === null}
      onSubmit={() => chosen !== null && command.mutate(chosen, over(onClose))}
      onClose={onClose}
    >
      <TechnicianChoice job={job} chosen={chosen} onChoose={setChosen} />
    </FormDialog>
  );
}

export function ReplaceDialog({ job, onClose }: JobDialogProps) {
  // Who had it when the dialog was opened: if that changed meanwhile, the API says so.
  const [from] = useState(job.technician);
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const command = useJobCommand(
    (to: string | null) =>
      dataOf(
        api.POST('/api/admin/jobs/{id}/replace', {
          ...on(job.id),
          body: { to, reason: reason.trim(), ...(from === null ? {} : { expected_technician_id: from.id }) },
        }),
      ),
    'Teknisi diganti.',
  );
  return (
    <FormDialog
      title="Ganti teknisi"
      {...(from === null ? {} : { hint: `Sekarang ditugaskan kepada ${from.name}.` })}
      submit="Ganti"
      command={command}
      disabled={chosen === null || reason.trim() === ''}
      onSubmit={() => chosen !== null && command.mutate(chosen === POOL ? null : chosen, over(onClose))}
      onClose={onClose}
    >
      <TechnicianChoice job={job} except={from?.id} withPool chosen={chosen} onChoose={setChosen} />
      <Reason value={reason} error={command.error} onChange={setReason} />
    </FormDialog>
  );
}

const MINUTES = ['15', '30', '60', '120'] as const;

export function ContinueDialog({ job, onClose }: JobDialogProps) {
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('30');
  const [reason, setReason] = useState('');
  const command = useJobCommand(
    () =>
      dataOf(
        api.POST('/api/admin/jobs/{id}/continue', {
          ...on(job.id),
          body: { minutes: Number(minutes), reason: reason.trim() },
        }),
      ),
    'Teknisi diberi waktu lebih.',
  );
  return (
    <FormDialog
      title="Beri waktu lebih"
      hint="Teknisi tetap bertugas. Peringatan baru muncul bila ia belum datang sesudah waktu ini."
      submit="Beri waktu"
      command={command}
      disabled={reason.trim() === ''}
      onSubmit={() => command.mutate(undefined, over(onClose))}
      onClose={onClose}
    >
      <Choice
        label="Tambahan waktu"
        name="minutes"
        value={minutes}
        options={MINUTES.map((value) => ({ value, label: `${value} mnt` }))}
        onChange={setMinutes}
      />
      <Reason value={reason} error={command.error} onChange={setReason} />
    </FormDialog>
  );
}

export function RescheduleDialog({ job, onClose }: JobDialogProps) {
  const [window, setWindow] = useState({
    day: dayKey(job.window.from),
    from: inputClock(job.window.from),
    to: inputClock(job.window.to),
  });
  const [reason, setReason] = useState('');
  const command = useJobCommand(
    () =>
      dataOf(
        api.POST('/api/admin/jobs/{id}/reschedule', {
          ...on(job.id),
          body: { window: windowBody(window), ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
        }),
      ),
    'Jadwal dipindahkan.',
  );
  return (
    <FormDialog
      title="Pindahkan jadwal"
      {...(job.technician === null
        ? {}
        : { hint: `${job.technician.name} tetap bertugas bila waktunya kosong.` })}
      submit="Pindahkan"
      command={command}
      onSubmit={() => command.mutate(undefined, over(onClose))}
      onClose={onClose}
    >
      <WindowFields
        value={window}
        onChange={setWindow}
        errors={fieldErrors(command.error, { WINDOW_PAST: 'window' })}
        freeDays={freeDaysOf(command.error)}
      />
      <Reason optional value={reason} error={command.error} onChange={setReason} />
    </FormDialog>
  );
}

export function CancelJobDialog({ job, onClose }: JobDialogProps) {
  const [reason, setReason] = useState('');
  const command = useJobCommand(
    () => dataOf(api.POST('/api/admin/jobs/{id}/cancel', { ...on(job.id), body: { reason: reason.trim() } })),
    'Pekerjaan dibatalkan.',
  );
  return (
    <FormDialog
      title="Batalkan pekerjaan?"
      hint="Kuota dan waktu teknisinya kosong lagi. Ini tidak dapat diurungkan."
      submit="Batalkan pekerjaan"
      look="danger"
      command={command}
      disabled={reason.trim() === ''}
      onSubmit={() => command.mutate(undefined, over(onClose))}
      onClose={onClose}
    >
      <Reason value={reason} error={command.error} onChange={setReason} />
    </FormDialog>
  );
}

export function RejectReportDialog({ job, onClose }: JobDialogProps) {
  const [reason, setReason] = useState('');
  const command = useJobCommand(
    () => dataOf(api.POST('/api/admin/jobs/{id}/reject', { ...on(job.id), body: { reason: reason.trim() } })),
    'Laporan dikembalikan.',
  );
  return (
    <FormDialog
      title="Kembalikan laporan?"
      hint="Teknisi membaca alasannya dan melengkapi yang kurang."
      submit="Kembalikan"
      look="danger"
      command={command}
      disabled={reason.trim() === ''}
      onSubmit={() => command.mutate(undefined, over(onClose))}
      onClose={onClose}
    >
      <Reason value={reason} error={command.error} onChange={setReason} />
    </FormDialog>
  );
}
