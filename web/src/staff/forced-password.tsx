import { words } from './words.ts';
import { useMe } from '../lib/me.ts';
import { updateMe } from '../lib/session.ts';
import { Button } from '../ui/button.tsx';
import { PasswordForm } from './password-form.tsx';
import { signOut } from './sign-out.ts';

/** A password that somebody else chose: nothing else is let in before one has a password of one's own. */
export function ForcedPassword() {
  const me = useMe();
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[420px] flex-col justify-center px-5 py-10">
      <h1 className="text-2xl font-semibold tracking-tight">{words.password.title}</h1>
      <p className="mt-1 mb-6 text-pretty text-soft">{words.password.forced}</p>
      <PasswordForm withCode={false} onDone={() => updateMe({ ...me, must_change_password: false })} />
      <Button look="quiet" className="mt-3 self-start" onClick={() => void signOut()}>
        {words.signOut}
      </Button>
    </main>
  );
}
