/** Who was online within the hours of their division: few events, so the rows are read back for each batch. */
import type { Recorded } from '../../domain/codec.ts';
import {
  type HoursChange,
  type HoursHistory,
  msByDay,
  type Span,
} from '../../domain/analytics/availability.ts';
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import type { Sql } from '../../ports.ts';
import { allOf, columns } from '../../engine/projections/view.ts';
import { addBySpan, countersOf, counts } from './counters.ts';
import {
  activeOf,
  HOURS,
  hoursOf,
  type HoursRow,
  NO_CHANGE,
  type Person,
  personOf,
  type PersonRow,
  workSpans,
} from './people.ts';

const presence = countersOf({
  name: 'analytics_presence',
  keys: [
    { name: 'user_id', type: 'uuid' },
    { name: 'span', type: 'text' },
    { name: 'day', type: 'date' },
  ],
  sums: counts('online_ms'),
});

// ---------------------------------------------------------------- view

const ABOUT_PEOPLE: ReadonlySet<string> = new Set<Recorded['type']>([
  'UserRegistered',
  'UserRoleChanged',
  'UserMoved',
  'UserDeactivated',
  'UserReactivated',
  'PresenceChanged',
]);
type OfUser = Extract<Recorded, { data: { userId: string } }>;

const isAboutPeople = (event: Recorded): event is OfUser => ABOUT_PEOPLE.has(event.type);

/** @returns the person after it; a time online that it ends is told to `ended` */
function evolve(
  was: Person | undefined,
  event: OfUser,
  ended: (person: Person, span: Span) => void,
): Person | undefined {
  const at = Date.parse(event.metadata.at);
  const offline = (person: Person): Person => {
    if (person.onlineSince === null) return person;
    ended(person, { from: person.onlineSince, to: at });
    return { ...person, onlineSince: null };
  };
  if (event.type === 'UserRegistered') {
    const { userId, role, division } = event.data;
    return { userId, role, division, active: true, onlineSince: null, stays: [{ since: null, division }] };
  }
  if (!was) return undefined;
  switch (event.type) {
    case 'UserRoleChanged':
      return { ...was, role: event.data.role };
    case 'UserMoved': {
      const { division } = event.data;
      return { ...was, division, stays: [...was.stays, { since: at, division }] };
    }
    case 'UserDeactivated':
      return { ...offline(was), active: false };
    case 'UserReactivated':
      return { ...was, active: true };
    case 'PresenceChanged':
      if (event.data.status === 'offline') return offline(was);
      return was.onlineSince === null ? { ...was, onlineSince: at } : was;
    default:
      return was;
  }
}

const writePeople = (sql: Sql, people: readonly Person[]): Promise<unknown> =>
  sql.query({
    name: 'analytics_people_write',
    text: `insert into read.analytics_people (user_id, role, division, is_active, online_since, divisions)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bool[], $5::timestamptz[], $6::json[])
on conflict (user_id) do update set role = excluded.role, division = excluded.division,
  is_active = excluded.is_active, online_since = excluded.online_since, divisions = excluded.divisions`,
    values: columns(
      people,
      ({ userId }) => userId,
      ({ role }) => role,
      ({ division }) => division,
      ({ active }) => active,
      ({ onlineSince }) => (onlineSince === null ? null : new Date(onlineSince)),
      ({ stays }) => JSON.stringify(stays),
    ),
  });

type HoursSet = Extract<Recorded, { type: 'OfficeHoursSet' }>;
const momentOf = ({ metadata }: HoursSet): number => Date.parse(metadata.at);

const changeOf = (event: HoursSet): HoursChange => ({
  since: momentOf(event),
  hours: activeOf(event.data.hours),
});

/** In its place; the last of those of one moment counts. */
const withChange = (history: HoursHistory, change: HoursChange): HoursHistory =>
  [...history.filter(({ since }) => since !== change.since), change].sort((a, b) => a.since - b.since);

async function writeHours(sql: Sql, events: readonly HoursSet[]): Promise<void> {
  const last = new Map(events.map((event) => [`${event.data.division} ${String(momentOf(event))}`, event]));
  await sql.query({
    name: 'analytics_hours_write',
    text: `insert into read.analytics_hours (unit, since, hours)
select * from unnest($1::text[], $2::timestamptz[], $3::json[])
on conflict (unit, since) do update set hours = excluded.hours`,
    values: columns(
      [...last.values()],
      ({ data }) => data.division,
      (event) => new Date(momentOf(event)),
      (event) => JSON.stringify(changeOf(event).hours),
    ),
  });
}

const isHoursSet = (event: Recorded): event is HoursSet => event.type === 'OfficeHoursSet';

/** Presence and office hours of a batch, in the order of the events. */
export async function projectPresence(
  sql: Sql,
  events: readonly Recorded[],
  calendar: Calendar,
): Promise<void> {
  const ours = events.filter((event) => isHoursSet(event) || isAboutPeople(event));
  if (ours.length === 0) return;
  const ids = new Set(ours.filter(isAboutPeople).map(({ data }) => data.userId));
  const [rows, hoursRows] = await allOf<object[]>([
    sql.query<PersonRow>({
      name: 'analytics_people_load',
      text: 'select * from read.analytics_people where user_id = any($1::uuid[])',
      values: [[...ids]],
    }),
    sql.query<HoursRow>(HOURS),
  ]);
  const hours = new Map(hoursOf(hoursRows as HoursRow[]));
  const people = new Map((rows as PersonRow[]).map((row) => [row.user_id, personOf(row)]));
  const online = presence();
  for (const event of ours) {
    if (isHoursSet(event)) {
      const { division } = event.data;
      hours.set(division, withChange(hours.get(division) ?? [NO_CHANGE], changeOf(event)));
      continue;
    }
    const person = evolve(people.get(event.data.userId), event, (who, span) => {
      const { userId } = who;
      for (const [day, ms] of msByDay(workSpans(who, hours, span, calendar), calendar)) {
        addBySpan(online, userId, dayText(day), [], [ms]);
      }
    });
    if (person) people.set(person.userId, person);
  }
  const set = ours.filter(isHoursSet);
  await allOf<unknown>([
    ...(set.length > 0 ? [writeHours(sql, set)] : []),
    ...(people.size > 0 ? [writePeople(sql, [...people.values()])] : []),
    online.write(sql),
  ]);
}
