import { type ReactNode, useId, useState } from 'react';
import { useServices } from '../field-jobs/office/queries.ts';
import { longDay } from '../field-jobs/office/words.ts';
import { api, dataOf } from '../lib/api.ts';
import { DIVISION, t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { fieldErrors, useAdminCommand } from '../ui/parts.tsx';
import { Switch } from '../ui/switch.tsx';
import type { CapacityDay, Technician } from './queries.ts';

function Form({
  title,
  hint,
  busy,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly hint: string;
  readonly busy: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
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
          <Button look="primary" type="submit" form={form} busy={busy}>
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
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

/** How many visits a division takes on a day. */
export function SlotsDialog({ day, onClose }: { readonly day: CapacityDay; readonly onClose: () => void }) {
  const [slots, setSlots] = useState(String(day.slots));
  const save = useAdminCommand(
    () =>
      dataOf(
        api.PUT('/api/admin/capacity/{div}/{day}', {
          params: { path: { div: day.division, day: day.day } },
          body: { slots: Number(slots) },
        }),
      ),
    { done: 'Kuota disimpan.', changes: [keys.capacity] },
  );
  return (
    <Form
      title={`Kuota ${DIVISION[day.division]}`}
      hint={`${longDay(day.day)}. ${String(day.reserved)} kunjungan sudah punya tempat dan tetap punya.`}
      busy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextField
        label="Kunjungan paling banyak"
        name="slots"
        type="number"
        inputMode="numeric"
        required
        min={0}
        max={1000}
        value={slots}
        error={fieldErrors(save.error)['slots']}
        onChange={({ target }) => setSlots(target.value)}
      />
    </Form>
  );
}

/** What a technician can do, how much a day, and when they are away. */
export function TechnicianDialog({
  technician,
  onClose,
}: {
  readonly technician: Technician;
  readonly onClose: () => void;
}) {
  const { data: services = [] } = useServices();
  const [skills, setSkills] = useState(technician.skills);
  const [most, setMost] = useState(String(technician.max_jobs_per_day));
  const [leave, setLeave] = useState(technician.leave ?? { from: '', to: '' });
  const known = [
    ...new Set([...services.flatMap(({ skill }) => skill ?? []), ...(technician.skills ?? [])]),
  ].sort();
  const save = useAdminCommand(
    async () => {
      const params = { path: { id: technician.id } };
      await dataOf(
        api.PUT('/api/admin/technicians/{id}', { params, body: { skills, max_jobs_per_day: Number(most) } }),
      );
      const isAway = leave.from !== '' && leave.to !== '';
      if (leave.from === (technician.leave?.from ?? '') && leave.to === (technician.leave?.to ?? '')) return;
      await dataOf(
        isAway
          ? api.PUT('/api/admin/technicians/{id}/leave', { params, body: leave })
          : api.DELETE('/api/admin/technicians/{id}/leave', { params }),
      );
    },
    { done: 'Data teknisi disimpan.', changes: [keys.capacity] },
  );
  const errors = fieldErrors(save.error);
  return (
    <Form
      title={technician.name}
      hint="Pekerjaan yang sudah dipegang tetap menjadi miliknya."
      busy={save.isPending}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Switch
        name="every_skill"
        label="Bisa semua pekerjaan"
        checked={skills === null}
        onChange={(every) => setSkills(every ? null : known)}
      />
      {skills !== null && (
        <fieldset className="flex flex-col">
          <legend className="text-[13px] font-medium text-soft">Keahlian</legend>
          {known.map((skill) => (
            <label key={skill} className="flex min-h-11 cursor-pointer items-center gap-3">
              <input
                type="checkbox"
                name="skills"
                value={skill}
                checked={skills.includes(skill)}
                onChange={({ target }) =>
                  setSkills(target.checked ? [...skills, skill] : skills.filter((one) => one !== skill))
                }
                className="size-4 accent-(--accent)"
              />
              {skill}
            </label>
          ))}
          {errors['skills'] !== undefined && <p className="text-danger">{errors['skills']}</p>}
        </fieldset>
      )}
      <TextField
        label="Kunjungan paling banyak per hari"
        name="max_jobs_per_day"
        type="number"
        inputMode="numeric"
        required
        min={0}
        max={50}
        value={most}
        error={errors['max_jobs_per_day']}
        onChange={({ target }) => setMost(target.value)}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Cuti dari"
          name="from"
          type="date"
          required={leave.to !== ''}
          value={leave.from}
          error={errors['from']}
          onChange={({ target }) => setLeave({ ...leave, from: target.value })}
        />
        <TextField
          label="Cuti sampai"
          name="to"
          type="date"
          required={leave.from !== ''}
          min={leave.from}
          value={leave.to}
          error={errors['to']}
          onChange={({ target }) => setLeave({ ...leave, to: target.value })}
        />
      </div>
      {leave.from !== '' && (
        <Button look="quiet" onClick={() => setLeave({ from: '', to: '' })}>
          Hapus cuti
        </Button>
      )}
    </Form>
  );
}
