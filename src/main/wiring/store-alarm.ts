/** Wires what super admins are told by when another event store answers. */
import { createPushDevices } from '../../adapters/operational/push-devices.ts';
import type { StoreAlarmDeps } from '../../jobs/notifications/store-alarm.ts';
import type { Clock, Ids, PushSender } from '../../ports.ts';
import type { Stores } from './stores.ts';

export function storeAlarmOf({
  push,
  stores,
  clock,
  ids,
}: {
  readonly push: PushSender;
  readonly stores: Pick<Stores, 'postgres'>;
  readonly clock: Clock;
  readonly ids: Ids;
}): StoreAlarmDeps {
  const { writes } = stores.postgres;
  return {
    staff: writes,
    devices: createPushDevices(writes, clock, ids),
    push,
  };
}
