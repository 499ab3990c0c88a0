import { useState } from 'preact/hooks';
import { ChatError } from '../api.ts';
import type { Talk, TalkState } from '../talk.ts';
import { promise } from '../words.ts';
import type { View } from './header.tsx';

/** Before a person is asked for: when they answer, and where. */
export function Escalate({
  talk,
  state,
  go,
}: {
  readonly talk: Talk;
  readonly state: TalkState;
  readonly go: (view: View) => void;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const status = state.status ?? { state: 'busy' as const, next_open_at: null, eta_minutes: null };
  const isOff = status.state === 'off_hours';

  const ask = async (channel: 'webchat' | 'whatsapp'): Promise<void> => {
    setFailure(null);
    try {
      const { whatsapp_url: url } = await talk.escalate(channel);
      if (channel === 'webchat') go('talk');
      else if (url) setLink(url);
      else setFailure('WhatsApp belum tersedia untuk layanan ini. Silakan lanjut di sini.');
    } catch (error) {
      setFailure(error instanceof ChatError ? error.message : 'Belum terhubung. Coba lagi.');
    }
  };
  return (
    <div class="sheet">
      <h3>{isOff ? 'Tim kami sedang tutup' : 'Chat dengan Admin'}</h3>
      <p>{promise(status)}</p>
      {isOff && (
        <button type="button" class="strong" onClick={() => go('leave')}>
          Tinggalkan pesan
        </button>
      )}
      {!isOff && (
        <button type="button" class="strong" onClick={() => void ask('webchat')}>
          Lanjut di sini
        </button>
      )}
      {link === null ? (
        <button type="button" onClick={() => void ask('whatsapp')}>
          Lanjut via WhatsApp
        </button>
      ) : (
        <a class="go" href={link} target="_blank" rel="noopener noreferrer">
          Buka WhatsApp
        </a>
      )}
      {!isOff && (
        <button type="button" class="plain" onClick={() => go('leave')}>
          Tinggalkan pesan saja
        </button>
      )}
      {link !== null && (
        <p class="note">Pesan di WhatsApp berisi kode yang menyambung percakapan ini. Jangan dihapus.</p>
      )}
      {failure !== null && (
        <p class="failed" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}
