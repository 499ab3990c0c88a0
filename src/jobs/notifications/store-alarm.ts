/**
 * Rings at the devices of super admins for what no event of ours says: that another event store answers
 * (docs/design/reliability.md#the-right-store), and that a stream is not whole (docs/design/reliability.md#whole-streams).
 * `GET /api/notifications` shows both from their records, as long as it is so.
 */
import { sql } from 'kysely';
import { STORE_CHANGED_NOTICE } from '../../domain/notifications/store-changed-notice.ts';
import { streamNotWholeNotice } from '../../domain/notifications/stream-not-whole-notice.ts';
import { listUntoldNotWhole, markTold } from '../../engine/commands/streams-not-whole.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { PushDevices, PushPayload, PushSender, WriteStore } from '../../ports.ts';
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
  readonly push: Pick<PushSender, 'send' | 'publicKey' | 'native'>;
}

/** Of a changed store. Each device once for this change, whoever calls. @throws StoreUnavailable */
export const alarmSuperAdmins = (deps: StoreAlarmDeps, changeId: string): Promise<void> =>
  ring(deps, { id: changeId, ...STORE_CHANGED_NOTICE });

/** Of streams that are not whole, each once. @throws StoreUnavailable */
export async function alarmOfStreams(deps: StoreAlarmDeps, tables: Pick<WriteStore, 'query'>): Promise<void> {
  for (const { id, stream } of await listUntoldNotWhole(tables)) {
    await ring(deps, { id, ...streamNotWholeNotice(stream) });
    await markTold(tables, id);
  }
}

/** Of a line that needs a person. @param id of this stop: each device is told once. @throws StoreUnavailable */
export const alarmOfLine = (deps: StoreAlarmDeps, id: string, name: string): Promise<void> =>
  ring(deps, {
    id,
    kind: 'line_stopped',
    layer: null,
    text: `Jalur ${name} berhenti. Buka halaman kanal.`,
    ticket_id: null,
  });

async function ring(
  { staff, devices, push }: StoreAlarmDeps,
  notice: Pick<PushPayload, 'id' | 'kind' | 'layer' | 'text' | 'ticket_id'>,
): Promise<void> {
  if (push.publicKey === null && !push.native) return;
  const payload: PushPayload = {
    ...notice,
    blast_id: null,
    job_id: null,
    invoice_id: null,
    badge: 1,
    sound: 'l1',
  };
  const people = await staff.query(superAdmins());
  const theirs = await devices.reachable(people.map(({ id }) => id));
  const claimed = await devices.claim(
    notice.id,
    theirs.map(({ id }) => id),
  );
  await Promise.all(
    theirs
      .filter(({ id }) => claimed.has(id))
      .map(async (device) => {
        if ((await push.send(device, payload)) === 'gone') await devices.forget(device.id);
      }),
  );
}
