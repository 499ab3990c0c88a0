/** What Prometheus is told. Labels are closed word lists and route patterns: no ids, nothing personal. */
import { collectDefaultMetrics, Counter, Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  answered(method: string, route: string, status: number, seconds: number): void;
}

/** Told by the command loop about each append (its observer). */
export interface CommandMetrics {
  appended(category: string, seconds: number): void;
  conflicted(category: string): void;
  failed(category: string): void;
  cached(hit: boolean): void;
}

/** Which memory was asked, and whether it knew. */
export type CacheMetrics = (cache: 'states' | 'tokens' | 'people', hit: boolean) => void;

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

export function createCommandMetrics(registry: Registry, cached: CacheMetrics): CommandMetrics {
  const labelNames = ['category'] as const;
  const registers = [registry];
  const appends = new Histogram({
    name: 'event_append_duration_seconds',
    help: 'Time of one append to the event store, by category of stream',
    labelNames,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const conflicts = new Counter({
    name: 'event_append_conflicts_total',
    help: 'Appends that lost to another and were decided again',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'event_append_failures_total',
    help: 'Appends that the event store did not confirm: the caller was told 503',
    labelNames,
    registers,
  });
  return {
    appended: (category, seconds) => {
      appends.labels(category).observe(seconds);
    },
    conflicted: (category) => {
      conflicts.labels(category).inc();
    },
    failed: (category) => {
      failures.labels(category).inc();
    },
    cached: (hit) => {
      cached('states', hit);
    },
  };
}

export function createCacheMetrics(registry: Registry): CacheMetrics {
  const lookups = new Counter({
    name: 'cache_lookups_total',
    help: 'Look-ups in the memories of states, verified tokens and people, by whether they knew',
    labelNames: ['cache', 'result'] as const,
    registers: [registry],
  });
  return (cache, hit) => {
    lookups.labels(cache, hit ? 'hit' : 'miss').inc();
  };
}

/** Memory, event loop, file handles of this process. */
export function observeProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
