import { useState } from 'preact/hooks';
import { ChatError } from '../api.ts';
import type { Talk } from '../talk.ts';
import type { LeftMessage } from '../wire.ts';

const FIELDS = [
  ['name', 'Nama', 'text', 'name', true],
  ['whatsapp', 'Nomor WhatsApp', 'tel', 'tel', false],
  ['email', 'E-mail', 'email', 'email', false],
  ['topic', 'Topik', 'text', 'off', true],
] as const;

/** A message with a way to answer it. One way is enough; without consent nothing is sent. */
export function LeaveMessage({
  talk,
  consent,
  back,
}: {
  readonly talk: Talk;
  readonly consent: string;
  readonly back: () => void;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const [ticket, setTicket] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const leave = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const of = (name: string): string => ((form.get(name) as string | null) ?? '').trim();
    const [whatsapp, email] = [of('whatsapp'), of('email')];
    if (whatsapp === '' && email === '') {
      setFailure('Isi nomor WhatsApp atau e-mail, supaya kami bisa membalas.');
      return;
    }
    const message: LeftMessage = {
      ...{ name: of('name'), topic: of('topic'), message: of('message'), consent: true },
      ...(whatsapp !== '' && { whatsapp }),
      ...(email !== '' && { email }),
    };
    setBusy(true);
    setFailure(null);
    try {
      setTicket(await talk.leave(message));
    } catch (error) {
      setFailure(error instanceof ChatError ? error.message : 'Pesan belum terkirim.');
    } finally {
      setBusy(false);
    }
  };

  if (ticket !== null)
    return (
      <div class="sheet" role="status">
        <h3>Pesan kami terima</h3>
        <p>
          Nomor pesan Anda <b>{ticket}</b>. Kami menghubungi Anda pada hari kerja berikutnya.
        </p>
        <button type="button" class="strong" onClick={back}>
          Kembali ke percakapan
        </button>
      </div>
    );
  return (
    <form class="sheet" onSubmit={(event) => void leave(event)}>
      <h3>Tinggalkan pesan</h3>
      {FIELDS.map(([name, label, type, autocomplete, required]) => (
        <label>
          {label}
          <input name={name} type={type} autocomplete={autocomplete} required={required} maxLength={120} />
        </label>
      ))}
      <label>
        Pesan
        <textarea name="message" rows={3} required maxLength={2_000} />
      </label>
      <label class="tick">
        <input type="checkbox" name="consent" required />
        <span>{consent}</span>
      </label>
      {failure !== null && (
        <p class="failed" role="alert">
          {failure}
        </p>
      )}
      <button type="submit" class="strong" disabled={busy}>
        Kirim pesan
      </button>
    </form>
  );
}
