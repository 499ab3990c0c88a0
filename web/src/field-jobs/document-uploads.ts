/**
 * Papers and pictures on their way to a visit. What did not get through stays until somebody tries again or throws it away; it lasts
 * as long as the page, as every file here (docs/design/dashboard.md#files-and-quotes).
 */
import { uploadDocument } from '@saga/client/upload';
import { saga, thrown } from '../lib/api.ts';
import { createStore, useStore } from '../lib/store.ts';
import type { DocumentKind } from './office/words.ts';
import { smaller } from './smaller-picture.ts';

export interface DocumentUpload {
  readonly id: string;
  readonly jobId: string;
  readonly kind: DocumentKind;
  readonly file: File;
  readonly state: 'going' | 'failed';
  /** From 0 to 1. */
  readonly part: number;
  readonly problem: string | null;
  /** Told its document once it is up. */
  readonly done: (documentId: string) => void;
}

/** Bytes, as the API takes them (docs/design/field-service.md#documents). */
const MOST = 15 * 1024 * 1024;

const uploads = createStore<readonly DocumentUpload[]>([]);
const stops = new Map<string, AbortController>();

const change = (id: string, to: Partial<DocumentUpload>): void =>
  uploads.set(uploads.get().map((one) => (one.id === id ? { ...one, ...to } : one)));
const forget = (id: string): void => uploads.set(uploads.get().filter((one) => one.id !== id));

/** @param kind without it, those of every kind */
export const useDocumentUploads = (jobId: string, kind?: DocumentKind): readonly DocumentUpload[] =>
  useStore(uploads).filter((one) => one.jobId === jobId && (kind === undefined || one.kind === kind));

async function go({ id, jobId, kind, file, done }: DocumentUpload): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  const answer = await uploadDocument({
    ...{ session: saga.session, jobId, kind, file, signal: stop.signal },
    onProgress: (part) => change(id, { part }),
  });
  stops.delete(id);
  if (answer.ok) {
    forget(id);
    done(answer.data.document_id);
  } else {
    const { message, details } = thrown(answer.error);
    change(id, { state: 'failed', problem: details[0]?.message ?? message });
  }
}

/** Begins to upload it; a picture of a camera is made smaller first: it goes out over a phone. */
export async function addDocument(
  of: Pick<DocumentUpload, 'jobId' | 'kind' | 'done'>,
  picked: File,
): Promise<void> {
  const file = await smaller(picked);
  const isTooLarge = file.size > MOST;
  const one: DocumentUpload = {
    ...of,
    ...{ id: crypto.randomUUID(), file, part: 0, state: isTooLarge ? 'failed' : 'going' },
    problem: isTooLarge ? 'Berkas paling besar 15 MB' : null,
  };
  uploads.set([...uploads.get(), one]);
  if (!isTooLarge) await go(one);
}

export function throwAway(id: string): void {
  stops.get(id)?.abort();
  forget(id);
}

export function uploadAgain(one: DocumentUpload): void {
  change(one.id, { state: 'going', part: 0, problem: null });
  void go(one);
}
