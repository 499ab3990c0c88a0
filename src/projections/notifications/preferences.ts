/** What people want to be told of, for the view of notifications and what sends them to devices. */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { type Preference, UNASKED } from '../../domain/notifications/preferences.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql, WriteStore } from '../../ports.ts';

/** The last word of each person: it holds all that they said. */
export async function writePreferences(on: Sql, events: readonly Recorded[]): Promise<void> {
  const last = new Map(
    events.flatMap((event) =>
      event.type === 'NotificationPreferencesChanged'
        ? [[event.data.userId, event.data.preferences] as const]
        : [],
    ),
  );
  if (last.size === 0) return;
  await on.query(
    write(
      'notification_preferences_clear',
      'delete from read.notification_preferences where user_id = any($1::uuid[])',
      [[...last.keys()]],
    ),
  );
  const rows = [...last].flatMap(([userId, kinds]) => kinds.map((one) => ({ userId, ...one })));
  if (rows.length === 0) return;
  await on.query(
    write(
      'notification_preferences_insert',
      `insert into read.notification_preferences (user_id, kind, in_app, push, sound)
select * from unnest($1::uuid[], $2::text[], $3::bool[], $4::bool[], $5::bool[])`,
      columnsOf('read.notification_preferences', rows, {
        user_id: ({ userId }) => userId,
        kind: ({ kind }) => kind,
        in_app: ({ inApp }) => inApp,
        push: ({ push }) => push,
        sound: ({ sound }) => sound,
      }),
    ),
  );
}

const ofUsers = statement(
  'notification_preferences_of',
  (userIds: readonly string[]) =>
    sql<
      Columns<
        'read.notification_preferences',
        { userId: 'user_id'; kind: 'kind'; inApp: 'in_app'; push: 'push'; sound: 'sound' }
      >
    >`select user_id as "userId", kind, in_app as "inApp", push, sound from read.notification_preferences
where user_id = any(${userIds}::uuid[])`,
);

/** @returns what holds for a person and a kind. @throws StoreUnavailable */
export async function preferencesOf(
  on: Pick<WriteStore, 'query'>,
  userIds: readonly string[],
): Promise<(userId: string, kind: string) => Preference> {
  const rows = await on.query(ofUsers(userIds));
  const known = new Map(rows.map((row) => [`${row.userId} ${row.kind}`, row]));
  return (userId, kind) => known.get(`${userId} ${kind}`) ?? UNASKED;
}
