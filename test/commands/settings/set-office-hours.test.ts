import { expect } from 'chai';
import { decideSetOfficeHours, input } from '../../../src/commands/settings/set-office-hours.ts';
import {
  divisionAggregate,
  type DivisionEvent,
  type DivisionState,
} from '../../../src/domain/settings/division.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(divisionAggregate);
const row = (day_of_week: number, open_time = '08:00', close_time = '17:00', is_active = true) => ({
  day_of_week,
  open_time,
  close_time,
  is_active,
});
const set =
  (...schedules: ReturnType<typeof row>[]) =>
  (state: DivisionState) =>
    decideSetOfficeHours(state, 'sari', { schedules });
const hours = (...rows: DivisionEvent['data']['hours']): DivisionEvent => ({
  type: 'OfficeHoursSet',
  data: { division: 'sari', hours: rows },
});

describe('set the office hours', () => {
  it('replaces all of them, once', () =>
    given()
      .when(set(row(6, '09:00', '12:00'), row(0, '22:00', '02:00', false)))
      .thenOnce(
        hours(
          { dayOfWeek: 6, opens: '09:00', closes: '12:00', isActive: true },
          { dayOfWeek: 0, opens: '22:00', closes: '02:00', isActive: false },
        ),
      ));
  it('to what they are until a division sets its own makes no event', () =>
    given()
      .when(set(...[1, 2, 3, 4, 5].map((day) => row(day))))
      .then());
  it('to none at all is allowed', () => given().when(set()).thenOnce(hours()));
  it('is refused when two active rows share a minute, also over midnight and the end of the week', () => {
    const clash = {
      path: 'schedules.1',
      code: 'OVERLAPS' as const,
      message: 'Jam ini bertumpang tindih dengan baris 1',
      params: { with: 'schedules.0' },
    };
    for (const rows of [
      [row(1), row(1, '16:59', '18:00')],
      [row(1), row(1)],
      [row(1, '22:00', '02:00'), row(2, '01:00', '03:00')],
      [row(6, '20:00', '04:00'), row(0, '03:59', '05:00')],
      [row(0, '03:59', '05:00'), row(6, '20:00', '04:00')],
      [row(1, '08:00', '08:00'), row(1, '12:00', '13:00')],
    ])
      given()
        .when(set(...rows))
        .thenRefused('VALIDATION_FAILED', clash);
  });
  it('may have rows that touch, and rows that are off', () => {
    for (const rows of [
      [row(1, '08:00', '12:00'), row(1, '12:00', '17:00')],
      [row(6, '20:00', '00:00'), row(0, '00:00', '04:00')],
      [row(1), row(1, '09:00', '10:00', false)],
    ])
      expect(() => set(...rows)(divisionAggregate.initial)).not.to.throw();
  });
  it('takes times of a clock and days of a week', () => {
    const accepts = (...rows: unknown[]) => input.safeParse({ schedules: rows }).success;
    expect(accepts(row(0, '00:00', '23:59'))).to.equal(true);
    for (const wrong of [row(7), row(-1), row(1, '24:00'), row(1, '8:00'), row(1, '08:60')])
      expect(accepts(wrong), JSON.stringify(wrong)).to.equal(false);
    expect(accepts(...Array.from({ length: 70 }, () => row(1)))).to.equal(true);
    expect(accepts(...Array.from({ length: 71 }, () => row(1)))).to.equal(false);
  });
});
