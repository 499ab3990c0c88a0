import { useState } from 'preact/hooks';
import { ChatError } from '../api.ts';
import type { Talk } from '../talk.ts';

/** Gives the browser a file to keep. */
function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function Menu({
  talk,
  canSwitch,
  switchDesk,
  done,
}: {
  readonly talk: Talk;
  readonly canSwitch: boolean;
  readonly switchDesk: () => void;
  readonly done: () => void;
}) {
  const [asking, ask] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setFailure(null);
    await work().catch((error: unknown) =>
      setFailure(error instanceof ChatError ? error.message : 'Belum berhasil. Coba lagi.'),
    );
  };
  const transcript = (format: 'text' | 'pdf') =>
    attempt(async () =>
      save(await talk.transcript(format), `percakapan.${format === 'pdf' ? 'pdf' : 'txt'}`),
    );
  const forget = () =>
    attempt(async () => {
      await talk.forget();
      done();
    });

  if (asking)
    return (
      <div class="sheet">
        <h3>Hapus data saya?</h3>
        <p>Percakapan ditutup, dan isinya beserta kontak Anda dihapus. Ini tidak bisa dibatalkan.</p>
        <button type="button" class="danger" onClick={() => void forget()}>
          Ya, hapus
        </button>
        <button type="button" onClick={() => ask(false)}>
          Batal
        </button>
        {failure !== null && (
          <p class="failed" role="alert">
            {failure}
          </p>
        )}
      </div>
    );
  return (
    <div class="sheet">
      <h3>Pilihan</h3>
      {canSwitch && (
        <button type="button" onClick={switchDesk}>
          Ganti layanan
        </button>
      )}
      <button type="button" onClick={() => void transcript('pdf')}>
        Unduh transkrip (PDF)
      </button>
      <button type="button" onClick={() => void transcript('text')}>
        Unduh transkrip (teks)
      </button>
      {link === null ? (
        <button
          type="button"
          onClick={() => void attempt(async () => setLink(await talk.transcriptByWhatsApp()))}
        >
          Kirim transkrip ke WhatsApp
        </button>
      ) : (
        <a class="go" href={link} target="_blank" rel="noopener noreferrer">
          Buka WhatsApp dan kirim pesannya
        </a>
      )}
      <button type="button" class="plain danger" onClick={() => ask(true)}>
        Hapus data saya
      </button>
      {failure !== null && (
        <p class="failed" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}
