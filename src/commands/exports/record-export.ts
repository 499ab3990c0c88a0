/** What happens to an export, as events: the job builds it, and a person with the link downloads it. */
import {
  type ExpiredBecause,
  type Export,
  exportAggregate,
  type ExportEvent,
  type FailedBecause,
  isUnfinishedExport,
} from '../../domain/exports/export.ts';
import type { Clock } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** Later downloads are not recorded: a link that is called in a loop must not fill the stream. */
export const MAX_DOWNLOADS = 100;

export const decideExportStart = (state: Export, exportId: string): ExportEvent[] =>
  isUnfinishedExport(state)
    ? [{ type: 'ExportStarted', data: { exportId, attempt: state.attempts + 1 } }]
    : [];

export const decideExportProgress = (state: Export, exportId: string, progressPct: number): ExportEvent[] =>
  state.status === 'running' && progressPct > state.progressPct
    ? [{ type: 'ExportProgressed', data: { exportId, progressPct } }]
    : [];

export const decideExportComplete = (
  state: Export,
  exportId: string,
  file: { readonly size: number; readonly sha256: string },
): ExportEvent[] =>
  isUnfinishedExport(state)
    ? [{ type: 'ExportCompleted', data: { exportId, size: file.size, sha256: file.sha256 } }]
    : [];

export const decideExportFail = (state: Export, exportId: string, reason: FailedBecause): ExportEvent[] =>
  isUnfinishedExport(state) ? [{ type: 'ExportFailed', data: { exportId, reason } }] : [];

export const decideExportDownload = (state: Export, exportId: string): ExportEvent[] =>
  state.status === 'ready' && state.downloads < MAX_DOWNLOADS
    ? [{ type: 'ExportDownloaded', data: { exportId } }]
    : [];

/** An export that failed has no file, so nothing expires. */
export const decideExportExpire = (state: Export, exportId: string, reason: ExpiredBecause): ExportEvent[] =>
  isUnfinishedExport(state) || state.status === 'ready'
    ? [{ type: 'ExportExpired', data: { exportId, reason } }]
    : [];

export type RecordExport = ReturnType<typeof recordExport>;

/** Every function throws StoreUnavailable. */
export function recordExport({ handler, clock }: { handler: CommandHandler; clock: Clock }) {
  const record = async (
    process: string,
    exportId: string,
    decide: (state: Export) => ExportEvent[],
  ): Promise<Export> => {
    const eventContext: EventContext = {
      actor: { kind: 'system', process },
      correlationId: exportId,
      causationId: exportId,
      requestId: exportId,
      at: clock.now().toISOString(),
    };
    return (await handler.executeCommand(exportAggregate, exportId, eventContext, decide)).state;
  };
  const byJob = (exportId: string, decide: (state: Export) => ExportEvent[]) =>
    record('exports', exportId, decide);
  return {
    load: (exportId: string): Promise<Export> => handler.load(exportAggregate, exportId),
    start: (exportId: string) => byJob(exportId, (state) => decideExportStart(state, exportId)),
    progress: (exportId: string, pct: number) =>
      byJob(exportId, (state) => decideExportProgress(state, exportId, pct)),
    /** @returns its state: an export that ended meanwhile stays ended, and its file must be removed */
    complete: (exportId: string, file: { readonly size: number; readonly sha256: string }) =>
      byJob(exportId, (state) => decideExportComplete(state, exportId, file)),
    fail: (exportId: string, reason: FailedBecause) =>
      byJob(exportId, (state) => decideExportFail(state, exportId, reason)),
    expire: (exportId: string, reason: ExpiredBecause) =>
      byJob(exportId, (state) => decideExportExpire(state, exportId, reason)),
    downloaded: (exportId: string) =>
      record('export-link', exportId, (state) => decideExportDownload(state, exportId)),
  };
}
