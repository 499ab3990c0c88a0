/** Builds one file, from one snapshot of the read tables: its figures and its rows agree. */
import type { ExportKind, ExportWish } from '../../domain/exports/export.ts';
import type { Scope, Sheet, WrittenFile } from '../../ports.ts';
import { requesterName } from '../../projections/exports/exports-view.ts';
import type { BuildExportDeps, ExportContext } from './export-context.ts';
import { performanceDocument } from './performance.ts';
import { summaryDocument } from './summary.ts';
import { localTime } from './formatting.ts';
import { invoiceSheetsOf } from './invoice-workbook.ts';
import { jobSheetsOf } from './job-workbook.ts';
import { sheetsOf } from './workbook.ts';

/** @returns what `keep` returned for the bytes. @throws StoreUnavailable, and what `keep` throws */
export type BuildExport = (
  wish: ExportWish,
  how: {
    readonly progress: (pct: number) => void;
    /** The read tables do not show the latest changes: the file says so. */
    readonly behind: boolean;
    readonly signal: AbortSignal;
    readonly keep: (bytes: AsyncIterable<Uint8Array>) => Promise<WrittenFile>;
  },
) => Promise<WrittenFile>;

/** The sheets of each kind of workbook. */
const SHEETS: Readonly<Record<Exclude<ExportKind, 'pdf'>, (context: ExportContext) => AsyncIterable<Sheet>>> =
  {
    excel: sheetsOf,
    invoices: invoiceSheetsOf,
    jobs: jobSheetsOf,
  };

export const createBuildExport =
  (deps: BuildExportDeps): BuildExport =>
  (wish, { progress, behind, signal, keep }) =>
    deps.snapshots.snapshot(async (read) => {
      const userId = wish.requestedBy;
      const scope: Scope =
        wish.division === 'all'
          ? { kind: 'all', userId }
          : { kind: 'division', division: wish.division, userId };
      const context: ExportContext = {
        ...deps,
        read,
        scope,
        wish,
        progress,
        behind,
        requester: await requesterName(read, scope, userId),
        builtAt: localTime(deps.clock.now(), deps.timezone),
      };
      if (wish.kind !== 'pdf') return keep(deps.writers.workbook(SHEETS[wish.kind](context), signal));
      const document =
        wish.reportType === 'agent_performance'
          ? await performanceDocument(context)
          : await summaryDocument(context);
      progress(50);
      return keep(deps.writers.document(document, signal));
    });
