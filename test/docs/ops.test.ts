/** docs/ops: what the dashboard and the alert rules ask for is there, and /metrics tells nothing it must not. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { routes } from '../../src/http/routes.ts';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import { selectorsOf } from '../support/observe/promql.ts';

const read = (name: string): string => readFileSync(`docs/ops/${name}`, 'utf8');

interface Alert {
  name: string;
  expr: string;
  for?: string;
  severity?: string;
  summary?: string;
}

/** alerts.yml keeps to one layout, of which every line is known here: no YAML package is needed to check it. */
function alertsOf(text: string): Alert[] {
  const alerts: Alert[] = [];
  for (const line of text.split('\n')) {
    const [, name] = /^ {6}- alert: (\w+)$/.exec(line) ?? [];
    const [, key, value] = /^ {8,10}(expr|for|severity|summary): (.+)$/.exec(line) ?? [];
    if (name !== undefined) alerts.push({ name, expr: '' });
    else if (key !== undefined && value !== undefined) Object.assign(alerts.at(-1) ?? {}, { [key]: value });
    else if (!/^(#.*|groups:| {2}- name: saga| {4}rules:| {8}(labels|annotations):)?$/.test(line))
      throw new SyntaxError(`a line that no rule has: ${line}`);
  }
  return alerts;
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const LE = new Set(['le', 'instance', 'job']);

describe('docs/ops', function () {
  this.timeout(60_000);
  const alerts = alertsOf(read('alerts.yml'));
  const { panels } = JSON.parse(read('grafana-dashboard.json')) as { panels: readonly Panel[] };
  const asked = [
    ...alerts.map(({ name, expr }) => ({ by: name, expr })),
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ by: title, expr }))),
  ];
  let app: TestProgram;
  let text: string;
  /** Series by metric, each with its labels. */
  let series: Map<string, Record<string, string>[]>;
  let declared: Set<string>;

  before(async () => {
    app = await startTestProgram();
    const [ticket = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${ticket}/self-takeover`, {}, 'agent.sari');
    await app.post(`/api/admin/ticket/${ticket}/reply`, { message: 'kenari-l1' }, 'agent.sari');
    await app.get(`/api/admin/inbox?q=62899`, 'agent.sari');
    await app.call(`/tidak-ada/${ticket}?telepon=6289900010001`, { method: 'PROPFIND' });
    text = (await app.call('/metrics')).text;
    declared = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
    series = new Map();
    for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]);
      series.set(name, [...(series.get(name) ?? []), Object.fromEntries(pairs) as Record<string, string>]);
    }
  });
  after(() => app.close());

  it('has rules that can be read, each with what Prometheus needs and a person reads', () => {
    expect(alerts.length).to.be.greaterThan(15);
    for (const { name, expr, severity, summary, for: time } of alerts) {
      expect(() => selectorsOf(expr), name).not.to.throw();
      expect(time, name).to.match(/^\d+m$/);
      expect(['page', 'warn'], name).to.include(severity);
      expect(summary, name).to.match(/^(["']).+\1$/);
      expect(read('README.md'), `${name} is explained`).to.match(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
    }
  });

  it('notices an expression that Prometheus would refuse', () => {
    for (const wrong of [
      'sum(rate(a_total))',
      'sum(a',
      'a{b=c}',
      'max by view (a)',
      'a > > 1',
      'nosuch(a) ',
      'rate(a_total[5])',
    ])
      expect(() => selectorsOf(wrong), wrong).to.throw(SyntaxError);
  });

  it('asks only for metrics of a running program, by labels that they have', () => {
    for (const { by, expr } of asked) {
      for (const { metric, labels } of selectorsOf(expr)) {
        if (metric === 'up') continue; // Prometheus' own
        const base = metric.replace(/_(bucket|sum|count)$/, '');
        expect(declared.has(metric) || declared.has(base), `${by}: ${metric}`).to.equal(true);
        const known = new Set(Object.keys(series.get(metric)?.[0] ?? {}));
        if (series.has(metric))
          for (const label of labels)
            expect(known.has(label) || LE.has(label), `${by}: ${metric}{${label}}`).to.equal(true);
      }
    }
  });

  it('explains every metric of ours', () => {
    const explained = read('README.md');
    const ours = [...declared].filter((name) => !/^(process|nodejs)_/.test(name));
    expect(ours.filter((name) => !explained.includes(`\`${name}\``))).to.deep.equal([]);
  });

  it('shows what docs/design/architecture.md#metrics asks for', () => {
    const wanted = `http_request_duration_seconds event_append_duration_seconds event_append_conflicts_total
      projection_lag_events projection_lag_seconds webhook_inbox_items tickets_waiting outbound_messages_waiting
      outbound_messages_total stream_clients postgres_connections_open nodejs_eventloop_lag_p99_seconds
      process_resident_memory_bytes cache_lookups_total`.split(/\s+/);
    const shown = new Set(
      asked
        .flatMap(({ expr }) => selectorsOf(expr))
        .map(({ metric }) => metric.replace(/_(bucket|count)$/, '')),
    );
    expect(wanted.filter((name) => !shown.has(name))).to.deep.equal([]);
    const lags = [...text.matchAll(/^projection_lag_events\{view="inbox"\} (\d+)$/gm)];
    expect(lags).to.have.length(1);
  });

  it('alerts when the event loop is blocked', () => {
    const asking = alerts.filter(({ expr }) => expr.includes('nodejs_eventloop_lag_p99_seconds'));
    expect(asking.map(({ name }) => name)).to.deep.equal(['SagaEventLoop']);
    expect(text).to.match(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
  });

  it('/metrics has bounded labels and nothing personal', () => {
    const paths = new Set([
      ...routes.map(({ path }) => path as string),
      ...'webhook unmatched /metrics /api/openapi.json'.split(' '),
    ]);
    for (const [name, all] of series) {
      expect(all.length, name).to.be.lessThan(1_500);
      for (const labels of all) {
        for (const [key, value] of Object.entries(labels)) {
          if (key === 'route')
            expect(paths.has(value) || value.startsWith('/api/docs'), `${name} ${value}`).to.equal(true);
          else expect(value, `${name} ${key}`).to.match(/^[\w.+: -]{0,40}$/);
          expect(value, `${name} ${key}`).not.to.match(/\d{8,}|@|[0-9a-f]{8}-[0-9a-f]{4}-/);
        }
      }
    }
    expect(text).not.to.match(/62899|Pelanggan|kenari|PROPFIND|telepon/);
  });
});
