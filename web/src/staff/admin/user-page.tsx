/** One account: its data, its own privileges, its sign-in, and whether it is active. */
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { momentOf } from '../../lib/dates.ts';
import { DIVISION, t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, fieldErrors, Guarded } from '../../ui/parts.tsx';
import { newPassword, TemporaryPassword } from './temporary-password.tsx';
import { REFUSALS, type UserData, UserFields } from './user-fields.tsx';
import { UserPrivileges } from './user-privileges.tsx';
import { type User, usePatchUser, useResetPassword, useResetTotp, useUser } from './user-queries.ts';
import { RoleBadge } from './users-page.tsx';

/** Only what was touched is sent: what a colleague changed meanwhile stays. */
function changesOf(user: User, data: UserData, most: string) {
  const before: UserData = { name: user.name, email: user.email, role: user.role, division: user.division };
  const max = most.trim() === '' ? null : Number(most);
  return {
    ...(data.name.trim() === before.name ? {} : { name: data.name.trim() }),
    ...(data.email.trim() === before.email ? {} : { email: data.email.trim() }),
    ...(data.role === before.role ? {} : { role: data.role }),
    ...(data.division === before.division ? {} : { division: data.division }),
    ...(max === user.max_active_tickets ? {} : { max_active_tickets: max }),
  };
}

function Data({ user }: { readonly user: User }) {
  const isMe = useMe().id === user.id;
  const [data, setData] = useState<UserData>(user);
  const [most, setMost] = useState(user.max_active_tickets === null ? '' : String(user.max_active_tickets));
  const [own, setOwn] = useState('');
  const patch = usePatchUser(user.id, 'Perubahan disimpan.');
  const errors = fieldErrors(patch.error, { ...REFUSALS, PASSWORD_WRONG: 'current_password' });
  const changes = changesOf(user, data, most);
  const dirty = Object.keys(changes).length > 0;
  const needsOwn = isMe && 'email' in changes;
  return (
    <Card title="Data akun">
      <form
        className="flex max-w-xl flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          patch.mutate(
            { ...changes, ...(needsOwn ? { current_password: own } : {}) },
            { onSuccess: () => setOwn('') },
          );
        }}
      >
        <UserFields data={data} errors={errors} onChange={setData} />
        {needsOwn && (
          <TextField
            label="Kata sandi Anda sekarang"
            name="current_password"
            type="password"
            autoComplete="current-password"
            required
            value={own}
            error={errors['current_password']}
            hint="Email untuk masuk diganti dengan kata sandi Anda."
            onChange={(event) => setOwn(event.target.value)}
          />
        )}
        <TextField
          label="Tiket aktif paling banyak"
          name="max_active_tickets"
          type="number"
          inputMode="numeric"
          min={1}
          max={1000}
          className="max-w-40"
          value={most}
          error={errors['max_active_tickets']}
          hint="Kosong: tanpa batas sendiri."
          onChange={(event) => setMost(event.target.value)}
        />
        {'role' in changes || 'division' in changes ? (
          <p className="text-[13px] text-warn">Peran atau divisi baru mengakhiri semua sesi orang ini.</p>
        ) : null}
        <Button
          type="submit"
          look="primary"
          disabled={!dirty}
          busy={patch.isPending}
          className="self-start max-md:w-full"
        >
          {t.save}
        </Button>
      </form>
    </Card>
  );
}

function SignIn({ user }: { readonly user: User }) {
  const [asking, setAsking] = useState<'password' | 'totp' | null>(null);
  const [password, setPassword] = useState(newPassword);
  const reset = useResetPassword(user.id);
  const totp = useResetTotp(user.id);
  const errors = fieldErrors(reset.error, { PASSWORD_TOO_EASY: 'password' });
  const close = (): void => setAsking(null);
  return (
    <Card
      title="Masuk"
      hint={
        user.last_login_at === null
          ? 'Belum pernah masuk.'
          : `Terakhir masuk ${momentOf(user.last_login_at)}.`
      }
    >
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsking('password')}>Buat kata sandi sementara</Button>
        <Button onClick={() => setAsking('totp')}>Reset verifikasi dua langkah</Button>
      </div>
      {asking === 'password' && (
        <Dialog
          open
          onClose={close}
          title="Buat kata sandi sementara?"
          hint={`Semua sesi ${user.name} berakhir. Kata sandi ini hanya untuk membuat kata sandi sendiri.`}
          foot={
            <>
              <Button onClick={close}>{t.cancel}</Button>
              <Button
                look="primary"
                busy={reset.isPending}
                onClick={() => reset.mutate(password, { onSuccess: close })}
              >
                Buat
              </Button>
            </>
          }
        >
          <TemporaryPassword value={password} error={errors['password']} onChange={setPassword} />
        </Dialog>
      )}
      {asking === 'totp' && (
        <Dialog
          open
          onClose={close}
          title="Reset verifikasi dua langkah?"
          hint={`Untuk ${user.name} yang kehilangan ponsel dan kode pemulihan. Semua sesinya berakhir.`}
          foot={
            <>
              <Button onClick={close}>{t.cancel}</Button>
              <Button
                look="danger"
                busy={totp.isPending}
                onClick={() => totp.mutate(undefined, { onSettled: close })}
              >
                Reset
              </Button>
            </>
          }
        />
      )}
    </Card>
  );
}

function Active({ user }: { readonly user: User }) {
  const [asking, setAsking] = useState(false);
  const patch = usePatchUser(user.id, user.is_active ? 'Pengguna dinonaktifkan.' : 'Pengguna aktif lagi.');
  if (!user.is_active)
    return (
      <Card title="Akun nonaktif" hint="Orang ini tidak bisa masuk. Tiket dan riwayatnya tetap ada.">
        <Button busy={patch.isPending} onClick={() => patch.mutate({ is_active: true })}>
          Aktifkan lagi
        </Button>
      </Card>
    );
  return (
    <Card
      title="Nonaktifkan akun"
      hint="Orang ini langsung keluar dan tidak bisa masuk lagi. Tiket aktifnya tetap ada."
    >
      <Button look="danger" onClick={() => setAsking(true)}>
        Nonaktifkan
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Nonaktifkan ${user.name}?`}
        hint="Semua sesinya berakhir. Tiket aktifnya tetap ada dan bisa dipindahkan ke agent lain."
        foot={
          <>
            <Button onClick={() => setAsking(false)}>{t.cancel}</Button>
            <Button
              look="danger"
              busy={patch.isPending}
              onClick={() => patch.mutate({ is_active: false }, { onSettled: () => setAsking(false) })}
            >
              Nonaktifkan
            </Button>
          </>
        }
      />
    </Card>
  );
}

function User({ id }: { readonly id: string }) {
  const query = useUser(id);
  const me = useMe();
  return (
    <Page
      title={query.data?.name ?? 'Pengguna'}
      narrow
      actions={
        <Link
          to="/admin/users"
          className="inline-flex h-10 items-center gap-2 rounded-lg px-3 font-medium text-soft hover:bg-hover hover:text-ink max-md:h-11"
        >
          <ArrowLeft className="size-4" aria-hidden="true" />
          Semua pengguna
        </Link>
      }
    >
      <Answer query={query} rows={3}>
        {(user) => (
          <>
            <p className="flex flex-wrap items-center gap-1.5">
              <RoleBadge role={user.role} />
              <Badge tone="grey">{DIVISION[user.division]}</Badge>
              <Badge tone={user.is_active ? 'green' : 'red'}>{user.is_active ? 'Aktif' : 'Nonaktif'}</Badge>
              {user.id === me.id && <Badge tone="teal">Anda</Badge>}
            </p>
            <Data key={`${user.name}${user.email}${user.role}${user.division}`} user={user} />
            <UserPrivileges key={`${user.granted.join()}|${user.revoked.join()}|${user.role}`} user={user} />
            {user.id !== me.id && (
              <>
                <SignIn user={user} />
                <Active user={user} />
              </>
            )}
          </>
        )}
      </Answer>
    </Page>
  );
}

export function UserPage() {
  const { userId } = useParams({ strict: false });
  return (
    <Guarded title="Pengguna" needs={['manage_users']}>
      <User key={userId} id={userId ?? ''} />
    </Guarded>
  );
}
