/** Time online within office hours. There are few such events, so each batch reads the rows back. */
import type { Recorded } from '../../domain/codec.ts';
import {
  type HoursChange,
  type HoursHistory,
  msByDay,
  type Span,
} from '../../domain/analytics/availability.ts';
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import { sql } from 'kysely';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Sql } from '../../ports.ts';
import { allOf } from '../../engine/projections/view.ts';
import { addBySpan, countersOf, counts } from './counters.ts';
import {
  activeDaysOf,
  DEFAULT_HOURS_CHANGE,
  allHours,
  hoursOf,
  type StaffPresence,
  staffPresenceOf,
  type StaffPresenceRow,
  workSpans,
} from './staff-presence.ts';

const onlineTime = countersOf({
  table: 'read.analytics_presence',
  keys: [
    { name: 'user_id', type: 'uuid' },
    { name: 'span', type: 'text' },
    { name: 'day', type: 'date' },
  ],
  sums: counts('online_ms'),
});

// ---------------------------------------------------------------- view

const STAFF_EVENTS: ReadonlySet<string> = new Set<Recorded['type']>([
  'UserRegistered',
  'UserRoleChanged',
  'UserMoved',
  'UserDeactivated',
  'UserReactivated',
  'PresenceChanged',
]);
type EventOfUser = Extract<Recorded, { data: { userId: string } }>;

const isStaffEvent = (event: Recorded): event is EventOfUser => STAFF_EVENTS.has(event.type);

/**
 * @param addOnline is called with each time online that the event ends
 * @returns the member after the event
 */
function evolve(
  member: StaffPresence | undefined,
  event: EventOfUser,
  addOnline: (member: StaffPresence, span: Span) => void,
): StaffPresence | undefined {
  const at = Date.parse(event.metadata.at);
  const goOffline = (online: StaffPresence): StaffPresence => {
    if (online.onlineSince === null) return online;
    addOnline(online, { from: online.onlineSince, to: at });
    return { ...online, onlineSince: null };
  };
  if (event.type === 'UserRegistered') {
    const { userId, role, division } = event.data;
    const memberships = [{ since: null, division }];
    return { userId, role, division, active: true, onlineSince: null, memberships };
  }
  if (!member) return undefined;
  switch (event.type) {
    case 'UserRoleChanged':
      return { ...member, role: event.data.role };
    case 'UserMoved': {
      const { division } = event.data;
      return { ...member, division, memberships: [...member.memberships, { since: at, division }] };
    }
    case 'UserDeactivated':
      return { ...goOffline(member), active: false };
    case 'UserReactivated':
      return { ...member, active: true };
    case 'PresenceChanged':
      if (event.data.status === 'offline') return goOffline(member);
      return member.onlineSince === null ? { ...member, onlineSince: at } : member;
    default:
      return member;
  }
}

const staffByIds = statement(
  'analytics_people_load',
  (ids: readonly string[]) =>
    sql<StaffPresenceRow>`select * from read.analytics_people where user_id = any(${ids}::uuid[])`,
);

const writeStaff = (on: Sql, staff: readonly StaffPresence[]): Promise<unknown> =>
  on.query(
    write(
      'analytics_people_write',
      `insert into read.analytics_people (user_id, role, division, is_active, online_since, divisions)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bool[], $5::timestamptz[], $6::json[])
on conflict (user_id) do update set role = excluded.role, division = excluded.division,
  is_active = excluded.is_active, online_since = excluded.online_since, divisions = excluded.divisions`,
      columnsOf('read.analytics_people', staff, {
        user_id: ({ userId }) => userId,
        role: ({ role }) => role,
        division: ({ division }) => division,
        is_active: ({ active }) => active,
        online_since: ({ onlineSince }) => (onlineSince === null ? null : new Date(onlineSince)),
        divisions: ({ memberships }) => JSON.stringify(memberships),
      }),
    ),
  );

type HoursSet = Extract<Recorded, { type: 'OfficeHoursSet' }>;
const timeOf = ({ metadata }: HoursSet): number => Date.parse(metadata.at);

const changeOf = (event: HoursSet): HoursChange => ({
  since: timeOf(event),
  hours: activeDaysOf(event.data.hours),
});

/** Keeps the order. Of two changes at one time the later event counts. */
const withChange = (history: HoursHistory, change: HoursChange): HoursHistory =>
  [...history.filter(({ since }) => since !== change.since), change].sort((a, b) => a.since - b.since);

async function writeHours(on: Sql, events: readonly HoursSet[]): Promise<void> {
  const last = new Map(events.map((event) => [`${event.data.division} ${String(timeOf(event))}`, event]));
  await on.query(
    write(
      'analytics_hours_write',
      `insert into read.analytics_hours (unit, since, hours)
select * from unnest($1::text[], $2::timestamptz[], $3::json[])
on conflict (unit, since) do update set hours = excluded.hours`,
      columnsOf('read.analytics_hours', [...last.values()], {
        unit: ({ data }) => data.division,
        since: (event) => new Date(timeOf(event)),
        hours: (event) => JSON.stringify(changeOf(event).hours),
      }),
    ),
  );
}

const isHoursSet = (event: Recorded): event is HoursSet => event.type === 'OfficeHoursSet';

/** Writes presence and office hours of a batch, in the order of its events. */
export async function projectPresence(
  on: Sql,
  events: readonly Recorded[],
  calendar: Calendar,
): Promise<void> {
  const relevant = events.filter((event) => isHoursSet(event) || isStaffEvent(event));
  if (relevant.length === 0) return;
  const ids = new Set(relevant.filter(isStaffEvent).map(({ data }) => data.userId));
  const staffRows = on.query(staffByIds([...ids]));
  const hoursRows = on.query(allHours());
  await allOf<unknown>([staffRows, hoursRows]);
  const hours = new Map(hoursOf(await hoursRows));
  const staff = new Map((await staffRows).map((row) => [row.user_id, staffPresenceOf(row)]));
  const online = onlineTime();
  for (const event of relevant) {
    if (isHoursSet(event)) {
      const { division } = event.data;
      hours.set(division, withChange(hours.get(division) ?? [DEFAULT_HOURS_CHANGE], changeOf(event)));
      continue;
    }
    const changed = evolve(staff.get(event.data.userId), event, (member, span) => {
      for (const [day, ms] of msByDay(workSpans(member, hours, span, calendar), calendar)) {
        addBySpan(online, member.userId, dayText(day), [], [ms]);
      }
    });
    if (changed) staff.set(changed.userId, changed);
  }
  const hoursSet = relevant.filter(isHoursSet);
  await allOf<unknown>([
    ...(hoursSet.length > 0 ? [writeHours(on, hoursSet)] : []),
    ...(staff.size > 0 ? [writeStaff(on, [...staff.values()])] : []),
    online.write(on),
  ]);
}
