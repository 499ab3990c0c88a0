/** How the bot of the web chat does: what was asked, what it knew, and how soon people came (docs/design/chat.md#figures). */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { daysOf, figuresSearch, type FiguresSearch, periodQuery } from '../analytics/periods.ts';
import { Figure } from '../analytics/figure.tsx';
import { Filters } from '../analytics/filters.tsx';
import type { Division } from '../lib/api.ts';
import { dayKey } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { asCount, asMinutes, asPercent } from '../ui/charts/numbers.ts';
import { Page } from '../ui/page.tsx';
import { Answer, Card, Guarded } from '../ui/parts.tsx';
import { type ChatFigures, useChatFigures } from './queries.ts';

const TITLE = 'Chatbot';
const DIVISIONS: readonly Division[] = ['sari', 'savi', 'safia'];

/** A short list with a number to each line, the largest first. */
function Ranking({
  title,
  empty,
  rows,
}: {
  readonly title: string;
  readonly empty: string;
  readonly rows: readonly {
    readonly key: string;
    readonly name: string;
    readonly beside?: string;
    readonly count: string;
  }[];
}) {
  return (
    <Card title={title}>
      {rows.length === 0 ? (
        <p className="text-soft">{empty}</p>
      ) : (
        <ol className="divide-y divide-line">
          {rows.map(({ key, name, beside, count }) => (
            <li key={key} className="flex items-baseline gap-3 py-2">
              <span className="min-w-0 flex-1 wrap-anywhere">
                {name} {beside !== undefined && <span className="text-[13px] text-faint">{beside}</span>}
              </span>
              <span className="font-medium tabular-nums">{count}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Figures({ figures }: { readonly figures: ChatFigures }) {
  const { ratings } = figures;
  const rated = ratings.up + ratings.down;
  const escalated = figures.escalations.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        <Figure name="Pertanyaan" value={figures.questions} before={null} write={asCount} />
        <Figure name="Terjawab bot" value={figures.answered_pct} before={null} write={asPercent} />
        <Figure name="Minta Admin" value={escalated} before={null} write={asCount} />
        <Figure
          name="Diambil dalam 3 menit"
          value={figures.claimed_within_3min_pct}
          before={null}
          write={asPercent}
        />
        <Figure
          name="Penilaian baik"
          value={rated === 0 ? null : (ratings.up / rated) * 100}
          before={null}
          write={asPercent}
          beside={`${String(rated)} penilaian`}
        />
        <Figure name="Selesai, median" value={figures.resolve_median_min} before={null} write={asMinutes} />
      </dl>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Ranking
          title="Paling sering ditanyakan"
          empty="Belum ada pertanyaan."
          rows={figures.top_questions.map(({ division, intent, title, count }) => ({
            ...{
              key: `${division} ${intent}`,
              name: title,
              beside: DIVISION[division],
              count: asCount(count),
            },
          }))}
        />
        <Ranking
          title="Belum terjawab"
          empty="Semua terjawab."
          rows={figures.unanswered.map(({ division, question, count }) => ({
            ...{
              key: `${division} ${question}`,
              name: question,
              beside: DIVISION[division],
              count: asCount(count),
            },
          }))}
        />
        <Ranking
          title="Klik tombol di bawah jawaban"
          empty="Belum ada klik."
          rows={Object.entries(figures.cta_clicks).map(([intent, { primary, secondary }]) => ({
            ...{
              key: intent,
              name: intent,
              beside: 'utama / kedua',
              count: `${asCount(primary)} / ${asCount(secondary)}`,
            },
          }))}
        />
        <Ranking
          title="Penilaian per Admin"
          empty="Belum ada penilaian."
          rows={figures.agents.map(({ id, name, up, down }) => ({
            ...{ key: id, name, beside: 'baik / kurang', count: `${asCount(up)} / ${asCount(down)}` },
          }))}
        />
      </div>
    </>
  );
}

function Chatbot() {
  const me = useMe();
  const navigate = useNavigate();
  const search = figuresSearch(useSearch({ strict: false }));
  const leads = me.role === 'super_admin' || me.role === 'team_lead' || me.division === 'all';
  const days = daysOf(search, dayKey(new Date()));
  const query = useChatFigures(leads ? (search.division ?? 'all') : me.division, periodQuery(search, days));
  const go = (next: FiguresSearch): void =>
    void navigate({ to: '/analytics/chatbot', search: next, replace: true });
  return (
    <>
      <Filters search={search} days={days} divisions={leads ? DIVISIONS : []} onChange={go} />
      <Answer query={query}>{(figures) => <Figures figures={figures} />}</Answer>
    </>
  );
}

export const ChatbotPage = () => (
  <Guarded title={TITLE} needs={['analytics_division']}>
    <Page title={TITLE}>
      <Chatbot />
    </Page>
  </Guarded>
);
