/** What Prometheus is told about jobs, together with `observeJobs`. */
import { Counter, type Registry } from 'prom-client';

/** @returns what counts an event that a job skipped */
export function createSkippedMetric(registry: Registry): (job: string) => void {
  const skipped = new Counter({
    name: 'saga_job_skipped_events_total',
    help: 'Events that a job could not read and passed over, each once',
    labelNames: ['job'] as const,
    registers: [registry],
  });
  return (job) => {
    skipped.labels(job).inc();
  };
}
