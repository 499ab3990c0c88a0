/** The CRM data of a ticket. Only what somebody touched is sent; what others changed meanwhile comes in beside it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CheckCircle2, CircleDashed } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { api, ApiError, type Crm, dataOf, isOffline, type Ticket } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { useMay, useMe } from '../lib/me.ts';
import { say } from '../lib/outbox.ts';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.tsx';
import { CrmInput } from './crm-field.tsx';
import { type CrmField, type CrmValues, fieldsOf, isShown } from './layout.ts';
import { changesOf, valuesOf } from './values.ts';

/** react-hook-form reads a dot as a path. */
const keyOf = (name: string): string => name.replace('.', '__');
const inForm = (values: CrmValues): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [keyOf(name), value]));
const outOfForm = (values: Readonly<Record<string, string | undefined>>): CrmValues =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace('__', '.'), value ?? '']));

/** `crm_fields.documents.stnk` of an error -> the field's name. */
const nameIn = (path: string): string => path.replace(/^crm_(?:fields|data)\./, '');

function Papers({ crm }: { readonly crm: Crm }) {
  if (!('document_complete' in crm.crm_fields)) return null;
  const complete = crm.crm_fields.document_complete;
  return (
    <p
      className={`flex items-center gap-2 rounded-lg px-3 py-2 text-[13px] font-medium ${complete ? 'bg-good-soft text-good' : 'bg-warn-soft text-warn'}`}
    >
      {complete ? (
        <CheckCircle2 className="size-4" aria-hidden="true" />
      ) : (
        <CircleDashed className="size-4" aria-hidden="true" />
      )}
      {complete ? 'Dokumen lengkap' : 'Dokumen belum lengkap'}
    </p>
  );
}

export function CrmForm({ ticket, crm }: { readonly ticket: Ticket; readonly crm: Crm }) {
  const me = useMe();
  const may = useMay('crm_update');
  const client = useQueryClient();
  const fields = useMemo(() => fieldsOf(ticket.division), [ticket.division]);
  const stored = useMemo(() => valuesOf(crm, fields), [crm, fields]);
  // What was stored when one began: what differs from it now somebody else has changed.
  const [base, setBase] = useState(stored);
  const form = useForm<Record<string, string>>({ defaultValues: inForm(stored) });
  const values = outOfForm(useWatch({ control: form.control }));
  const { errors } = form.formState;
  const mine = (name: string): boolean => (values[name] ?? '') !== (base[name] ?? '');
  const box = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (stored === base) return;
    // Fields nobody here touches follow; a touched one keeps what was typed, and says so below.
    const kept = outOfForm(form.getValues());
    const next = Object.fromEntries(
      fields.map(({ name }) => [
        name,
        (kept[name] ?? '') !== (base[name] ?? '') ? (kept[name] ?? '') : (stored[name] ?? ''),
      ]),
    );
    const touched = fields.some(({ name }) => (kept[name] ?? '') !== (base[name] ?? ''));
    for (const { name } of fields) form.setValue(keyOf(name), next[name] ?? '');
    if (!touched) setBase(stored);
  }, [stored, base, fields, form]);

  const save = useMutation({
    mutationFn: async (body: object): Promise<boolean> => {
      try {
        await dataOf(api.PATCH('/api/admin/ticket/{id}/crm', { params: { path: { id: ticket.id } }, body }));
        return true;
      } catch (error) {
        if (!isOffline(error)) throw error;
        say(me.id, ticket.id, { kind: 'crm', body });
        return false;
      }
    },
    onSuccess: async (isThere) => {
      toast(isThere ? 'Data CRM disimpan.' : 'Tersimpan di perangkat ini, dikirim saat tersambung lagi.');
      await client.invalidateQueries({ queryKey: keys.ticket(ticket.id) });
      void client.invalidateQueries({ queryKey: keys.inbox });
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) throw error;
      const named = error.details.filter(({ path }) => fields.some(({ name }) => name === nameIn(path)));
      for (const { path, message } of named) form.setError(keyOf(nameIn(path)), { message });
      if (error.code === 'LOST_REASON_REQUIRED') form.setError('lost_reason', { message: error.message });
      else if (named.length === 0) toast(error.message, 'problem');
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    },
  });
  const changes = changesOf(base, values, fields);
  const dirty = changes.names.length > 0;
  const submit = form.handleSubmit(() => {
    // The API refuses it, too; said here without a way there and back.
    if (values['crm_stage'] === 'Lost' && values['lost_reason'] === '') {
      form.setError('lost_reason', { message: 'Pilih alasan Lost' });
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[name=lost_reason]')?.focus());
      return;
    }
    save.mutate(changes.body, {
      onSuccess: () => setBase(values),
    });
  });
  const input = (one: CrmField) => {
    const source = crm.crm_field_sources[one.name];
    const moved = (stored[one.name] ?? '') !== (base[one.name] ?? '') && mine(one.name);
    return (
      <div key={one.name} className={one.half === true ? 'min-w-0' : 'col-span-2 min-w-0'}>
        <Controller
          control={form.control}
          name={keyOf(one.name)}
          render={({ field: { onChange } }) => (
            <CrmInput
              field={one}
              values={values}
              fromBot={source?.source === 'bot' && !mine(one.name)}
              confidence={source?.confidence}
              error={errors[keyOf(one.name)]?.message}
              overtaken={moved ? stored[one.name] : undefined}
              disabled={!may}
              onChange={(next) => {
                onChange(next);
                form.clearErrors(keyOf(one.name));
              }}
            />
          )}
        />
      </div>
    );
  };
  return (
    <form ref={box} onSubmit={(event) => void submit(event)} noValidate>
      <div className="grid grid-cols-2 gap-x-3 gap-y-3.5">
        {fields.filter((one) => isShown(one, values)).map(input)}
      </div>
      <div className="mt-3 empty:hidden">
        <Papers crm={crm} />
      </div>
      {may && dirty && (
        <div className="rise sticky bottom-0 -mx-5 mt-4 flex gap-2 border-t border-line bg-surface px-5 py-3">
          <Button className="flex-1" onClick={() => form.reset(inForm(stored), { keepDefaultValues: false })}>
            {t.cancel}
          </Button>
          <Button type="submit" look="primary" busy={save.isPending} className="flex-1">
            {t.save}
          </Button>
        </div>
      )}
    </form>
  );
}
