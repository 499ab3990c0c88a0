import { useState } from 'preact/hooks';
import { ChatError } from '../api.ts';
import type { Talk, TalkState } from '../talk.ts';
import { Icon } from './icons.tsx';

const CHOICES = [
  ['up', 'Terbantu'],
  ['down', 'Belum terbantu'],
] as const;

/** After a person closed the talk. */
export function Rating({ talk, state }: { readonly talk: Talk; readonly state: TalkState }) {
  const [chosen, choose] = useState<'up' | 'down' | null>(null);
  const [comment, setComment] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  if (state.rated !== null)
    return (
      <div class="rating" role="status">
        <p>Terima kasih atas penilaiannya. Anda bisa bertanya lagi ke asisten kapan saja.</p>
      </div>
    );
  const give = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (chosen === null) return;
    try {
      await talk.rate(chosen, comment.trim());
    } catch (error) {
      setFailure(error instanceof ChatError ? error.message : 'Penilaian belum terkirim.');
    }
  };
  return (
    <form class="rating" onSubmit={(event) => void give(event)}>
      <fieldset>
        <legend>Percakapan selesai. Bagaimana jawaban kami?</legend>
        {CHOICES.map(([value, label]) => (
          <button type="button" aria-pressed={chosen === value} onClick={() => choose(value)}>
            <Icon name={value} /> {label}
          </button>
        ))}
      </fieldset>
      {chosen !== null && (
        <>
          <label>
            Komentar (boleh kosong)
            <input
              maxLength={500}
              value={comment}
              onInput={({ currentTarget }) => setComment(currentTarget.value)}
            />
          </label>
          <button type="submit" class="strong">
            Kirim penilaian
          </button>
        </>
      )}
      {failure !== null && (
        <p class="failed" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
