/** What the bot could not answer lately: the next examples, or the next topics. */
import type { Division } from '../lib/api.ts';
import { dayKey } from '../lib/dates.ts';
import { Button } from '../ui/button.tsx';
import { Answer, Card } from '../ui/parts.tsx';
import { daysOf, periodQuery } from '../analytics/periods.ts';
import { useChatFigures } from './queries.ts';

const SHOWN = 10;

export function UnansweredCard({
  division,
  onTry,
}: {
  readonly division: Division;
  readonly onTry: (question: string) => void;
}) {
  const query = useChatFigures(division, periodQuery({}, daysOf({}, dayKey(new Date()))));
  return (
    <Card title="Belum terjawab bulan ini" hint="Nomor dan alamat sudah dihilangkan.">
      <Answer query={query} rows={3}>
        {({ unanswered }) =>
          unanswered.length === 0 ? (
            <p className="text-soft">Tidak ada. Semua pertanyaan terjawab.</p>
          ) : (
            <ul className="divide-y divide-line">
              {unanswered.slice(0, SHOWN).map(({ question, count }) => (
                <li key={question} className="flex items-center gap-3 py-2">
                  <span className="min-w-0 flex-1 wrap-anywhere">{question}</span>
                  <span className="text-soft tabular-nums">{count}×</span>
                  <Button small onClick={() => onTry(question)}>
                    Coba
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}
