/** Ties an authenticator app to the account: password, secret, code, recovery codes. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf, saga } from '../lib/api.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { type Submitted, textIn } from '../ui/form.ts';

const textOf = (event: Submitted, name: string): string => {
  event.preventDefault();
  return textIn(new FormData(event.currentTarget), name);
};

export function EnrolSecondFactor({ onDone }: { readonly onDone: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const enrol = useMutation({
    mutationFn: (password: string) => dataOf(api.POST('/api/auth/totp/enrol', { body: { password } })),
  });
  const confirm = useMutation({
    mutationFn: (code: string) =>
      dataOf(
        api.POST('/api/auth/totp/confirm', {
          body: { challenge: enrol.data?.challenge ?? '', code, transport: 'cookie' },
        }),
      ),
    onSuccess: async ({ recovery_codes, ...tokens }) => {
      // The session begins anew with the second factor.
      await saga.session.adopt(tokens);
      setCodes(recovery_codes);
    },
  });
  if (codes !== null)
    return (
      <div className="flex max-w-md flex-col gap-4">
        <p className="text-pretty text-soft">
          Simpan kode pemulihan ini di tempat aman. Setiap kode berlaku satu kali bila ponsel Anda tidak ada.
        </p>
        <ul className="grid grid-cols-2 gap-2 rounded-xl bg-sunken p-4 font-mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Button look="primary" className="self-start" onClick={onDone}>
          Sudah saya simpan
        </Button>
      </div>
    );
  if (enrol.data === undefined)
    return (
      <form
        className="flex max-w-md flex-col gap-4"
        onSubmit={(event) => enrol.mutate(textOf(event, 'password'))}
      >
        <TextField
          label="Kata sandi Anda"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={enrol.error?.message}
        />
        <Button type="submit" look="primary" busy={enrol.isPending} className="self-start">
          Lanjut
        </Button>
      </form>
    );
  return (
    <form
      className="flex max-w-md flex-col gap-4"
      onSubmit={(event) => confirm.mutate(textOf(event, 'code').replaceAll(' ', ''))}
    >
      <p className="text-pretty text-soft">
        Tambahkan akun di aplikasi autentikator dengan kunci ini, lalu masukkan kode yang tampil.
      </p>
      <p className="rounded-xl bg-sunken p-4 font-mono break-all">{enrol.data.secret}</p>
      <a href={enrol.data.otpauth_url} className={buttonClass('plain')}>
        Buka di aplikasi autentikator
      </a>
      <TextField
        label="Kode 6 angka"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        error={confirm.error?.message}
      />
      <Button type="submit" look="primary" busy={confirm.isPending} className="self-start">
        Aktifkan
      </Button>
    </form>
  );
}
