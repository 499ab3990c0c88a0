import { words } from './words.ts';
import { queryClient } from '../app/query-client.ts';
import { secondFactorWanted } from '../app/gates.ts';
import { Button } from '../ui/button.tsx';
import { EnrolSecondFactor } from './enrol-second-factor.tsx';
import { signOut } from './sign-out.ts';

/** For roles that must have one: nothing else is let in before. */
export function ForcedSecondFactor() {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[420px] flex-col justify-center px-5 py-10">
      <h1 className="text-2xl font-semibold tracking-tight">Verifikasi dua langkah</h1>
      <p className="mt-1 mb-6 text-pretty text-soft">
        Peran Anda wajib memakai verifikasi dua langkah. Siapkan sekarang untuk melanjutkan.
      </p>
      <EnrolSecondFactor
        onDone={() => {
          secondFactorWanted.set(false);
          void queryClient.invalidateQueries();
        }}
      />
      <Button look="quiet" className="mt-3 self-start" onClick={() => void signOut()}>
        {words.signOut}
      </Button>
    </main>
  );
}
