/** What was said and is not there yet, with what one can do when it does not get through. */
import { Clock, Lock, Paperclip, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Layer, restoreDraft } from '../lib/drafts.ts';
import { outbox, type Outgoing, type Said, sayAgain, sendHeld, takeBack } from '../lib/outbox.ts';
import { useStore } from '../lib/store.ts';
import { putBack } from '../media/uploads.ts';
import { Spinner } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { quote } from './writing/quote.ts';

export type Saying = Outgoing & { readonly work: Said };
const isSaying = (item: Outgoing): item is Saying => 'text' in item.work;
export const layerOf = ({ work }: Saying): Layer => (work.kind === 'note' ? 'L2' : 'L1');

/** The stream may bring a message before the answer to our call does: it is not shown twice. */
export interface Known {
  readonly sender_id: string | null;
  readonly content: string;
  readonly sent_at: string;
  readonly client_ref?: string | null;
}
const isThere = (item: Saying, known: readonly Known[]): boolean =>
  item.state !== 'failed' &&
  known.some(
    (one) =>
      one.client_ref === item.id ||
      // Only replies carry a name of ours.
      (item.work.kind !== 'reply' &&
        one.sender_id === item.userId &&
        one.content === item.work.text &&
        Date.parse(one.sent_at) >= Date.parse(item.createdAt) - 2_000),
  );

export function usePending(ticketId: string, layer: Layer, known: readonly Known[]): readonly Saying[] {
  return useStore(outbox)
    .filter(isSaying)
    .filter((item) => item.ticketId === ticketId && layerOf(item) === layer && !isThere(item, known));
}

/** Back into the box it came from, with its files and its quote. */
export function unsay(item: Saying): void {
  const { userId, ticketId, work } = item;
  takeBack(item);
  restoreDraft(userId, ticketId, layerOf(item), work.text);
  if (work.kind !== 'reply') return;
  putBack(ticketId, work.files ?? []);
  if (work.quoted !== undefined) quote(ticketId, work.quoted);
}

/** The newest of this ticket that has not left. @returns whether there was one */
export function unsayLast(ticketId: string): boolean {
  const last = outbox
    .get()
    .filter(isSaying)
    .findLast((item) => item.ticketId === ticketId && item.state === 'waiting' && secondsOf(item) > 0);
  if (last !== undefined) unsay(last);
  return last !== undefined;
}

const secondsOf = ({ holdUntil }: Outgoing): number =>
  holdUntil === undefined ? 0 : Math.max(0, Math.ceil((Date.parse(holdUntil) - Date.now()) / 1000));

/** Until it leaves, in seconds. */
function useSeconds(item: Outgoing): number {
  const [seconds, setSeconds] = useState(() => secondsOf(item));
  useEffect(() => {
    const look = (): void => setSeconds(secondsOf(item));
    look();
    if (item.holdUntil === undefined) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [item]);
  return seconds;
}

const LINK =
  'inline-flex min-h-6 items-center gap-1 font-semibold text-ink underline underline-offset-2 max-md:min-h-11';

export function PendingBubble({ item }: { readonly item: Saying }) {
  const { work } = item;
  const isNote = work.kind === 'note';
  const failed = item.state === 'failed';
  const seconds = useSeconds(item);
  const held = item.state === 'waiting' && seconds > 0;
  const files = work.kind === 'reply' ? (work.files ?? []) : [];
  return (
    <li className="mt-4 flex flex-col items-end">
      <div
        className={cx(
          'flex max-w-[min(85%,36rem)] flex-col gap-1 rounded-2xl rounded-br-md px-3.5 py-2',
          isNote ? 'bg-note-soft' : 'bg-own',
          failed && 'outline outline-danger',
        )}
      >
        {work.kind === 'reply' && work.quoted !== undefined && (
          <blockquote className="truncate border-l-2 border-accent pl-2 text-[13px] text-soft">
            {work.quoted.preview}
          </blockquote>
        )}
        {files.map(({ mediaId, name }) => (
          <p key={mediaId} className="flex items-center gap-1.5 text-[13px] font-medium">
            <Paperclip className="size-3.5 shrink-0" aria-hidden="true" />
            <span className="truncate">{name}</span>
          </p>
        ))}
        {work.text !== '' && <p className="break-words whitespace-pre-wrap">{work.text}</p>}
        <p
          className="flex items-center justify-end gap-1 text-[11px] text-soft"
          role={held ? undefined : 'status'}
        >
          {isNote && <Lock className="size-3" aria-hidden="true" />}
          {failed ? (
            <span className="font-semibold text-danger">Tidak terkirim</span>
          ) : held ? (
            <>
              <Clock className="size-3" aria-hidden="true" /> Dikirim dalam {seconds} detik
            </>
          ) : item.state === 'sending' ? (
            <>
              <Spinner className="size-3" /> Mengirim
            </>
          ) : (
            <>
              <Clock className="size-3" aria-hidden="true" /> Menunggu koneksi
            </>
          )}
        </p>
      </div>
      {item.problem !== null && (
        <p role="alert" className="mt-1 max-w-[85%] px-1 text-right text-[12px] text-danger">
          {item.problem}
        </p>
      )}
      {item.state !== 'sending' && (
        <div className="mt-0.5 flex flex-wrap justify-end gap-x-3 px-1 text-[12px]">
          {failed && (
            <button type="button" className={LINK} onClick={() => sayAgain(item)}>
              Kirim ulang
            </button>
          )}
          {held && (
            <button type="button" className={LINK} onClick={() => void sendHeld()}>
              Kirim sekarang
            </button>
          )}
          <button type="button" className={LINK} onClick={() => unsay(item)}>
            {held && <Undo2 className="size-3.5" aria-hidden="true" />}
            {held ? 'Urungkan' : 'Ubah'}
          </button>
          {!held && (
            <button type="button" className={LINK} onClick={() => takeBack(item)}>
              {failed ? 'Buang' : 'Batalkan'}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
