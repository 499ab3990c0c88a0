/** What Prometheus is told of the scanner of files. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ScanObserver } from '../../jobs/media/scan.ts';

export function createScanMetrics(registry: Registry): ScanObserver {
  const scanned = new Counter({
    name: 'saga_media_scans_total',
    help: 'Files of customers that were shown to the scanner, by its verdict; `away`: it gave none',
    labelNames: ['verdict'] as const,
    registers: [registry],
  });
  const waiting = new Gauge({
    name: 'saga_media_scan_waiting',
    help: 'Files that wait because the scanner is away, in the process that holds the lease `media`',
    registers: [registry],
  });
  return {
    scanned: (verdict) => {
      scanned.labels(verdict).inc();
    },
    waits: (by) => {
      waiting.inc(by);
    },
  };
}
