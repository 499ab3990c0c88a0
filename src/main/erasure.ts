/** Wires erasures: the command, and the job that makes each of them complete. */
import { createJobCheckpoints } from '../adapters/job-checkpoints.ts';
import { createPersonalTraces } from '../adapters/personal-data/traces.ts';
import { type EraseCustomer, eraseCustomer } from '../commands/erase-customer.ts';
import { recordExport } from '../commands/record-export.ts';
import { createErasureJob } from '../jobs/erasure.ts';
import { removeExportsBefore } from '../jobs/exports/remove.ts';
import type { Parts } from './program.ts';

export const eraseCustomerOf = ({
  stores,
  commands,
  clock,
  blindIndex,
}: Pick<Parts, 'stores' | 'commands' | 'clock' | 'blindIndex'>): EraseCustomer =>
  eraseCustomer({ handle: commands.handle, clock, blindIndex, keys: stores.keys });

export function erasureJobOf({ stores, commands, clock, files, progress, leases, log }: Parts) {
  const { writes, reads } = stores.postgres;
  const { handle } = commands;
  const record = recordExport({ handle, clock });
  return createErasureJob({
    store: stores.events,
    handle,
    keys: stores.keys,
    traces: createPersonalTraces(writes),
    files,
    progress,
    removeExports: () => removeExportsBefore({ read: reads, files, record }, clock.now()),
    checkpoints: createJobCheckpoints(writes),
    leases,
    log,
  });
}
