/** What Prometheus is told. Labels are closed word lists and route patterns: no ids, nothing personal. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  answered(method: string, route: string, status: number, seconds: number): void;
}

/** Told by the command loop about each append (its observer). */
export interface CommandMetrics {
  appended(category: string, seconds: number): void;
  conflicted(category: string): void;
}

export interface ProjectionLag {
  readonly view: string;
  /** Events in the store that the view has not taken in; null when that cannot be told. */
  readonly events: number | null;
  readonly seconds: number | null;
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

/** Asked at each scrape, so that a stopped projector still shows. */
export function observeProjections(registry: Registry, lag: () => Promise<readonly ProjectionLag[]>): void {
  const labelNames = ['view'] as const;
  const seconds = new Gauge({
    name: 'projection_lag_seconds',
    help: 'Age of the oldest event a view has not taken in',
    labelNames,
    registers: [registry],
  });
  new Gauge({
    name: 'projection_lag_events',
    help: 'Events a view has not taken in',
    labelNames,
    registers: [registry],
    async collect() {
      this.reset();
      seconds.reset();
      for (const one of await lag()) {
        if (one.events !== null) this.labels(one.view).set(one.events);
        if (one.seconds !== null) seconds.labels(one.view).set(one.seconds);
      }
    },
  });
}

/** Memory, event loop, file handles of this process. */
export function observeProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
