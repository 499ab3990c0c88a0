/** Wires what super admins are told by when another event store answers. */
import { createPushDevices } from '../../adapters/operational/push-devices.ts';
import { createWebPush } from '../../adapters/web-push.ts';
import type { Config } from '../../config.ts';
import type { StoreAlarmDeps } from '../../jobs/notifications/store-alarm.ts';
import type { Clock, Ids, Logger } from '../../ports.ts';
import type { Stores } from './stores.ts';
import { vapidOf } from './vapid.ts';

export function storeAlarmOf({
  config,
  stores,
  clock,
  ids,
  log,
}: {
  readonly config: Config;
  readonly stores: Pick<Stores, 'postgres'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
}): StoreAlarmDeps {
  const { writes } = stores.postgres;
  return {
    staff: writes,
    devices: createPushDevices(writes, clock, ids),
    push: createWebPush({ vapid: vapidOf(config), hosts: config.PUSH_HOSTS, logger: log }),
  };
}
