import { createHub } from '../../../src/adapters/cluster/pub-sub-hub.ts';
import { createSkippedEvents } from '../../../src/engine/jobs/skipped-events.ts';
import { silentLogger } from './silent-logger.ts';

/** As a program has it, in one process. `counted`: the jobs, once for each event they skipped. */
export function skippedEvents(log = silentLogger()) {
  const counted: string[] = [];
  const hub = createHub(log);
  const pubSub = {
    publish: (topic: string, message: unknown) => {
      hub.deliver({ topic, message });
    },
    subscribe: hub.subscribe,
  };
  return {
    counted,
    ...createSkippedEvents({
      pubSub,
      log,
      counted: (job) => {
        counted.push(job);
      },
    }),
  };
}
