import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

const MOST = 2_000;
const HIGHEST_PX = 120;

export function Composer({
  about,
  offer,
  send,
}: {
  readonly about: string;
  readonly offer: string;
  readonly send: (text: string) => void;
}) {
  const [text, setText] = useState(offer);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (offer !== '') setText(offer);
  }, [offer]);
  useEffect(() => {
    const at = field.current;
    if (!at) return;
    at.style.height = 'auto';
    at.style.height = `${String(Math.min(at.scrollHeight, HIGHEST_PX))}px`;
  }, [text]);

  function submit(event: Event): void {
    event.preventDefault();
    if (text.trim() === '') return;
    send(text.trim());
    setText('');
    field.current?.focus();
  }
  return (
    <form class="composer" onSubmit={submit}>
      <textarea
        ref={field}
        rows={1}
        maxLength={MOST}
        aria-label="Pesan Anda"
        placeholder={about === '' ? 'Tanyakan apa saja…' : `Tanyakan apa saja tentang ${about.toLowerCase()}`}
        enterkeyhint="send"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
        }}
      />
      <button type="submit" class="send" aria-label="Kirim" disabled={text.trim() === ''}>
        <Icon name="send" />
      </button>
    </form>
  );
}
