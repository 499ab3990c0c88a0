/** What was said and is not there yet, with what one can do when it does not get through. */
import { Clock, Lock } from 'lucide-react';
import { type Layer, restoreDraft } from '../lib/drafts.ts';
import { outbox, type Outgoing, sayAgain, takeBack } from '../lib/outbox.ts';
import { useStore } from '../lib/store.ts';
import { Spinner } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';

export const layerOf = ({ work }: Outgoing): Layer => (work.kind === 'note' ? 'L2' : 'L1');

/** The stream may bring a message before the answer to our call does: it is not shown twice. */
export interface Said {
  readonly sender_id: string | null;
  readonly content: string;
  readonly sent_at: string;
}
const isThere = (item: Outgoing, said: readonly Said[]): boolean =>
  item.state !== 'failed' &&
  said.some(
    (one) =>
      one.sender_id === item.userId &&
      one.content === item.work.text &&
      Date.parse(one.sent_at) >= Date.parse(item.createdAt) - 2_000,
  );

export function usePending(ticketId: string, layer: Layer, said: readonly Said[]): readonly Outgoing[] {
  return useStore(outbox).filter(
    (item) => item.ticketId === ticketId && layerOf(item) === layer && !isThere(item, said),
  );
}

const LINK = 'min-h-6 font-semibold text-ink underline underline-offset-2 max-md:min-h-11';

export function PendingBubble({ item }: { readonly item: Outgoing }) {
  const isNote = item.work.kind === 'note';
  const failed = item.state === 'failed';
  return (
    <li className="mt-4 flex flex-col items-end">
      <div
        className={cx(
          'max-w-[min(85%,36rem)] rounded-2xl rounded-br-md px-3.5 py-2',
          isNote ? 'bg-note-soft' : 'bg-own',
          failed ? 'outline outline-danger' : 'opacity-80',
        )}
      >
        <p className="break-words whitespace-pre-wrap">{item.work.text}</p>
        <p className="mt-1 flex items-center justify-end gap-1 text-[11px] text-soft" role="status">
          {isNote && <Lock className="size-3" aria-hidden="true" />}
          {failed ? (
            <span className="font-semibold text-danger">Tidak terkirim</span>
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
          <button
            type="button"
            className={LINK}
            onClick={() => {
              takeBack(item);
              restoreDraft(item.userId, item.ticketId, layerOf(item), item.work.text);
            }}
          >
            Ubah
          </button>
          <button type="button" className={LINK} onClick={() => takeBack(item)}>
            {failed ? 'Buang' : 'Batalkan'}
          </button>
        </div>
      )}
    </li>
  );
}
