/** Lets in who is signed in. Asks the cookie once, at the start. */
import { Navigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { resume, session } from '../lib/session.ts';
import { useStore } from '../lib/store.ts';
import { Spinner } from '../ui/button.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { secondFactorWanted } from './gates.ts';

const ForcedPassword = lazy(async () => ({
  default: (await import('../staff/forced-password.tsx')).ForcedPassword,
}));
const ForcedSecondFactor = lazy(async () => ({
  default: (await import('../staff/forced-second-factor.tsx')).ForcedSecondFactor,
}));

function Waiting() {
  return (
    <Loading>
      <div className="flex h-dvh items-center justify-center text-faint">
        <Spinner className="size-6" />
      </div>
    </Loading>
  );
}

export function Entrance({ children }: { readonly children: ReactNode }) {
  const { state, user } = useStore(session);
  const wantsFactor = useStore(secondFactorWanted);
  const [problem, setProblem] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const here = useRouterState({ select: ({ location }) => `${location.pathname}${location.searchStr}` });

  useEffect(() => {
    if (session.get().state === 'unknown') resume().catch(setProblem);
  }, [tries]);

  if (state === 'out')
    return <Navigate to="/login" search={here === '/' || here === '/inbox' ? {} : { next: here }} replace />;
  if (problem !== null)
    return (
      <Failed
        error={problem}
        retry={() => {
          setProblem(null);
          setTries(tries + 1);
        }}
      />
    );
  if (state === 'unknown' || user === null) return <Waiting />;
  if (user.must_change_password)
    return (
      <Suspense fallback={<Waiting />}>
        <ForcedPassword />
      </Suspense>
    );
  if (wantsFactor)
    return (
      <Suspense fallback={<Waiting />}>
        <ForcedSecondFactor />
      </Suspense>
    );
  return children;
}
