import { words } from './words.ts';
import { useNavigate, getRouteApi, Navigate } from '@tanstack/react-router';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError, hasCode, type Me, saga, thrown } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { session, signedIn } from '../lib/session.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/button.tsx';
import { Field, inputClass, TextField } from '../ui/field.tsx';
import { type Submitted, textIn } from '../ui/form.ts';

const login = getRouteApi('/login');

const saidOf = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'Tidak dapat masuk. Coba lagi.';

interface StepProps {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onSend: (form: FormData) => void;
}

function Problem({ text }: { readonly text: string | null }) {
  return (
    <div role="alert" className="empty:hidden rounded-lg bg-danger-soft px-3 py-2 font-medium text-danger">
      {text}
    </div>
  );
}

const sent = (send: (form: FormData) => void) => (event: Submitted) => {
  event.preventDefault();
  send(new FormData(event.currentTarget));
};

function Credentials({ busy, problem, onSend }: StepProps) {
  const [shown, setShown] = useState(false);
  return (
    <form className="flex flex-col gap-4" onSubmit={sent(onSend)}>
      <TextField
        label={words.login.email}
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        required
      />
      <Field label={words.login.password}>
        {(ids) => (
          <div className="relative">
            <input
              {...ids}
              name="password"
              type={shown ? 'text' : 'password'}
              autoComplete="current-password"
              required
              className={`${inputClass} pr-11`}
            />
            <button
              type="button"
              aria-label={shown ? words.login.hide : words.login.show}
              onClick={() => setShown(!shown)}
              className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-lg text-faint hover:text-ink"
            >
              {shown ? (
                <EyeOff className="size-[18px]" aria-hidden="true" />
              ) : (
                <Eye className="size-[18px]" aria-hidden="true" />
              )}
            </button>
          </div>
        )}
      </Field>
      <Problem text={problem} />
      <Button type="submit" look="primary" busy={busy} className="mt-1 w-full">
        {busy ? words.login.submitting : words.login.submit}
      </Button>
    </form>
  );
}

function Code({ busy, problem, onSend, onBack }: StepProps & { readonly onBack: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <form className="flex flex-col gap-4" onSubmit={sent(onSend)}>
      <Field label={words.login.code} hint={words.login.codeLead}>
        {(ids) => (
          <input
            {...ids}
            ref={box}
            name="code"
            autoComplete="one-time-code"
            inputMode="text"
            required
            className={`${inputClass} tracking-[0.2em]`}
          />
        )}
      </Field>
      <Problem text={problem} />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        {words.login.verify}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {words.login.back}
      </Button>
    </form>
  );
}

export function LoginPage() {
  const { next } = login.useSearch();
  const navigate = useNavigate();
  const { state } = useStore(session);
  const [challenge, setChallenge] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${words.login.submit} · ${t.app}`;
  }, []);

  const trying = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (hasCode(error, 'CHALLENGE_OVER')) setChallenge(null);
      setProblem(saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  const enter = async (user: Me): Promise<void> => {
    signedIn(user);
    await navigate({ to: next ?? '/', replace: true });
  };
  const withPassword = (form: FormData): Promise<void> =>
    trying(async () => {
      const answer = await saga.session.login(textIn(form, 'email'), textIn(form, 'password'));
      if (!answer.ok) throw thrown(answer.error);
      if ('challenge' in answer.data) setChallenge(answer.data.challenge);
      else await enter(answer.data);
    });
  const withCode = (form: FormData): Promise<void> =>
    trying(async () => {
      const answer = await saga.session.loginCode(challenge ?? '', textIn(form, 'code').replaceAll(' ', ''));
      if (!answer.ok) throw thrown(answer.error);
      await enter(answer.data);
    });

  if (state === 'in' && !busy) return <Navigate to={next ?? '/'} replace />;
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-[380px]">
        <img src="/app/icon.svg" alt="" width="48" height="48" className="mb-5 size-12" />
        <h1 className="text-2xl font-semibold tracking-tight">
          {challenge === null ? words.login.title : words.login.code}
        </h1>
        <p className="mt-1 mb-7 text-soft">{challenge === null ? words.login.lead : ''}</p>
        {challenge === null ? (
          <Credentials busy={busy} problem={problem} onSend={(form) => void withPassword(form)} />
        ) : (
          <Code
            busy={busy}
            problem={problem}
            onSend={(form) => void withCode(form)}
            onBack={() => {
              setProblem(null);
              setChallenge(null);
            }}
          />
        )}
      </div>
    </main>
  );
}
