import { expect } from 'chai';
import { type HoursHistory, msByDay, openSpans } from '../../../src/domain/analytics/availability.ts';
import { createCalendar, dayText } from '../../../src/domain/time/calendar.ts';

const calendar = createCalendar('Asia/Jakarta');
const HOUR = 3_600_000;
/** 2026-11-16 is a Monday. Times of Jakarta. */
const at = (text: string): number => Date.parse(`${text}+07:00`);

const hours = (...rows: [dayOfWeek: number, opens: string, closes: string][]) =>
  rows.map(([dayOfWeek, opens, closes]) => ({ dayOfWeek, opens, closes }));
const always = (rows: ReturnType<typeof hours>): HoursHistory => [
  { since: Number.NEGATIVE_INFINITY, hours: rows },
];

const openHours = (histories: readonly HoursHistory[], from: string, to: string): Record<string, number> => {
  const days = msByDay(openSpans(histories, { from: at(from), to: at(to) }, calendar), calendar);
  return Object.fromEntries([...days].map(([day, ms]) => [dayText(day), ms / HOUR]));
};

describe('office hours as time', () => {
  it('only what lies within both', () => {
    const nine = always(hours([1, '09:00', '17:00']));
    expect(openHours([nine], '2026-11-16T08:00', '2026-11-16T10:30')).to.deep.equal({ '2026-11-16': 1.5 });
    expect(openHours([nine], '2026-11-16T17:00', '2026-11-23T09:00')).to.deep.equal({});
  });

  it('a shift past midnight belongs to both days, also for who comes after midnight', () => {
    const night = always(hours([5, '20:00', '04:00']));
    expect(openHours([night], '2026-11-20T00:00', '2026-11-22T00:00')).to.deep.equal({
      '2026-11-20': 4,
      '2026-11-21': 4,
    });
    expect(openHours([night], '2026-11-21T01:00', '2026-11-21T23:00')).to.deep.equal({ '2026-11-21': 3 });
  });

  it('rows that overlap count once, and a close at the opening is a whole day', () => {
    const rows = always(hours([1, '08:00', '12:00'], [1, '11:00', '13:00'], [2, '00:00', '00:00']));
    expect(openHours([rows], '2026-11-16T00:00', '2026-11-18T00:00')).to.deep.equal({
      '2026-11-16': 5,
      '2026-11-17': 24,
    });
  });

  it('each moment under the hours that were in force then', () => {
    const history: HoursHistory = [
      { since: Number.NEGATIVE_INFINITY, hours: hours([1, '08:00', '16:00'], [2, '08:00', '16:00']) },
      { since: at('2026-11-16T12:00'), hours: hours([1, '14:00', '18:00']) },
      { since: at('2026-11-16T12:00'), hours: hours([1, '15:00', '18:00']) },
    ];
    // 8 to 12 under the old ones, 15 to 18 under the last of those set at noon, nothing on Tuesday any more.
    expect(openHours([history], '2026-11-16T00:00', '2026-11-18T00:00')).to.deep.equal({ '2026-11-16': 7 });
  });

  it('several divisions are at work when any of them is', () => {
    const morning = always(hours([1, '08:00', '12:00']));
    const noon = always(hours([1, '11:00', '14:00']));
    expect(openHours([morning, noon], '2026-11-16T00:00', '2026-11-17T00:00')).to.deep.equal({
      '2026-11-16': 6,
    });
  });
});
