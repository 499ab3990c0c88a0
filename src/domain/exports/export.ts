/**
 * Files that a person requested (docs/design/business-rules.md#exports): who took which data out, and what happened
 * to the file.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { userDivision } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const exportStream = (id: string): string => `export-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** `invoices` and `jobs`: workbooks, too. */
export const EXPORT_KINDS = ['excel', 'pdf', 'invoices', 'jobs'] as const;
export const exportKind = z.enum(EXPORT_KINDS);
export type ExportKind = z.infer<typeof exportKind>;

export const REPORT_TYPES = ['division_summary', 'agent_performance'] as const;
export const reportType = z.enum(REPORT_TYPES);

/** Division, report and days of an export. */
export const exportWish = z.object({
  exportId: z.uuid(),
  kind: exportKind,
  /** Of a PDF; null: the workbook, which holds everything. */
  reportType: reportType.nullable(),
  division: userDivision,
  /** First and last day, both within, in the business time zone. */
  start: z.iso.date(),
  end: z.iso.date(),
  requestedBy: z.uuid(),
  /** Until then the link works; afterwards the file is gone. */
  expiresAt: z.iso.datetime(),
});
export type ExportWish = z.infer<typeof exportWish>;

const exportRef = { exportId: z.uuid() };

export const ExportRequested = defineEvent('ExportRequested', exportWish.shape);
/** Stored before the work, so that an export that kills the process is not tried for ever. */
export const ExportStarted = defineEvent('ExportStarted', { ...exportRef, attempt: z.int().positive() });
/** Now and then, for the person who waits. */
export const ExportProgressed = defineEvent('ExportProgressed', {
  ...exportRef,
  progressPct: z.int().min(0).max(100),
});
export const ExportCompleted = defineEvent('ExportCompleted', {
  ...exportRef,
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256: z.string(),
});
const FAILED_BECAUSE = ['too_large', 'not_possible', 'store_unavailable'] as const;
export type FailedBecause = (typeof FAILED_BECAUSE)[number];
export const ExportFailed = defineEvent('ExportFailed', { ...exportRef, reason: z.enum(FAILED_BECAUSE) });
/** By a person with the link: the link is the credential, so the name is not known. */
export const ExportDownloaded = defineEvent('ExportDownloaded', exportRef);
const EXPIRED_BECAUSE = ['time', 'erasure'] as const;
export type ExpiredBecause = (typeof EXPIRED_BECAUSE)[number];
/** There is no file any more. */
export const ExportExpired = defineEvent('ExportExpired', { ...exportRef, reason: z.enum(EXPIRED_BECAUSE) });

export const exportEvents = [
  ExportRequested,
  ExportStarted,
  ExportProgressed,
  ExportCompleted,
  ExportFailed,
  ExportDownloaded,
  ExportExpired,
] as const;
export type ExportEvent = EventOf<(typeof exportEvents)[number]>;

// ---------------------------------------------------------------- state

export interface ExistingExport {
  readonly status: 'pending' | 'running' | 'ready' | 'failed' | 'expired';
  readonly wish: ExportWish;
  readonly attempts: number;
  readonly progressPct: number;
  readonly downloads: number;
}
export type Export = { readonly status: 'absent' } | ExistingExport;

/** Not built yet, and still wanted. */
export const isUnfinishedExport = (
  state: Export,
): state is ExistingExport & { readonly status: 'pending' | 'running' } =>
  state.status === 'pending' || state.status === 'running';

/** Name of the file in the store of files. */
export const exportKey = (exportId: string): string => `exports/${exportId}`;

// ---------------------------------------------------------------- evolve

function evolve(state: Export, { type, data }: ExportEvent): Export {
  if (type === 'ExportRequested')
    return { status: 'pending', wish: data, attempts: 0, progressPct: 0, downloads: 0 };
  if (state.status === 'absent') return state;
  switch (type) {
    case 'ExportStarted':
      return { ...state, status: 'running', attempts: data.attempt };
    case 'ExportProgressed':
      return { ...state, progressPct: data.progressPct };
    case 'ExportCompleted':
      return { ...state, status: 'ready', progressPct: 100 };
    case 'ExportFailed':
      return { ...state, status: 'failed' };
    case 'ExportDownloaded':
      return { ...state, downloads: state.downloads + 1 };
    case 'ExportExpired':
      return { ...state, status: 'expired' };
  }
}

export const exportAggregate: Aggregate<Export, ExportEvent> = {
  category: 'export',
  stream: exportStream,
  initial: { status: 'absent' },
  evolve,
};
