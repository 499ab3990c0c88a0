/** All agents side by side (dashboard-prd 3.7, tab 2). Who is under the wanted service level is marked red, in words too. */
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { DIVISION } from '../lib/id.ts';
import { without } from '../lib/collections.ts';
import { useWide } from '../lib/width.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { asCount, asMinutes, asPercent, asShortRupiah } from '../ui/charts/numbers.ts';
import { Spark } from '../ui/charts/spark.tsx';
import { cx } from '../ui/classes.ts';
import { Change } from './figure.tsx';
import { type FiguresSearch, shortMonth } from './periods.ts';
import type { AgentFigures } from './queries.ts';
import { SLA_WANTED_PCT } from './words.ts';

const COLUMNS = [
  { key: 'closing_rate', name: 'Closing rate', write: asPercent, best: 'most' },
  { key: 'pickup_time_avg_min', name: 'Pickup', write: asMinutes, best: 'least' },
  { key: 'sla_compliance_pct', name: 'SLA', write: asPercent, best: 'most' },
  { key: 'availability_rate_pct', name: 'Availability', write: asPercent, best: 'most' },
  { key: 'deal_value_avg', name: 'Deal rata-rata', write: asShortRupiah, best: 'most' },
  { key: 'idle_ticket_count', name: 'Tiket idle', write: asCount, best: 'least' },
] as const;
type Key = (typeof COLUMNS)[number]['key'];

interface Order {
  readonly by: Key;
  readonly down: boolean;
}

/** What is not known stands last, whichever way. */
function sorted(agents: readonly AgentFigures[], { by, down }: Order): readonly AgentFigures[] {
  return [...agents].sort((a, b) => {
    const [x, y] = [a[by], b[by]];
    if (x === null || y === null)
      return Number(x === null) - Number(y === null) || a.agent.name.localeCompare(b.agent.name);
    return (down ? y - x : x - y) || a.agent.name.localeCompare(b.agent.name);
  });
}

const isUnder = ({ sla_compliance_pct: pct }: AgentFigures): boolean => pct !== null && pct < SLA_WANTED_PCT;
const trendWords = ({ trend_3mo: trend }: AgentFigures): string =>
  `Tren closing rate: ${trend.map(({ month, closing_rate }) => `${shortMonth(month)} ${asPercent(closing_rate)}`).join(', ')}`;

interface TableProps {
  readonly agents: readonly AgentFigures[];
  readonly search: FiguresSearch;
}

export function AgentsTable({ agents, search }: TableProps) {
  const isWide = useWide(900);
  const [order, setOrder] = useState<Order>({ by: 'closing_rate', down: true });
  const rows = sorted(agents, order);
  return isWide ? (
    <Wide rows={rows} search={search} order={order} onOrder={setOrder} />
  ) : (
    <Narrow rows={rows} search={search} />
  );
}

function Name({ one, search }: { readonly one: AgentFigures; readonly search: FiguresSearch }) {
  const period = without(search, 'level', 'division');
  return (
    <Link
      to="/analytics/agents/$agentId"
      params={{ agentId: one.agent.id }}
      search={period}
      className="flex min-h-11 min-w-0 items-center gap-3 rounded-lg font-medium hover:underline"
    >
      <Avatar name={one.agent.name} size="sm" />
      <span className="min-w-0">
        <span className="block truncate">{one.agent.name}</span>
        <span className="block text-[12px] font-normal text-soft">{DIVISION[one.division]}</span>
      </span>
    </Link>
  );
}

function Sla({ one }: { readonly one: AgentFigures }) {
  if (!isUnder(one)) return <>{asPercent(one.sla_compliance_pct)}</>;
  return (
    <span
      className="inline-flex items-center gap-1 rounded-md bg-danger-soft px-1.5 font-semibold text-danger"
      title={`Di bawah ${String(SLA_WANTED_PCT)}%`}
    >
      <TriangleAlert className="size-3.5" aria-hidden="true" />
      {asPercent(one.sla_compliance_pct)}
      <span className="sr-only">, di bawah {SLA_WANTED_PCT}%</span>
    </span>
  );
}

function Value({ one, column }: { readonly one: AgentFigures; readonly column: (typeof COLUMNS)[number] }) {
  if (column.key === 'sla_compliance_pct') return <Sla one={one} />;
  const value = one[column.key];
  if (column.key !== 'closing_rate') return <>{column.write(value)}</>;
  return (
    <span className="flex flex-col items-end">
      <span className="font-semibold">{column.write(value)}</span>
      {value !== null && one.previous.closing_rate !== null && (
        <Change value={value} before={one.previous.closing_rate} write={asPercent} points />
      )}
    </span>
  );
}

interface WideProps {
  readonly rows: readonly AgentFigures[];
  readonly search: FiguresSearch;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

function Wide({ rows, search, order, onOrder }: WideProps) {
  return (
    <div
      className="overflow-x-auto rounded-2xl border border-line bg-surface shadow-card"
      role="region"
      aria-label="Tabel agent"
      tabIndex={0}
    >
      <table className="w-full border-collapse">
        <caption className="sr-only">Angka per agent</caption>
        <thead className="text-[13px] text-soft">
          <tr className="border-b border-line">
            <th scope="col" className="px-4 py-2 text-left font-medium">
              Agent
            </th>
            <th scope="col" className="px-3 py-2 text-left font-medium">
              Tren 3 bulan
            </th>
            {COLUMNS.map(({ key, name, best }) => {
              const here = order.by === key;
              const Arrow = order.down ? ArrowDown : ArrowUp;
              return (
                <th
                  key={key}
                  scope="col"
                  aria-sort={here ? (order.down ? 'descending' : 'ascending') : 'none'}
                  className="px-3 py-2 text-right font-medium last:pr-4"
                >
                  <button
                    type="button"
                    className={cx(
                      'inline-flex min-h-8 items-center gap-1 rounded-md hover:text-ink',
                      here && 'text-ink',
                    )}
                    onClick={() => onOrder({ by: key, down: here ? !order.down : best === 'most' })}
                  >
                    {here && <Arrow className="size-3.5" aria-hidden="true" />}
                    {name}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.agent.id} className="border-b border-line last:border-0 hover:bg-hover">
              <th scope="row" className="max-w-64 px-4 py-1.5 text-left">
                <Name one={one} search={search} />
              </th>
              <td className="px-3 py-1.5">
                <Spark
                  values={one.trend_3mo.map(({ closing_rate }) => closing_rate)}
                  label={trendWords(one)}
                />
              </td>
              {COLUMNS.map((column) => (
                <td key={column.key} className="px-3 py-1.5 text-right tabular-nums last:pr-4">
                  <Value one={one} column={column} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Narrow({
  rows,
  search,
}: {
  readonly rows: readonly AgentFigures[];
  readonly search: FiguresSearch;
}) {
  return (
    <ul className="flex flex-col gap-3">
      {rows.map((one) => (
        <li
          key={one.agent.id}
          className={cx(
            'rounded-2xl border bg-surface p-4 shadow-card',
            isUnder(one) ? 'border-danger' : 'border-line',
          )}
        >
          <div className="flex items-center gap-3">
            <div className="min-w-0 flex-1">
              <Name one={one} search={search} />
            </div>
            <Spark values={one.trend_3mo.map(({ closing_rate }) => closing_rate)} label={trendWords(one)} />
          </div>
          <dl className="mt-3 grid grid-cols-3 gap-x-3 gap-y-2.5">
            {COLUMNS.map((column) => (
              <div key={column.key} className="min-w-0">
                <dt className="truncate text-[12px] text-faint">{column.name}</dt>
                <dd className="font-medium tabular-nums">
                  {column.key === 'sla_compliance_pct' ? <Sla one={one} /> : column.write(one[column.key])}
                </dd>
              </div>
            ))}
          </dl>
          {isUnder(one) && (
            <p className="mt-3">
              <Badge tone="red">SLA di bawah {SLA_WANTED_PCT}%</Badge>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The same as a file. */
export const agentsTable = (agents: readonly AgentFigures[]) => ({
  name: 'Angka per agent',
  columns: [
    'Agent',
    'Divisi',
    'Won',
    'Lost',
    'Closing rate (%)',
    'Pickup rata-rata (menit)',
    'SLA (%)',
    'Availability (%)',
    'Deal rata-rata (Rp)',
    'Diskon (%)',
    'Tiket idle',
  ],
  rows: agents.map((one) => [
    one.agent.name,
    DIVISION[one.division],
    one.won,
    one.lost,
    one.closing_rate,
    one.pickup_time_avg_min,
    one.sla_compliance_pct,
    one.availability_rate_pct,
    one.deal_value_avg,
    one.discount_rate_pct,
    one.idle_ticket_count,
  ]),
});
