/** Wires the job that builds export files. */
import { writeWorkbook } from '../../adapters/excel/index.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { writeDocument } from '../../adapters/pdf/index.ts';
import { createSnapshots } from '../../adapters/postgres/snapshots.ts';
import { createExportsJob } from '../../jobs/exports/export-job.ts';
import { createBuildExport } from '../../jobs/exports/build-export.ts';
import { agentsTable } from '../../projections/analytics/agent-figures.ts';
import { divisionFigures } from '../../projections/analytics/division-figures.ts';
import type { ProgramContext } from '../context.ts';

const MOST_BYTES = 200_000_000;

export function exportsOf({
  config,
  stores,
  commands,
  leases,
  clock,
  log,
  files,
  projectionStatus,
  skipped,
}: ProgramContext) {
  return createExportsJob({
    store: stores.events,
    projectionStatus,
    record: commands.exports,
    build: createBuildExport({
      snapshots: createSnapshots({ url: stores.databaseUrl, logger: log }),
      writers: { workbook: writeWorkbook, document: writeDocument },
      divisionFigures,
      agentsTable,
      clock,
      timezone: config.BUSINESS_TIMEZONE,
      slaMinutes: config.SLA_PICKUP_MINUTES,
      idleAfterHours: config.IDLE_AFTER_HOURS,
      services: commands.fieldJobs.services,
    }),
    files,
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    leases,
    clock,
    clockProblem: stores.clockProblem,
    log,
    skipped,
    maxBytes: MOST_BYTES,
  });
}
