/** One's own presence, on every screen: one tap (docs/design/dashboard.md#presence). */
import { lazy, Suspense, useState } from 'react';
import { api, ApiError, dataOf, once } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { useMay, useMe } from '../lib/me.ts';
import { updateMe } from '../lib/session.ts';
import { cx } from '../ui/classes.ts';
import { toast } from '../ui/toast.tsx';

const GoOffline = lazy(async () => ({ default: (await import('./go-offline.tsx')).GoOffline }));

/** @param compact the header of a talk on a phone, which has no room for the word */
export function PresenceToggle({ compact = false }: { readonly compact?: boolean }) {
  const me = useMe();
  const may = useMay('presence_self');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  /** Shown at once; taken back where the API refuses it. */
  const change = async (status: 'online' | 'offline'): Promise<void> => {
    setBusy(true);
    updateMe({ ...me, status });
    try {
      await dataOf(api.POST('/api/agent/status', { params: once(), body: { status } }));
      toast(status === 'online' ? t.presence.nowOnline : t.presence.nowOffline);
    } catch (error) {
      updateMe(me);
      toast(error instanceof ApiError ? error.message : t.errors.title, 'problem');
    } finally {
      setBusy(false);
    }
  };
  if (!may) return null;
  const isOnline = me.status === 'online';
  return (
    <>
      <button
        type="button"
        role="switch"
        aria-checked={isOnline}
        aria-label={`${t.presence.label}: ${isOnline ? t.presence.online : t.presence.offline}`}
        disabled={busy}
        onClick={() => (isOnline ? setAsking(true) : void change('online'))}
        className={cx(
          'flex h-9 items-center gap-2 rounded-full border pl-1.5 text-[13px] font-semibold transition-colors max-md:h-11',
          compact ? 'pr-1.5 md:hidden' : 'mr-1 pr-3',
          isOnline
            ? 'border-transparent bg-good-soft text-good'
            : 'border-line bg-surface text-soft hover:bg-hover',
        )}
      >
        <span
          className={cx(
            'relative h-5 w-9 rounded-full transition-colors',
            isOnline ? 'bg-good' : 'bg-line-strong',
          )}
          aria-hidden="true"
        >
          <span
            className={cx(
              'absolute top-0.5 left-0.5 size-4 rounded-full bg-white transition-transform',
              isOnline && 'translate-x-4',
            )}
          />
        </span>
        {!compact && (isOnline ? t.presence.online : t.presence.offline)}
      </button>
      {asking && (
        <Suspense>
          <GoOffline
            onClose={() => setAsking(false)}
            onConfirm={() => {
              setAsking(false);
              void change('offline');
            }}
          />
        </Suspense>
      )}
    </>
  );
}
