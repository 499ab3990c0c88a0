/** What the bot would say, with what stands in the editor: nothing is written. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError, dataOf, type Division } from '../lib/api.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { inputClass } from '../ui/field.tsx';
import { Card } from '../ui/parts.tsx';
import type { FaqContent } from './queries.ts';

const OUTCOMES = {
  answered: ['Menjawab', 'green'],
  asked: ['Bertanya balik', 'yellow'],
  unanswered: ['Tidak tahu', 'red'],
  ruled: ['Aturan tetap', 'grey'],
} as const;

export function TryCard({
  division,
  content,
  text,
  setText,
  addExample,
}: {
  readonly division: Division;
  readonly content: FaqContent;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly addExample: (intent: string, text: string) => void;
}) {
  const [target, setTarget] = useState('');
  const attempt = useMutation({
    mutationFn: (question: string) =>
      dataOf(
        api.POST('/api/admin/faq/{div}/try', {
          params: { path: { div: division } },
          body: { text: question, content },
        }),
      ),
  });
  const { data } = attempt;
  const titleOf = (key: string): string => content.intents[key]?.title ?? key;
  return (
    <Card title="Uji coba" hint="Memakai isi di halaman ini, juga yang belum diterbitkan.">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate(text.trim());
        }}
      >
        <input
          aria-label="Pertanyaan untuk dicoba"
          className={inputClass}
          required
          maxLength={2_000}
          placeholder="ongkir motor ke batam brp ya"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" busy={attempt.isPending}>
          Coba
        </Button>
      </form>
      <div aria-live="polite">
        {attempt.isError && (
          <p className="mt-3 font-medium text-danger">
            {attempt.error instanceof ApiError ? attempt.error.message : 'Belum berhasil.'}
          </p>
        )}
        {data !== undefined && (
          <div className="mt-4 flex flex-col gap-3">
            <p className="flex flex-wrap items-center gap-2">
              <Badge tone={OUTCOMES[data.outcome][1]}>{OUTCOMES[data.outcome][0]}</Badge>
              {data.intents.map((key) => (
                <span key={key} className="font-medium">
                  {titleOf(key)}
                </span>
              ))}
              <span className="text-soft tabular-nums">yakin {Math.round(data.confidence * 100)}%</span>
            </p>
            <p className="rounded-xl bg-own px-3 py-2 whitespace-pre-wrap">{data.answer}</p>
            {data.guesses.length > 0 && (
              <ul className="text-[13px] text-soft">
                {data.guesses.map(({ intent, score }) => (
                  <li key={intent} className="flex justify-between gap-3">
                    <span className="truncate">{titleOf(intent)}</span>
                    <span className="tabular-nums">{score.toFixed(2)}</span>
                  </li>
                ))}
              </ul>
            )}
            <div className="flex flex-wrap items-center gap-2">
              <select
                aria-label="Topik yang benar"
                className={`${inputClass} chevron min-w-0 flex-1 appearance-none pr-9`}
                value={target}
                onChange={(event) => setTarget(event.target.value)}
              >
                <option value="">Topik yang benar…</option>
                {Object.entries(content.intents).map(([key, { title }]) => (
                  <option key={key} value={key}>
                    {title}
                  </option>
                ))}
              </select>
              <Button disabled={target === ''} onClick={() => addExample(target, text.trim())}>
                Jadikan contoh
              </Button>
            </div>
          </div>
        )}
      </div>
    </Card>
  );
}
