/** Who belongs to which division since when, and when that division was at work. */
import { divisionAggregate, type DivisionState } from '../../domain/settings/division.ts';
import {
  type HoursChange,
  type HoursHistory,
  openSpans,
  type Span,
} from '../../domain/analytics/availability.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import type { OpenHours } from '../../domain/settings/office-hours.ts';
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../domain/vocabulary.ts';

export type Hours = ReadonlyMap<Division, HoursHistory>;

export interface Stay {
  /** ms since 1970; null: since ever. */
  readonly since: number | null;
  readonly division: UserDivision;
}

export interface Person {
  readonly userId: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  readonly onlineSince: number | null;
  /** Oldest first. */
  readonly stays: readonly Stay[];
}

// ---------------------------------------------------------------- figures

/** Whose hours count for who belongs here: all divisions are at work when any of them is. */
const unitsOf = (division: UserDivision): readonly Division[] =>
  division === 'all' ? DIVISIONS : [division];

/** When the division this person was in at that time was at work. */
export function workSpans(
  { stays }: Person,
  hours: Hours,
  within: Span,
  calendar: Calendar,
): readonly Span[] {
  return stays.flatMap(({ since, division }, index) => {
    const from = Math.max(within.from, since ?? Number.NEGATIVE_INFINITY);
    const to = Math.min(within.to, stays[index + 1]?.since ?? Number.POSITIVE_INFINITY);
    const histories = unitsOf(division).map((unit) => hours.get(unit) ?? [NO_CHANGE]);
    return from < to ? openSpans(histories, { from, to }, calendar) : [];
  });
}

// ---------------------------------------------------------------- rows

export const activeOf = (hours: DivisionState['hours']): readonly OpenHours[] =>
  hours
    .filter(({ isActive }) => isActive)
    .map(({ dayOfWeek, opens, closes }) => ({ dayOfWeek, opens, closes }));
export const NO_CHANGE: HoursChange = {
  since: Number.NEGATIVE_INFINITY,
  hours: activeOf(divisionAggregate.initial.hours),
};

export const HOURS = {
  name: 'analytics_hours_all',
  text: 'select unit, since, hours from read.analytics_hours order by since',
  values: [],
};
export interface HoursRow {
  readonly unit: Division;
  readonly since: Date;
  readonly hours: readonly OpenHours[];
}
export const hoursOf = (rows: readonly HoursRow[]): Hours =>
  new Map(
    DIVISIONS.map((unit) => [
      unit,
      [
        NO_CHANGE,
        ...rows
          .filter((row) => row.unit === unit)
          .map(({ since, hours }) => ({ since: since.getTime(), hours })),
      ],
    ]),
  );

export interface PersonRow {
  readonly user_id: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly is_active: boolean;
  readonly online_since: Date | null;
  readonly divisions: readonly Stay[];
}
export const personOf = (row: PersonRow): Person => ({
  userId: row.user_id,
  role: row.role,
  division: row.division,
  active: row.is_active,
  onlineSince: row.online_since?.getTime() ?? null,
  stays: row.divisions,
});
