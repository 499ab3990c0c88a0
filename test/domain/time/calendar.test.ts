import { expect } from 'chai';
import { createCalendar, dayNumber, dayText, monthOf, weekdayOf } from '../../../src/domain/time/calendar.ts';

const moment = (text: string): number => Date.parse(text);

describe('the calendar of the business', () => {
  it('a day begins at midnight in Jakarta, which is 17:00 UTC of the day before', () => {
    const { dayOf, momentOf } = createCalendar('Asia/Jakarta');
    expect(dayText(dayOf(moment('2026-06-30T16:59:59.999Z')))).to.equal('2026-06-30');
    expect(dayText(dayOf(moment('2026-06-30T17:00:00.000Z')))).to.equal('2026-07-01');
    expect(momentOf(dayNumber('2026-07-01'))).to.equal(moment('2026-06-30T17:00:00Z'));
    expect(momentOf(dayNumber('2026-07-01'), 8 * 60 + 30)).to.equal(moment('2026-07-01T01:30:00Z'));
  });

  it('knows zones that change their clocks', () => {
    const { dayOf, momentOf } = createCalendar('Europe/Berlin');
    expect(momentOf(dayNumber('2026-03-29'))).to.equal(moment('2026-03-28T23:00:00Z'));
    expect(momentOf(dayNumber('2026-03-30'))).to.equal(moment('2026-03-29T22:00:00Z'));
    expect(momentOf(dayNumber('2026-03-29'), 12 * 60)).to.equal(moment('2026-03-29T10:00:00Z'));
    expect(dayText(dayOf(moment('2026-03-29T21:59:59Z')))).to.equal('2026-03-29');
    expect(dayText(dayOf(moment('2026-03-29T22:00:00Z')))).to.equal('2026-03-30');
  });

  it('takes no day that is in no calendar', () => {
    for (const text of ['2026-02-30', '2026-13-01', '2026-7-1', 'today', '', '2026-07-01T00:00:00Z'])
      expect(dayNumber(text), text).to.be.NaN;
    expect(dayText(dayNumber('2028-02-29'))).to.equal('2028-02-29');
  });

  it('knows the weekday and the month of a day', () => {
    expect(weekdayOf(dayNumber('2026-11-22'))).to.equal(0);
    expect(weekdayOf(dayNumber('2026-11-28'))).to.equal(6);
    expect(monthOf('2026-11-22')).to.equal('2026-11');
  });
});
