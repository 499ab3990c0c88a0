/** The exports job on a store and a folder, with files that the test builds. */
import { createFiles } from '../../../src/adapters/files/files.ts';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import type { EventStore, Files } from '../../../src/ports.ts';
import { createExportsJob } from '../../../src/jobs/exports/export-job.ts';
import type { ProjectionStatus } from '../../../src/engine/projections/projection-status.ts';
import type { BuildExport } from '../../../src/jobs/exports/build-export.ts';
import { commandsOn } from './commands.ts';
import { skippedEvents } from '../observe/skipped-events.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export function exportsJob(
  {
    store,
    url,
    folder,
    clock,
  }: {
    readonly store: EventStore;
    readonly url: string;
    readonly folder: string;
    readonly clock: { now(): Date };
  },
  build: BuildExport,
  over: {
    readonly maxBytes?: number;
    readonly patienceMs?: number;
    readonly files?: Files;
    readonly clockProblem?: () => Promise<string | null>;
    readonly projectionStatus?: Pick<ProjectionStatus, 'waitFor' | 'status'>;
  } = {},
) {
  const log = silentLogger();
  const postgres = createPostgres({ url, logger: log });
  const { commands, time } = commandsOn(store);
  time.now = clock.now();
  const job = createExportsJob({
    store,
    // Without views of its own, none is behind.
    projectionStatus: over.projectionStatus ?? {
      waitFor: () => Promise.resolve(true),
      status: () => Promise.resolve([]),
    },
    record: commands.exports,
    build,
    files: over.files ?? createFiles(folder),
    checkpoints: createJobCheckpoints(postgres.writes),
    leases: createLeases({ url, logger: log }),
    clock,
    // These tests set the clock as they need it.
    clockProblem: over.clockProblem ?? (() => Promise.resolve(null)),
    log,
    skipped: skippedEvents(log),
    maxBytes: over.maxBytes ?? 1_000_000,
    lookMs: 50,
    retryMs: 20,
    patienceMs: over.patienceMs ?? 200,
  });
  return { job, commands, close: () => postgres.close() };
}
