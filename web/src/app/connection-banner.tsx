import { type ComponentType, useEffect, useState } from 'react';
import { connection } from '../lib/stream.ts';
import { useStore } from '../lib/store.ts';
import { readyToasts } from '../ui/toast.tsx';

/** A hiccup is no news. */
const PATIENCE_MS = 2_500;
/** The list has the line to itself first. */
const LATER_MS = 1_500;

/** Shows that the connection is away; brings the outbox of this person, once the first screen stands. */
export function ConnectionBanner({ userId }: { readonly userId: string }) {
  const state = useStore(connection);
  const [Line, setLine] = useState<ComponentType | null>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      import('./later.ts')
        .then(({ AwayLine, loadOutbox }) => {
          setLine(() => AwayLine);
          readyToasts();
          return loadOutbox(userId);
        })
        // Without storage nothing was kept; a part that did not load comes with the next page.
        .catch(() => undefined);
    }, LATER_MS);
    return () => clearTimeout(timer);
  }, [userId]);
  useEffect(() => {
    if (state !== 'away') {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return shown && Line !== null ? <Line /> : null;
}
