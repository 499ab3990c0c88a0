/** One agent in full: a year, why customers were lost, and what lies idle now (dashboard-prd 3.7, drill-down). */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck } from 'lucide-react';
import { agoOf, dayKey, momentOf, useNow } from '../lib/dates.ts';
import { DIVISION, t } from '../lib/id.ts';
import { useMay } from '../lib/me.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge, FlagBadges, StatusBadge } from '../ui/badge.tsx';
import { buttonClass } from '../ui/button.tsx';
import { ChartCard } from '../ui/charts/chart-card.tsx';
import { asCount, asMinutes, asPercent, asRupiah } from '../ui/charts/numbers.ts';
import { Plot } from '../ui/charts/plot.tsx';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Figure } from './figure.tsx';
import { Filters } from './filters.tsx';
import { LostReasons } from './lost-reasons.tsx';
import { daysOf, figuresSearch, fullMonth, nameOf, periodQuery, shortMonth } from './periods.ts';
import { type OneAgentFigures, useAgentFigures, useAgentYear } from './queries.ts';
import { SLA_WANTED_PCT } from './words.ts';

export function AgentPage() {
  const may = useMay('analytics_agent');
  return may ? (
    <Shown />
  ) : (
    <Page title="Analitik agent">
      <NoPermission />
    </Page>
  );
}

function Shown() {
  const { agentId } = useParams({ strict: false });
  const search = figuresSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const days = daysOf(search, dayKey(new Date()));
  const figures = useAgentFigures(agentId ?? '', periodQuery(search, days));
  const { data } = figures;
  return (
    <Page
      title={data?.agent.name ?? 'Analitik agent'}
      actions={
        <Link to="/analytics" search={{ ...search, level: 'agents' }} className={buttonClass('plain', true)}>
          <ArrowLeft className="size-4" aria-hidden="true" />
          Semua agent
        </Link>
      }
    >
      <Filters
        search={search}
        days={days}
        divisions={[]}
        onChange={(next) => void navigate({ to: '.', search: { ...next }, replace: true })}
      />
      {data === undefined ? (
        figures.isError ? (
          <Failed error={figures.error} retry={() => void figures.refetch()} />
        ) : (
          <Loading>
            <div className="grid grid-cols-2 gap-3 lg:grid-cols-3">
              {Array.from({ length: 6 }, (_, n) => (
                <Skeleton key={n} className="h-24 rounded-2xl" />
              ))}
            </div>
          </Loading>
        )
      ) : (
        <div className="flex flex-col gap-4" aria-busy={figures.isPlaceholderData}>
          <Numbers figures={data} />
          <div className="grid gap-4 lg:grid-cols-2">
            <Year agentId={agentId ?? ''} month={days.end.slice(0, 7)} />
            <LostReasons reasons={data.lost_reasons} />
            <Idle tickets={data.idle_tickets} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Numbers({ figures }: { readonly figures: OneAgentFigures }) {
  const { previous } = figures;
  const sla = figures.sla_compliance_pct;
  const isUnder = sla !== null && sla < SLA_WANTED_PCT;
  return (
    <section aria-label="Angka utama">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        <Figure
          name="Closing rate"
          value={figures.closing_rate}
          before={previous.closing_rate}
          write={asPercent}
          points
        />
        <Figure
          name="Pickup rata-rata"
          value={figures.pickup_time_avg_min}
          before={previous.pickup_time_avg_min}
          write={asMinutes}
          good="down"
        />
        <Figure
          name="SLA compliance"
          value={sla}
          before={previous.sla_compliance_pct}
          write={asPercent}
          points
          alarm={isUnder}
          {...(isUnder ? { beside: `Di bawah ${String(SLA_WANTED_PCT)}%` } : {})}
        />
        <Figure
          name="Availability"
          value={figures.availability_rate_pct}
          before={previous.availability_rate_pct}
          write={asPercent}
          points
        />
        <Figure
          name="Deal rata-rata"
          value={figures.deal_value_avg}
          before={previous.deal_value_avg}
          write={asRupiah}
        />
        <Figure
          name="Diskon"
          value={figures.discount_rate_pct}
          before={previous.discount_rate_pct}
          write={asPercent}
          points
          good="down"
        />
      </dl>
      <p className="mt-2 text-[12px] text-faint">Dibandingkan dengan {nameOf(previous.period)}.</p>
    </section>
  );
}

function Year({ agentId, month }: { readonly agentId: string; readonly month: string }) {
  const { months, isPending, error, refetch } = useAgentYear(agentId, month);
  const at = months.map((one) => shortMonth(one.month));
  const atLong = months.map((one) => fullMonth(one.month));
  const wait = isPending ? (
    <Loading>
      <Skeleton className="h-[200px]" />
    </Loading>
  ) : error !== null ? (
    <Failed error={error} retry={refetch} />
  ) : null;
  const empty =
    !isPending &&
    error === null &&
    months.every(({ won, lost }) => won + lost === 0) &&
    'Belum ada lead yang selesai dalam dua belas bulan ini.';
  const table = {
    columns: ['Bulan', 'Closing rate (%)', 'Won', 'Lost'],
    rows: months.map(({ closing_rate, won, lost }, n) => [atLong[n] ?? '', closing_rate, won, lost]),
  };
  return (
    <>
      <ChartCard
        title="Tren closing rate"
        hint="Dua belas bulan."
        table={{ name: 'Tren closing rate', ...table }}
        write={[undefined, asPercent]}
        empty={empty}
      >
        {wait ?? (
          <Plot
            label="Closing rate per bulan"
            kind="lines"
            at={at}
            atLong={atLong}
            series={[
              {
                name: 'Closing rate',
                colour: 'accent',
                values: months.map(({ closing_rate }) => closing_rate),
              },
            ]}
            write={asPercent}
          />
        )}
      </ChartCard>
      <ChartCard
        title="Won dan Lost"
        hint="Per bulan keputusan."
        table={{ name: 'Won dan Lost', ...table }}
        write={[undefined, asPercent]}
        empty={empty}
      >
        {wait ?? (
          <Plot
            label="Won dan Lost per bulan"
            kind="columns"
            at={at}
            atLong={atLong}
            series={[
              { name: 'Won', colour: 'good', values: months.map(({ won }) => won) },
              { name: 'Lost', colour: 'danger', values: months.map(({ lost }) => lost) },
            ]}
            write={asCount}
            whole
          />
        )}
      </ChartCard>
    </>
  );
}

function Idle({ tickets }: { readonly tickets: OneAgentFigures['idle_tickets'] }) {
  const now = useNow();
  return (
    <section className="min-w-0 rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5">
      <h2 className="font-semibold">
        Tiket idle <span className="font-normal text-soft tabular-nums">({tickets.length})</span>
      </h2>
      <p className="text-[13px] text-soft">Tanpa aktivitas, sekarang.</p>
      {tickets.length === 0 ? (
        <p className="mt-4 flex items-center gap-2 text-soft">
          <CircleCheck className="size-4 text-good" aria-hidden="true" />
          Tidak ada tiket yang diam.
        </p>
      ) : (
        <ul className="-mx-2 mt-2 max-h-80 overflow-y-auto">
          {tickets.map((ticket) => {
            const name = ticket.customer_name ?? t.unknownCustomer;
            const at = ticket.last_message_at ?? ticket.created_at;
            return (
              <li key={ticket.id}>
                <Link
                  to="/t/$ticketId"
                  params={{ ticketId: ticket.id }}
                  className="focus-inside flex min-h-14 items-center gap-3 rounded-lg px-2 py-1.5 hover:bg-hover"
                >
                  <Avatar name={name} size="sm" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{name}</span>
                    <span className="flex gap-1 overflow-hidden">
                      <StatusBadge status={ticket.status} />
                      <FlagBadges ticket={ticket} />
                      <Badge tone="grey">{DIVISION[ticket.division]}</Badge>
                    </span>
                  </span>
                  <time dateTime={at} title={momentOf(at)} className="shrink-0 text-[12px] text-faint">
                    {agoOf(at, now)}
                  </time>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
