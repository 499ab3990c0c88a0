/**
 * Tells super admins that another event store answers (docs/design/reliability.md#the-right-store). No event can be
 * written then, so it goes to their devices at once and in no list of theirs; `GET /api/notifications` shows it from the
 * record as long as it is so.
 */
import { sql } from 'kysely';
import { STORE_CHANGED_NOTICE } from '../../domain/notifications/store-changed-notice.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { PushDevices, PushSender } from '../../ports.ts';
import type { StaffTables } from '../../projections/staff/users.ts';

const superAdmins = statement(
  null,
  () =>
    sql<
      Columns<'read.users', { id: 'id' }>
    >`select id from read.users where role = 'super_admin' and is_active`,
);

export interface StoreAlarmDeps {
  readonly staff: StaffTables;
  readonly devices: Pick<PushDevices, 'reachable' | 'claim' | 'forget'>;
  readonly push: Pick<PushSender, 'send' | 'publicKey'>;
}

/** Each device once for this change, whoever calls. @throws StoreUnavailable */
export async function alarmSuperAdmins(
  { staff, devices, push }: StoreAlarmDeps,
  changeId: string,
): Promise<void> {
  if (push.publicKey === null) return;
  const people = await staff.query(superAdmins());
  const theirs = await devices.reachable(people.map(({ id }) => id));
  const claimed = await devices.claim(
    changeId,
    theirs.map(({ id }) => id),
  );
  await Promise.all(
    theirs
      .filter(({ id }) => claimed.has(id))
      .map(async (device) => {
        const payload = { id: changeId, ...STORE_CHANGED_NOTICE };
        if ((await push.send(device, payload)) === 'gone') await devices.forget(device.id);
      }),
  );
}
