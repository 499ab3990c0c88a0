/** The table of docs/benchmarks.md and of the terminal. */
import { cpus, totalmem } from 'node:os';
import { type Bar, type Finding, isMet, median, ratiosOf } from './finding.ts';

const round = (value: number): string =>
  value >= 1_000
    ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
    : value >= 100
      ? value.toFixed(0)
      : value.toFixed(2);

/** The median, and the range from lowest to highest. */
function spread(values: readonly number[], unit: string): string {
  if (values.length === 0) return '-';
  const suffix = unit === '/s' ? '/s' : unit === '' ? '' : ` ${unit}`;
  const middle = `${round(median(values))}${suffix}`;
  if (values.length === 1) return middle;
  return `${middle} (${round(Math.min(...values))}-${round(Math.max(...values))})`;
}

function barOf(bar: Bar | undefined, unit: string): string {
  if (!bar) return '-';
  const [sign, value] = 'atLeast' in bar ? ['>=', bar.atLeast] : ['<=', bar.atMost];
  return `${sign} ${String(value)}${bar.of === 'ratio' ? ' x' : unit === 'ms' ? ' ms' : unit}`;
}

const verdict = (finding: Finding): string =>
  ({ true: 'met', false: '**not met**', undefined: '-' })[String(isMet(finding)) as 'true' | 'false'];

export function table(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => {
    const ratios = ratiosOf(finding);
    return [
      finding.what,
      spread(finding.measured, finding.unit),
      finding.limit ? `${spread(finding.limit.measured, finding.unit)}: ${finding.limit.what}` : '-',
      ratios.length > 0 ? `${spread(ratios, '')} x` : '-',
      barOf(finding.bar, finding.unit),
      verdict(finding),
    ];
  });
  return markdown(['row', 'measured', 'limit in the same run', 'ratio', 'bar', ''], rows);
}

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const detailsOf = (findings: readonly Finding[]): string =>
  findings
    .flatMap(({ details }) => details ?? [])
    .map(({ title, head, rows }) => `\n## ${title}\n\n${markdown(head, rows)}\n`)
    .join('');

export function documentOf(
  findings: readonly Finding[],
  facts: {
    readonly settings: Readonly<Record<string, string>>;
    readonly pgbench: string;
    readonly rounds: number;
    readonly load: readonly number[];
    readonly seconds: number;
    readonly at: Date;
    /** Benches that this run has not come to. */
    readonly missing: readonly string[];
  },
): string {
  const { server_version, ...settings } = facts.settings;
  const [cpu] = cpus();
  const shownSettings = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. What moves each row, and by how much: [what was measured before](design/performance.md).
Cells are the median (lowest-highest) of ${String(facts.rounds)} rounds. In each round the limit is measured right next to the
product, on the same server; ratios are made within a round. The load generators share the machine with program and
database, so absolute figures understate a split deployment: read the ratios.

- ${String(cpus().length)} x ${cpu?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}
- Node ${process.version}, Postgres ${String(server_version)} (${shownSettings.join(', ')}), ${facts.pgbench}
- ${facts.at.toISOString()}, ${String(Math.round(facts.seconds))} s; load average before the run ${facts.load.map((one) => one.toFixed(1)).join(' ')}

![How far each row is from its bar](benchmarks.svg)

${table(findings)}
${facts.missing.length > 0 ? `\nNot measured in this run: ${facts.missing.join(', ')}.\n` : ''}
What is behind the rows that miss their bar, and what would correct them: [performance.md](performance.md).
${detailsOf(findings)}`;
}
