/** Finishes merges of customers that a process began and did not end (docs/design/business-rules.md#two-customers-who-are-one). */
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { EventContext } from '../../engine/commands/command-handler.ts';
import type { JobCheckpoints } from '../../ports.ts';

export interface MergesDeps extends ReactorDeps {
  /** Does what follows from the merge of this stream's customer, as often as it is asked to. */
  readonly finish: (customerKey: string, eventContext: EventContext) => Promise<unknown>;
  readonly checkpoints: JobCheckpoints;
}

const JOB = 'customer-merges';
const STREAM = 'customer-';

/** Holds the lease `customer-merges`. */
export const createCustomerMerges = (deps: MergesDeps): Job =>
  createReactor(deps, {
    name: JOB,
    streamPrefixes: [STREAM],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'start over' },
    start: () => ({
      handle: async ({ type, stream, id, metadata }) => {
        if (type !== 'CustomerMerged') return;
        const { correlationId, requestId, at } = metadata;
        await deps.finish(stream.slice(STREAM.length), {
          actor: { kind: 'system', process: JOB },
          ...{ correlationId, causationId: id, requestId, at },
        });
      },
    }),
  });
