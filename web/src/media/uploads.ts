/**
 * Files that are to go to a customer, per ticket: they go up at once, and wait beside the draft until it is sent. They last as long
 * as the page: a file is not kept on a device that many share.
 */
import { upload } from '@saga/client/upload';
import { saga, thrown, type Ticket } from '../lib/api.ts';
import type { SentFile } from '../lib/outbox.ts';
import { createStore, useStore } from '../lib/store.ts';
import { toast } from '../ui/toast.tsx';
import { kindOf, MOST_FILES, refusalOf } from './limits.ts';

export interface Upload extends SentFile {
  /** The Idempotency-Key, too. */
  readonly id: string;
  readonly ticketId: string;
  /** null: there is nothing to upload. */
  readonly file: File | null;
  readonly state: 'going' | 'ready' | 'failed';
  /** From 0 to 1. */
  readonly part: number;
  readonly problem: string | null;
}

const uploads = createStore<readonly Upload[]>([]);
const stops = new Map<string, AbortController>();

const change = (id: string, to: Partial<Upload>): void =>
  uploads.set(uploads.get().map((one) => (one.id === id ? { ...one, ...to } : one)));

export const useUploads = (ticketId: string): readonly Upload[] =>
  useStore(uploads).filter((one) => one.ticketId === ticketId);

async function go({ id, ticketId, file }: Upload): Promise<void> {
  if (file === null) return;
  const stop = new AbortController();
  stops.set(id, stop);
  const answer = await upload({
    session: saga.session,
    ticketId,
    file,
    idempotencyKey: id,
    signal: stop.signal,
    onProgress: (part) => change(id, { part }),
  });
  stops.delete(id);
  if (answer.ok) {
    const { media_id: mediaId, kind } = answer.data;
    change(id, { state: 'ready', part: 1, mediaId, kind });
  } else {
    const { message, details } = thrown(answer.error);
    change(id, { state: 'failed', problem: details[0]?.message ?? message });
  }
}

/** Begins to upload them; what can surely not go out is said at once, and no byte of it leaves. */
export function addFiles(
  { id: ticketId, channel }: Pick<Ticket, 'id' | 'channel'>,
  files: readonly File[],
): void {
  for (const file of files) {
    if (uploads.get().filter((one) => one.ticketId === ticketId).length >= MOST_FILES) {
      toast(`Paling banyak ${String(MOST_FILES)} berkas dalam satu balasan.`, 'problem');
      return;
    }
    const problem = refusalOf(channel, file);
    const one: Upload = {
      id: crypto.randomUUID(),
      ticketId,
      // What was refused here would be refused again.
      file: problem === null ? file : null,
      mediaId: '',
      name: file.name,
      size: file.size,
      kind: kindOf(channel, file.type),
      state: problem === null ? 'going' : 'failed',
      part: 0,
      problem,
    };
    uploads.set([...uploads.get(), one]);
    if (problem === null) void go(one);
  }
}

export function takeAway(id: string): void {
  stops.get(id)?.abort();
  uploads.set(uploads.get().filter((one) => one.id !== id));
}

export function tryAgain(one: Upload): void {
  change(one.id, { state: 'going', part: 0, problem: null });
  void go(one);
}

/** Those that are up leave with the reply. */
export function takeReady(ticketId: string): readonly SentFile[] {
  const ready = uploads.get().filter((one) => one.ticketId === ticketId && one.state === 'ready');
  uploads.set(uploads.get().filter((one) => !ready.includes(one)));
  return ready.map(({ mediaId, name, kind, size }) => ({ mediaId, name, kind, size }));
}

/** A reply that was taken back gives them back. */
export function putBack(ticketId: string, files: readonly SentFile[]): void {
  const back = files.map((file) => ({
    ...file,
    id: crypto.randomUUID(),
    ticketId,
    file: null,
    state: 'ready' as const,
    part: 1,
    problem: null,
  }));
  uploads.set([...uploads.get(), ...back]);
}
