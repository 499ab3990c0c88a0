/** Wires the erasure of customers: the command, and the job that completes each erasure. */
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { createPersonalTraces } from '../../adapters/personal-data/traces.ts';
import { type EraseCustomer, eraseAbsorbed, eraseCustomer } from '../../commands/erasure/erase-customer.ts';
import { recordExport } from '../../commands/exports/record-export.ts';
import { PRIVILEGES } from '../../domain/staff/privileges.ts';
import { createErasureJob } from '../../jobs/erasure/erasure-job.ts';
import { jobsOfCustomer } from '../../projections/field-jobs/watched-visits.ts';
import { removeExportsBefore } from '../../jobs/exports/remove.ts';
import { dropLeftovers } from '../../engine/projections/rebuild/leftovers.ts';
import type { ProgramContext } from '../context.ts';

export const eraseCustomerOf = ({
  stores,
  commands,
  clock,
  blindIndex,
}: Pick<ProgramContext, 'stores' | 'commands' | 'clock' | 'blindIndex'>): EraseCustomer =>
  eraseCustomer({ handler: commands.handler, clock, blindIndex, keys: stores.keys });

export function erasureJobOf({
  stores,
  commands,
  clock,
  ids,
  blindIndex,
  files,
  projectionStatus,
  leases,
  log,
  skipped,
}: ProgramContext) {
  const { writes, reads } = stores.postgres;
  const { handler } = commands;
  const record = recordExport({ handler, clock });
  const erase = eraseCustomerOf({ stores, commands, clock, blindIndex });
  return createErasureJob({
    store: stores.events,
    handler,
    keys: stores.keys,
    traces: createPersonalTraces(writes),
    ledger: stores.erased,
    eraseAgain: (erased) => {
      const requestId = ids.next();
      const caller = {
        id: requestId,
        role: 'super_admin',
        division: 'all',
        privileges: new Set(PRIVILEGES),
      } as const;
      const actor = { kind: 'system', process: 'erasure' } as const;
      return erase(
        { caller, actor, requestId, correlationId: requestId },
        { ...erased, reason: null, again: true },
      );
    },
    eraseAbsorbed: (erased, eventContext) =>
      eraseAbsorbed({ handler, blindIndex, keys: stores.keys }, erased, eventContext),
    files,
    projectionStatus,
    jobsOf: (customerId) => jobsOfCustomer(writes, customerId),
    removeExports: () => removeExportsBefore({ read: reads, files, record }, clock.now()),
    removeLeftovers: () => dropLeftovers(writes),
    checkpoints: createJobCheckpoints(writes),
    leases,
    log,
    skipped,
  });
}
