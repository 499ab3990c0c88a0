/** Which division each member of staff belongs to since when, and the office hours of that division. */
import { divisionAggregate, type DivisionState } from '../../domain/settings/division.ts';
import {
  type HoursChange,
  type HoursHistory,
  openSpans,
  type Span,
} from '../../domain/analytics/availability.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import { type Nullable, sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns, Row } from '../../engine/sql/tables.ts';
import type { OpenHours } from '../../domain/settings/office-hours.ts';
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../domain/vocabulary.ts';

/** The office hours of each division, and their changes. */
export type HoursByDivision = ReadonlyMap<Division, HoursHistory>;

/** Stored as JSON in `read.analytics_people.divisions`. */
export interface DivisionMembership {
  /** ms since 1970; null: from the beginning. */
  readonly since: number | null;
  readonly division: UserDivision;
}

/** A member of staff, as availability needs them. */
export interface StaffPresence {
  readonly userId: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  /** ms since 1970; null: offline. */
  readonly onlineSince: number | null;
  /** Oldest first. */
  readonly memberships: readonly DivisionMembership[];
}

// ---------------------------------------------------------------- figures

/** Who belongs to all divisions is at work when any division is. */
const divisionsOf = (division: UserDivision): readonly Division[] =>
  division === 'all' ? DIVISIONS : [division];

/**
 * The office hours of the division that this member belonged to at each time (docs/design/api.md#availability).
 * @param within ms since 1970
 * @returns in order, without overlaps
 */
export function workSpans(
  { memberships }: StaffPresence,
  hours: HoursByDivision,
  within: Span,
  calendar: Calendar,
): readonly Span[] {
  return memberships.flatMap(({ since, division }, index) => {
    const from = Math.max(within.from, since ?? Number.NEGATIVE_INFINITY);
    const to = Math.min(within.to, memberships[index + 1]?.since ?? Number.POSITIVE_INFINITY);
    const histories = divisionsOf(division).map((one) => hours.get(one) ?? [DEFAULT_HOURS_CHANGE]);
    return from < to ? openSpans(histories, { from, to }, calendar) : [];
  });
}

// ---------------------------------------------------------------- rows

/** The days of an `OfficeHoursSet` on which the division works. */
export const activeDaysOf = (hours: DivisionState['hours']): readonly OpenHours[] =>
  hours
    .filter(({ isActive }) => isActive)
    .map(({ dayOfWeek, opens, closes }) => ({ dayOfWeek, opens, closes }));

/** The hours of a division before anything was set. */
export const DEFAULT_HOURS_CHANGE: HoursChange = {
  since: Number.NEGATIVE_INFINITY,
  hours: activeDaysOf(divisionAggregate.initial.hours),
};

export type HoursRow = Row<'read.analytics_hours'> & { readonly hours: readonly OpenHours[] };

/** Every change of office hours, oldest first. */
export const allHours = statement(
  'analytics_hours_all',
  () => sql<HoursRow>`select unit, since, hours from read.analytics_hours order by since`,
);

/** Every division has an entry; each history begins with the default hours. */
export const hoursOf = (rows: readonly HoursRow[]): HoursByDivision =>
  new Map(
    DIVISIONS.map((unit) => [
      unit,
      [
        DEFAULT_HOURS_CHANGE,
        ...rows
          .filter((row) => row.unit === unit)
          .map(({ since, hours }) => ({ since: since.getTime(), hours })),
      ],
    ]),
  );

/** A row of `read.analytics_people`. */
export type StaffPresenceRow = Row<'read.analytics_people'> & {
  readonly role: Role;
  readonly divisions: readonly DivisionMembership[];
};

/** Members of staff with their names; null when the users view does not know them yet. */
export const namedStaff = statement(
  'analytics_people_named',
  (userId: string | null) =>
    sql<
      StaffPresenceRow & Nullable<Columns<'read.users', { name: 'name' }>>
    >`select p.*, u.name from read.analytics_people p left join read.users u on u.id = p.user_id
where ${userId}::uuid is null or p.user_id = ${userId}`,
);

/** The member of staff in a row. */
export const staffPresenceOf = (row: StaffPresenceRow): StaffPresence => ({
  userId: row.user_id,
  role: row.role,
  division: row.division,
  active: row.is_active,
  onlineSince: row.online_since?.getTime() ?? null,
  memberships: row.divisions,
});
