/** Short names for the events of an export in specs. */
import type {
  ExportEvent,
  ExportWish,
  ExpiredBecause,
  FailedBecause,
} from '../../../src/domain/exports/export.ts';
import { rina, uuidOf } from './people.ts';

export const EXPORT = uuidOf(0xe1);
export const exportWish: ExportWish = {
  exportId: EXPORT,
  kind: 'excel',
  reportType: null,
  division: 'sari',
  start: '2026-07-01',
  end: '2026-07-31',
  requestedBy: rina.id,
  expiresAt: '2026-08-01T01:00:00.000Z',
};
export const requested: ExportEvent = { type: 'ExportRequested', data: exportWish };
export const startedAt = (attempt: number): ExportEvent => ({
  type: 'ExportStarted',
  data: { exportId: EXPORT, attempt },
});
export const progressed = (progressPct: number): ExportEvent => ({
  type: 'ExportProgressed',
  data: { exportId: EXPORT, progressPct },
});
export const completed: ExportEvent = {
  type: 'ExportCompleted',
  data: { exportId: EXPORT, size: 7, sha256: 'abc' },
};
export const exportFailed = (reason: FailedBecause = 'too_large'): ExportEvent => ({
  type: 'ExportFailed',
  data: { exportId: EXPORT, reason },
});
export const downloaded: ExportEvent = { type: 'ExportDownloaded', data: { exportId: EXPORT } };
export const expired = (reason: ExpiredBecause = 'time'): ExportEvent => ({
  type: 'ExportExpired',
  data: { exportId: EXPORT, reason },
});
