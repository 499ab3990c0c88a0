/**
 * Check-in and check-out. What the phone recorded without a connection stays on the device until it is sent, with the time at which
 * it was recorded (docs/design/field-service.md#visits); signing out takes it away, as all drafts.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, dataOf, hasCode, isOffline } from '../../lib/api.ts';
import { drop, keep, kept } from '../../lib/kept.ts';
import { keys } from '../../lib/keys.ts';
import { useMe } from '../../lib/me.ts';
import { toast } from '../../ui/toast.tsx';
import type { Fix } from './position.ts';

export interface VisitReport {
  readonly what: 'check-in' | 'check-out';
  readonly fix: Fix | null;
  /** By the clock of the phone. */
  readonly takenAt: string;
  readonly note: string;
  /** Document that shows the place. */
  readonly photo: string | null;
  /** Idempotency-Key: the same report again is the same report. */
  readonly key: string;
}

const DONE = { 'check-in': 'Check-in tercatat.', 'check-out': 'Check-out tercatat.' } as const;

function send(id: string, { what, fix, takenAt, note, photo, key }: VisitReport) {
  const params = { path: { id }, header: { 'Idempotency-Key': key } };
  const body = { ...fix, taken_at: takenAt, ...(note.trim() === '' ? {} : { note: note.trim() }) };
  return what === 'check-in'
    ? dataOf(
        api.POST('/api/jobs/{id}/check-in', { params, body: { ...body, ...(photo !== null && { photo }) } }),
      )
    : dataOf(api.POST('/api/jobs/{id}/check-out', { params, body }));
}

export function useVisitReports(jobId: string) {
  const client = useQueryClient();
  const shelf = `${useMe().id}/${jobId}/visit`;
  /** Recorded, and not sent yet. */
  const [waiting, setWaiting] = useState<VisitReport | null>(null);
  /** It wants a note and a photo. */
  const [asking, setAsking] = useState<VisitReport | null>(null);
  useEffect(() => {
    kept<VisitReport>('drafts', shelf)
      .then((report) => setWaiting(report ?? null))
      .catch(() => undefined); // no storage on this device: nothing was kept
  }, [shelf]);
  const put = (report: VisitReport | null): void => {
    setWaiting(report);
    // Without storage it lasts as long as the page.
    (report === null ? drop('drafts', shelf) : keep('drafts', shelf, report)).catch(() => undefined);
  };
  const sending = useMutation({
    mutationFn: (report: VisitReport) => send(jobId, report),
    onSuccess: (_, { what }) => {
      put(null);
      setAsking(null);
      toast(DONE[what]);
    },
    onError: (error, report) => {
      if (isOffline(error)) {
        put(report);
        setAsking(null);
        return;
      }
      put(null);
      if (hasCode(error, 'NOTE_AND_PHOTO_REQUIRED')) setAsking(report);
      else {
        setAsking(null);
        toast(error.message, 'news');
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.jobs }),
  });
  return {
    waiting,
    asking,
    isSending: sending.isPending,
    send: (report: VisitReport) => sending.mutate(report),
    forget: () => put(null),
    stopAsking: () => setAsking(null),
  };
}

/** @param fix null: the phone could not say where it is */
export const reportOf = (
  what: VisitReport['what'],
  fix: Fix | null,
  said: Partial<Pick<VisitReport, 'note' | 'photo' | 'takenAt'>> = {},
): VisitReport => ({
  ...{ what, fix, takenAt: new Date().toISOString(), note: '', photo: null },
  ...said,
  key: crypto.randomUUID(),
});
