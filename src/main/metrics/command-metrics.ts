import { collectDefaultMetrics, Counter, Histogram, type Registry } from 'prom-client';
import type { CacheMetrics } from '../../http/framework/server/http-metrics.ts';

/** Prometheus metrics of commands and of the process. Labels have few fixed values: no ids, no personal data. */

/** The observer of the command loop: counts each append. */
export interface CommandMetrics {
  appended(category: string, seconds: number): void;
  conflicted(category: string): void;
  failed(category: string): void;
  cached(hit: boolean): void;
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
    help: 'Appends that the event store did not confirm: the caller got 503',
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

/** Memory, event loop, file handles of this process. */
export function observeProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
