/** Everything that a file is built from. */
import type { ExportWish } from '../../domain/exports/export.ts';
import type { Services } from '../../domain/field-jobs/services.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { Clock, ReadStore, ReportWriters, Scope, Snapshots } from '../../ports.ts';
import type { AgentsTableOf, DivisionFiguresOf } from '../../projections/analytics/figures.ts';

export interface BuildExportDeps {
  readonly snapshots: Snapshots;
  readonly writers: ReportWriters;
  readonly divisionFigures: DivisionFiguresOf;
  readonly agentsTable: AgentsTableOf;
  readonly clock: Clock;
  /** BUSINESS_TIMEZONE. */
  readonly timezone: string;
  readonly slaMinutes: number;
  readonly idleAfterHours: number;
  /** SERVICES: what the kinds of jobs are called. */
  readonly services: Services;
}

/** One export, within its snapshot. */
export interface ExportContext extends BuildExportDeps {
  readonly read: ReadStore;
  readonly scope: Scope;
  readonly wish: ExportWish;
  readonly requester: string;
  /** In the time zone of the business. */
  readonly builtAt: string;
  readonly progress: (pct: number) => void;
  /** The read tables do not show the latest changes. */
  readonly behind: boolean;
}

export const figuresQuery = ({ wish, clock, slaMinutes, idleAfterHours, timezone }: ExportContext) => ({
  division: wish.division,
  period: { from: wish.start, to: wish.end },
  settings: { now: clock.now(), slaMinutes, idleAfterHours, timezone },
});

export const divisionsOf = ({ division }: ExportWish) => (division === 'all' ? DIVISIONS : [division]);
