/**
 * Where one writes. Reply and note are two components with two sends: no state can make one the other
 * (docs/design/dashboard.md#two-layers).
 */
import { Lock, SendHorizontal } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { type Layer, useDraft } from '../lib/drafts.ts';
import { useMe } from '../lib/me.ts';
import { say } from '../lib/outbox.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { sayTyping } from './typing.ts';

interface FrameProps {
  readonly ticketId: string;
  readonly layer: Layer;
  readonly label: string;
  readonly placeholder: string;
  readonly limit: number;
  readonly sendLabel: string;
  readonly name: string;
  readonly head?: ReactNode;
  readonly onSend: (text: string) => void;
}

/** From here on the number of characters is shown. */
const NEAR_LIMIT = 200;

function Frame({ ticketId, layer, label, placeholder, limit, sendLabel, name, head, onSend }: FrameProps) {
  const me = useMe();
  const [text, setText] = useDraft(me.id, ticketId, layer);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const isNote = layer === 'L2';
  const count = [...text].length;
  const maySend = text.trim() !== '' && count <= limit;
  useShortcuts({ [isNote ? 'n' : 'r']: () => area.current?.focus() });
  const send = (): void => {
    if (!maySend) return;
    onSend(text.trim());
    setText('');
    area.current?.focus();
  };
  return (
    <div
      className={cx(
        'shrink-0 border-t px-3 pt-2 pb-3 max-md:pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-5',
        isNote ? 'border-note-line bg-note-soft' : 'border-line bg-surface',
      )}
    >
      <div className="mx-auto max-w-3xl">
        <div className="mb-1.5 flex min-h-6 flex-wrap items-center gap-2">
          <label
            htmlFor={id}
            className={cx(
              'flex items-center gap-1.5 text-[12px] font-semibold',
              isNote ? 'text-note-ink' : 'text-soft',
            )}
          >
            {isNote && <Lock className="size-3.5" aria-hidden="true" />}
            {label}
          </label>
          {head}
        </div>
        <div
          className={cx(
            'flex items-end gap-2 rounded-xl border bg-surface p-1.5 pl-3 transition-colors focus-within:outline-2 focus-within:-outline-offset-1',
            isNote
              ? 'border-note-line focus-within:outline-note'
              : 'border-line-strong/60 focus-within:outline-accent',
          )}
        >
          <textarea
            ref={area}
            id={id}
            name={name}
            value={text}
            rows={1}
            placeholder={placeholder}
            aria-invalid={count > limit || undefined}
            onChange={(event) => {
              setText(event.target.value);
              if (event.target.value !== '') sayTyping(ticketId, layer);
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                send();
              } else if (event.key === 'Escape') event.currentTarget.blur();
            }}
            className="field-sizing-content max-h-44 min-h-9 w-full resize-none self-center bg-transparent py-2 outline-none max-md:text-base"
          />
          <Button
            look={isNote ? 'note' : 'primary'}
            disabled={!maySend}
            onClick={send}
            aria-label={sendLabel}
            title={`${sendLabel} (Ctrl Enter)`}
            className="h-9! px-3!"
          >
            <SendHorizontal className="size-4" aria-hidden="true" />
            <span className="max-md:hidden">{isNote ? 'Simpan' : 'Kirim'}</span>
          </Button>
        </div>
        {count > limit - NEAR_LIMIT && (
          <p
            className={cx(
              'mt-1 text-right text-[12px] tabular-nums',
              count > limit ? 'font-semibold text-danger' : 'text-faint',
            )}
          >
            {count} / {limit}
          </p>
        )}
      </div>
    </div>
  );
}

interface ComposerProps {
  readonly ticketId: string;
  readonly limit: number;
}

export function ReplyComposer({ ticketId, limit, customer }: ComposerProps & { readonly customer: string }) {
  const me = useMe();
  return (
    <Frame
      ticketId={ticketId}
      layer="L1"
      name="message"
      label={`Balas ke ${customer}`}
      placeholder="Tulis balasan…"
      sendLabel="Kirim ke pelanggan"
      limit={limit}
      onSend={(text) => say(me.id, ticketId, { kind: 'reply', text })}
    />
  );
}

export function TeamReplyComposer({
  ticketId,
  limit,
  onClose,
}: ComposerProps & { readonly onClose: () => void }) {
  const me = useMe();
  return (
    <Frame
      ticketId={ticketId}
      layer="L1"
      name="message"
      label="Membalas sebagai Saga Team"
      placeholder="Tulis balasan atas nama Saga Team…"
      sendLabel="Kirim sebagai Saga Team"
      limit={limit}
      head={
        <button
          type="button"
          className="min-h-6 text-[12px] font-semibold text-soft underline underline-offset-2 max-md:min-h-11"
          onClick={onClose}
        >
          Batal
        </button>
      }
      onSend={(text) => say(me.id, ticketId, { kind: 'team-reply', text })}
    />
  );
}

export function NoteComposer({
  ticketId,
  limit,
  tagged,
  tagPicker,
}: ComposerProps & { readonly tagged: string | null; readonly tagPicker: ReactNode }) {
  const me = useMe();
  return (
    <Frame
      ticketId={ticketId}
      layer="L2"
      name="content"
      label="Internal — tidak terlihat pelanggan"
      placeholder="Tulis catatan untuk tim…"
      sendLabel="Simpan catatan internal"
      limit={limit}
      head={tagPicker}
      onSend={(text) => say(me.id, ticketId, { kind: 'note', text, taggedId: tagged })}
    />
  );
}
