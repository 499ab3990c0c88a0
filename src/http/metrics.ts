/** What Prometheus is told. Labels are closed word lists and route patterns: no ids, nothing personal. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { StoreUnavailable } from '../ports.ts';
import type { Progress, ViewStatus } from '../projections/progress.ts';

export interface HttpMetrics {
  answered(method: string, route: string, status: number, seconds: number): void;
}

/** Told by the command loop about each append (its observer). */
export interface CommandMetrics {
  appended(category: string, seconds: number): void;
  conflicted(category: string): void;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']);

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    answered(method, route, status, seconds) {
      requests.labels(METHODS.has(method) ? method : 'other', route, String(status)).observe(seconds);
    },
  };
}

export function createCommandMetrics(registry: Registry): CommandMetrics {
  const appends = new Histogram({
    name: 'event_append_duration_seconds',
    help: 'Time of one append to the event store, by category of stream',
    labelNames: ['category'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  const conflicts = new Counter({
    name: 'event_append_conflicts_total',
    help: 'Appends that lost to another and were decided again',
    labelNames: ['category'] as const,
    registers: [registry],
  });
  return {
    appended: (category, seconds) => {
      appends.labels(category).observe(seconds);
    },
    conflicted: (category) => {
      conflicts.labels(category).inc();
    },
  };
}

/**
 * Asked at each scrape, so that a stopped projector still shows. While the store is away there is nothing to
 * tell about views, and the other metrics must come all the same.
 */
export function observeProjections(registry: Registry, progress: Pick<Progress, 'status'>): void {
  const gauge = (name: string, help: string, valueOf: (view: ViewStatus) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['view'] as const,
      registers: [registry],
      async collect() {
        const views = await progress.status().catch((error: unknown) => {
          if (error instanceof StoreUnavailable) return [];
          throw error;
        });
        this.reset();
        for (const view of views) this.labels(view.view).set(valueOf(view));
      },
    });
  };
  gauge(
    'projection_running',
    '1 while the view follows, 0 when it stopped at an event or belongs to another store',
    ({ state, wrongStore }) => (state === 'running' && !wrongStore ? 1 : 0),
  );
  gauge(
    'projection_lag_seconds',
    'Age of the last event in a view that is behind; 0 when it holds all',
    ({ lagSeconds }) => lagSeconds,
  );
}

/** Memory, event loop, file handles of this process. */
export function observeProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
