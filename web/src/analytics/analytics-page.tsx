/** Figures on two levels: of a division, and of its agents (dashboard-prd 3.7). */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Bot, ChartColumn, Download, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Division } from '../lib/api.ts';
import { dayKey } from '../lib/dates.ts';
import { useMe } from '../lib/me.ts';
import { without } from '../lib/collections.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { saveCsv } from '../ui/charts/csv.ts';
import { cx } from '../ui/classes.ts';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { AgentsTable, agentsTable } from './agents-table.tsx';
import { DivisionCharts } from './division-charts.tsx';
import { DivisionFigures } from './division-figures.tsx';
import { Filters } from './filters.tsx';
import {
  type Days,
  daysOf,
  figuresSearch,
  type FiguresSearch,
  granularityFor,
  periodQuery,
} from './periods.ts';
import { useAgentsFigures, useDivisionFigures } from './queries.ts';

const ExportDialog = lazy(async () => ({
  default: (await import('../exports/export-dialog.tsx')).ExportDialog,
}));

const DIVISIONS: readonly Division[] = ['sari', 'savi', 'safia'];
const TITLE = 'Analitik';

export function AnalyticsPage() {
  const me = useMe();
  const navigate = useNavigate();
  const search = figuresSearch(useSearch({ strict: false }));
  const [exporting, setExporting] = useState(false);
  const tabs = [
    ...(me.privileges.includes('analytics_division') ? (['division'] as const) : []),
    ...(me.privileges.includes('analytics_agent') ? (['agents'] as const) : []),
  ];
  const tab = tabs.find((one) => one === search.level) ?? tabs[0];
  if (tab === undefined)
    return (
      <Page title={TITLE}>
        <NoPermission />
      </Page>
    );
  const leads = me.role === 'super_admin' || me.role === 'team_lead' || me.division === 'all';
  const days = daysOf(search, dayKey(new Date()));
  const go = (next: FiguresSearch): void => void navigate({ to: '/analytics', search: next, replace: true });
  const toTab = (one: 'division' | 'agents'): void => {
    const rest = without(search, 'level');
    go(one === 'agents' ? { ...rest, level: 'agents' } : rest);
  };
  const division = leads ? (search.division ?? 'all') : me.division;
  return (
    <Page
      title={TITLE}
      actions={
        <>
          {me.privileges.includes('analytics_division') && (
            <Link to="/analytics/chatbot" className={buttonClass()}>
              <Bot className="size-4" aria-hidden="true" /> Chatbot
            </Link>
          )}
          {me.privileges.includes('export') && (
            <Button
              icon={<Download className="size-4" aria-hidden="true" />}
              onClick={() => setExporting(true)}
            >
              Ekspor
            </Button>
          )}
        </>
      }
    >
      {tabs.length > 1 && (
        <div role="tablist" aria-label={TITLE} className="flex gap-1 border-b border-line">
          {tabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`tab-${one}`}
              aria-selected={tab === one}
              aria-controls="figures"
              tabIndex={tab === one ? 0 : -1}
              onClick={() => toTab(one)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
                const other = one === 'division' ? 'agents' : 'division';
                toTab(other);
                document.getElementById(`tab-${other}`)?.focus();
              }}
              className={cx(
                'focus-inside -mb-px flex min-h-11 items-center gap-2 border-b-2 px-4 font-medium',
                tab === one ? 'border-accent text-accent-ink' : 'border-transparent text-soft hover:text-ink',
              )}
            >
              {one === 'division' ? (
                <ChartColumn className="size-4" aria-hidden="true" />
              ) : (
                <Users className="size-4" aria-hidden="true" />
              )}
              {one === 'division' ? 'Per divisi' : 'Per agent'}
            </button>
          ))}
        </div>
      )}
      <Filters search={search} days={days} divisions={leads ? DIVISIONS : []} onChange={go} />
      <div id="figures" {...(tabs.length > 1 ? { role: 'tabpanel', 'aria-labelledby': `tab-${tab}` } : {})}>
        {tab === 'division' ? (
          <OfDivision division={division} search={search} days={days} />
        ) : (
          <OfAgents division={division} search={search} days={days} />
        )}
      </div>
      {exporting && (
        <Suspense>
          <ExportDialog division={division} days={days} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}

interface PartProps {
  readonly division: Division | 'all';
  readonly search: FiguresSearch;
  readonly days: Days;
}

function OfDivision({ division, search, days }: PartProps) {
  const figures = useDivisionFigures(division, {
    ...periodQuery(search, days),
    granularity: granularityFor(days),
  });
  const { data } = figures;
  if (data === undefined)
    return figures.isError ? (
      <Failed error={figures.error} retry={() => void figures.refetch()} />
    ) : (
      <Loading>
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          {Array.from({ length: 8 }, (_, n) => (
            <Skeleton key={n} className="h-24 rounded-2xl" />
          ))}
        </div>
        <div className="mt-4 grid gap-4 lg:grid-cols-2">
          {Array.from({ length: 4 }, (_, n) => (
            <Skeleton key={n} className="h-72 rounded-2xl" />
          ))}
        </div>
      </Loading>
    );
  return (
    <div
      className={cx('flex flex-col gap-4 transition-opacity', figures.isPlaceholderData && 'opacity-60')}
      aria-busy={figures.isPlaceholderData}
    >
      <DivisionFigures figures={data} />
      <DivisionCharts figures={data} division={division} days={days} />
    </div>
  );
}

function OfAgents({ division, search, days }: PartProps) {
  const agents = useAgentsFigures({
    ...periodQuery(search, days),
    ...(division === 'all' ? { division: 'all' } : { division }),
  });
  const { data } = agents;
  if (data === undefined)
    return agents.isError ? (
      <Failed error={agents.error} retry={() => void agents.refetch()} />
    ) : (
      <Loading>
        <Skeleton className="h-96 rounded-2xl" />
      </Loading>
    );
  if (data.length === 0)
    return (
      <Empty
        icon={<Users className="size-6" />}
        title="Belum ada agent"
        hint="Angka agent muncul di sini setelah mereka menangani tiket."
      />
    );
  return (
    <div
      className={cx('flex flex-col gap-3 transition-opacity', agents.isPlaceholderData && 'opacity-60')}
      aria-busy={agents.isPlaceholderData}
    >
      <div className="flex justify-end">
        <Button
          small
          icon={<Download className="size-4" aria-hidden="true" />}
          onClick={() => saveCsv(agentsTable(data))}
        >
          Unduh CSV
        </Button>
      </div>
      <AgentsTable agents={data} search={search} />
    </div>
  );
}
