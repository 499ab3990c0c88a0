/** The box that one writes in: a draft, a limit, a send. What it sends, and where, is its owner's business. */
import { Lock, SendHorizontal } from 'lucide-react';
import {
  type ClipboardEventHandler,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useRef,
} from 'react';
import { type Layer, useDraft } from '../../lib/drafts.ts';
import { useMe } from '../../lib/me.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/classes.ts';
import { sayTyping } from '../typing.ts';

/** What stands around the text. */
export interface Around {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly area: RefObject<HTMLTextAreaElement | null>;
}
/** A list that the keys of the box move through, while it is open. */
export interface KeyedList {
  readonly id: string;
  readonly active: string | undefined;
  /** @returns whether the key was for the list */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

interface FrameProps {
  readonly ticketId: string;
  readonly layer: Layer;
  readonly label: string;
  readonly placeholder: string;
  readonly limit: number;
  readonly sendLabel: string;
  readonly name: string;
  readonly head?: ReactNode;
  /** Above the box. */
  readonly above?: (around: Around) => ReactNode;
  /** In the box, before the text. */
  readonly tools?: ReactNode;
  readonly list?: KeyedList | null;
  /** There is something to send without a text. */
  readonly hasMore?: boolean;
  /** Something is not ready to be sent. */
  readonly blocked?: boolean;
  readonly onPaste?: ClipboardEventHandler;
  readonly onSend: (text: string) => void;
}

/** From here on the number of characters is shown. */
const NEAR_LIMIT = 200;

export function Frame({
  ticketId,
  layer,
  label,
  placeholder,
  limit,
  sendLabel,
  name,
  head,
  above,
  tools,
  list = null,
  hasMore = false,
  blocked = false,
  onPaste,
  onSend,
}: FrameProps) {
  const me = useMe();
  const [text, setText] = useDraft(me.id, ticketId, layer);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const isNote = layer === 'L2';
  const count = [...text].length;
  const maySend = (text.trim() !== '' || hasMore) && count <= limit && !blocked;
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
      <div className="relative mx-auto max-w-3xl">
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
        {above?.({ text, setText, area })}
        <div
          className={cx(
            'flex items-end gap-1 rounded-xl border bg-surface p-1.5 transition-colors focus-within:outline-2 focus-within:-outline-offset-1',
            tools === undefined && 'pl-3',
            isNote
              ? 'border-note-line focus-within:outline-note'
              : 'border-line-strong/60 focus-within:outline-accent',
          )}
        >
          {tools}
          <textarea
            ref={area}
            id={id}
            name={name}
            value={text}
            rows={1}
            placeholder={placeholder}
            aria-invalid={count > limit || undefined}
            {...(list === null
              ? {}
              : {
                  'aria-controls': list.id,
                  'aria-activedescendant': list.active,
                  'aria-autocomplete': 'list',
                })}
            onPaste={onPaste}
            onChange={(event) => {
              setText(event.target.value);
              if (event.target.value !== '') sayTyping(ticketId, layer);
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (list?.onKey(event) === true) event.preventDefault();
              else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                send();
              } else if (event.key === 'Escape') event.currentTarget.blur();
            }}
            className="field-sizing-content max-h-44 min-h-9 w-full resize-none self-center bg-transparent px-1 py-2 outline-none max-md:text-base"
          />
          <Button
            look={isNote ? 'note' : 'primary'}
            disabled={!maySend}
            onClick={send}
            aria-label={sendLabel}
            title={`${sendLabel} (Ctrl Enter)`}
            className="h-9! px-3! max-md:h-11!"
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
