import { useState } from 'react';
import { t } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { Button } from '../ui/button.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { fieldErrors } from '../ui/parts.tsx';
import { type Customer, type ProfileChange, useSaveProfile } from './queries.ts';

type Fields = Readonly<Record<'name' | 'email' | 'address' | 'notes', string>>;
const fieldsOf = ({ name, email, address, notes }: Customer): Fields => ({
  name: name ?? '',
  email: email ?? '',
  address: address ?? '',
  notes: notes ?? '',
});

/** What agents wrote down. Only what was touched is sent: what a colleague changed meanwhile stays. */
export function ProfileForm({ customer }: { readonly customer: Customer }) {
  const may = useMay('crm_update');
  const [base, setBase] = useState(() => fieldsOf(customer));
  const [now, setNow] = useState(base);
  const save = useSaveProfile(customer.id);
  const errors = fieldErrors(save.error);
  const touched = (Object.keys(now) as (keyof Fields)[]).filter((name) => now[name] !== base[name]);
  const bind = (name: keyof Fields) => ({
    name,
    value: now[name],
    disabled: !may,
    error: errors[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setNow((old) => ({ ...old, [name]: target.value })),
  });
  const submit = (): void => {
    const body: ProfileChange = {};
    for (const name of touched) {
      const text = now[name].trim();
      if (name === 'name') body.name = text;
      else body[name] = text === '' ? null : text;
    }
    save.mutate(body, { onSuccess: () => setBase(now) });
  };
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField label="Nama" required maxLength={300} autoComplete="off" {...bind('name')} />
      <TextField label="Email" type="email" maxLength={254} autoComplete="off" {...bind('email')} />
      <TextArea label="Alamat" rows={2} maxLength={1000} {...bind('address')} />
      <TextArea label="Catatan" rows={4} maxLength={4000} {...bind('notes')} />
      {may && touched.length > 0 && (
        <div className="rise flex gap-2">
          <Button className="flex-1" onClick={() => setNow(base)}>
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
