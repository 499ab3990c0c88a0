/** What Prometheus reads. Labels are closed lists and route patterns: no ids, nothing personal. */
import type { ByteBudget } from '../body-budget.ts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  answered(method: string, route: string, status: number, seconds: number): void;
}

/** Which memory was asked, and whether it knew. */
export type CacheMetrics = (cache: 'states' | 'tokens' | 'people', hit: boolean) => void;

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']);

/** Registers count and duration of requests, by method, route and status. */
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

/** Shows how much of the budget of strangers is taken. */
export function observeBudget(registry: Registry, budget: ByteBudget): void {
  new Gauge({
    name: 'http_unauthenticated_bytes',
    help: 'Bytes of bodies of senders without a token that are held now',
    registers: [registry],
    collect() {
      this.set(budget.held);
    },
  });
}

/** @returns a function that counts one look-up in a named cache: found or not */
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
