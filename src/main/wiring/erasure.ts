/** Wires the erasure of customers: the command, and the job that completes each erasure. */
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { channelHttp } from '../../adapters/channels/http.ts';
import { createProviderErasures } from '../../adapters/personal-data/provider-erasures.ts';
import { createPersonalTraces } from '../../adapters/personal-data/traces.ts';
import { type EraseCustomer, eraseAbsorbed, eraseCustomer } from '../../commands/erasure/erase-customer.ts';
import { recordExport } from '../../commands/exports/record-export.ts';
import { PRIVILEGES } from '../../domain/staff/privileges.ts';
import { erasersOf } from '../../channels/registry.ts';
import { createErasureJob } from '../../jobs/erasure/erasure-job.ts';
import { createProviderErasuresJob } from '../../jobs/erasure/provider-erasures.ts';
import { rememberAtProviders } from '../../jobs/erasure/traces-at-providers.ts';
import { jobsOfCustomer } from '../../projections/field-jobs/watched-visits.ts';
import { removeExportsBefore } from '../../jobs/exports/remove.ts';
import { dropLeftovers } from '../../engine/projections/rebuild/leftovers.ts';
import type { ProgramContext } from '../context.ts';

type ErasureContext = Pick<ProgramContext, 'stores' | 'commands' | 'clock' | 'blindIndex' | 'config'>;

const erasuresOf = ({ stores, clock }: Pick<ProgramContext, 'stores' | 'clock'>) =>
  createProviderErasures(stores.postgres.writes, stores.keys, clock);

const rememberOf = (context: ErasureContext) =>
  rememberAtProviders({
    store: context.stores.events,
    eraserOf: erasersOf({ config: context.config, http: channelHttp }),
    erasures: erasuresOf(context),
  });

export const eraseCustomerOf = (context: ErasureContext): EraseCustomer =>
  eraseCustomer({
    handler: context.commands.handler,
    clock: context.clock,
    blindIndex: context.blindIndex,
    keys: context.stores.keys,
    rememberAtProviders: rememberOf(context),
  });

/** Lines may have been taken away since: what they have is asked for while they are configured. */
export const providerErasuresJobOf = (context: ProgramContext) =>
  createProviderErasuresJob({
    erasures: erasuresOf(context),
    eraserOf: erasersOf({ config: context.config, http: channelHttp }),
    leases: context.leases,
    clock: context.clock,
    log: context.log,
  });

export function erasureJobOf(context: ProgramContext) {
  const { stores, commands, clock, ids, blindIndex, files, projectionStatus, leases, log, skipped } = context;
  const { writes, reads } = stores.postgres;
  const { handler } = commands;
  const record = recordExport({ handler, clock });
  const erase = eraseCustomerOf(context);
  const remember = rememberOf(context);
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
      eraseAbsorbed(
        { handler, blindIndex, keys: stores.keys, rememberAtProviders: remember },
        erased,
        eventContext,
      ),
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
