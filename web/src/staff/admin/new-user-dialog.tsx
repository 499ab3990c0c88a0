import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api, dataOf, once } from '../../lib/api.ts';
import { t } from '../../lib/id.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { fieldErrors, useAdminCommand } from '../../ui/parts.tsx';
import { newPassword, TemporaryPassword } from './temporary-password.tsx';
import { REFUSALS, type UserData, UserFields } from './user-fields.tsx';
import { userKeys } from './user-queries.ts';

const EMPTY: UserData = { name: '', email: '', role: 'sales_agent', division: 'sari' };

export function NewUserDialog({ onClose }: { readonly onClose: () => void }) {
  const formId = useId();
  const navigate = useNavigate();
  const [data, setData] = useState(EMPTY);
  const [password, setPassword] = useState(newPassword);
  // One intent of a person: the same key however often it is sent.
  const [params] = useState(once);
  const create = useAdminCommand(
    (body: UserData & { password: string }) =>
      dataOf(api.POST('/api/admin/users', { params, body: { ...body, must_change_password: true } })),
    { done: 'Pengguna ditambahkan.', changes: [userKeys.all] },
  );
  const errors = fieldErrors(create.error, REFUSALS);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Tambah pengguna"
      foot={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={create.isPending}>
            Tambah
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { ...data, name: data.name.trim(), email: data.email.trim(), password },
            {
              onSuccess: ({ user_id: userId }) => {
                onClose();
                void navigate({ to: '/admin/users/$userId', params: { userId } });
              },
            },
          );
        }}
      >
        <UserFields data={data} errors={errors} onChange={setData} />
        <TemporaryPassword value={password} error={errors['password']} onChange={setPassword} />
      </form>
    </Dialog>
  );
}
