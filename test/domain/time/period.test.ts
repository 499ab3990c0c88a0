import { expect } from 'chai';
import fc from 'fast-check';
import { dayNumber, dayText, weekdayOf } from '../../../src/domain/time/calendar.ts';
import {
  daysIn,
  GRANULARITIES,
  monthAfter,
  monthsUpTo,
  type PeriodInput,
  previousOf,
  readPeriod,
  stepsOf,
} from '../../../src/domain/time/period.ts';

const TODAY = '2026-11-20';
const read = (input: PeriodInput) => readPeriod(input, TODAY);

describe('periods', () => {
  it('a month, days from one to another, and this month when nothing is said', () => {
    expect(read({ period: '2026-02' })).to.deep.equal({ period: { from: '2026-02-01', to: '2026-02-28' } });
    expect(read({ period: '2028-02' })).to.deep.equal({ period: { from: '2028-02-01', to: '2028-02-29' } });
    expect(read({ start_date: '2026-07-03', end_date: '2026-07-03' })).to.deep.equal({
      period: { from: '2026-07-03', to: '2026-07-03' },
    });
    expect(read({})).to.deep.equal({ period: { from: '2026-11-01', to: '2026-11-30' } });
  });

  const BAD: readonly (readonly [PeriodInput, string])[] = [
    [{ period: '2026-13' }, 'period'],
    [{ period: '2026-7' }, 'period'],
    [{ period: '2026-07-01' }, 'period'],
    [{ period: '' }, 'period'],
    [{ period: '0000-01' }, 'period'],
    [{ period: '2100-01' }, 'period'],
    [{ period: '2026-07', start_date: '2026-07-01', end_date: '2026-07-02' }, 'period'],
    [{ period: '2026-07', end_date: '2026-07-02' }, 'period'],
    [{ start_date: '2026-07-01' }, 'end_date'],
    [{ end_date: '2026-07-01' }, 'start_date'],
    [{ start_date: '2026-02-30', end_date: '2026-03-01' }, 'start_date'],
    [{ start_date: '2026-07-01', end_date: 'kemarin' }, 'end_date'],
    [{ start_date: '2026-07-02', end_date: '2026-07-01' }, 'end_date'],
    [{ start_date: '2026-01-01', end_date: '2027-01-02' }, 'end_date'],
  ];
  for (const [input, path] of BAD)
    it(`refuses ${JSON.stringify(input)} at ${path}`, () => {
      expect(read(input)).to.have.nested.property('problem.path', path);
    });

  it('a whole year is not too long', () => {
    expect(read({ start_date: '2028-01-01', end_date: '2028-12-31' })).to.have.property('period');
  });

  it('a month is compared with the month before, a quarter with a quarter, days with as many days', () => {
    expect(previousOf({ from: '2026-03-01', to: '2026-03-31' })).to.deep.equal({
      from: '2026-02-01',
      to: '2026-02-28',
    });
    expect(previousOf({ from: '2026-01-01', to: '2026-03-31' })).to.deep.equal({
      from: '2025-10-01',
      to: '2025-12-31',
    });
    expect(previousOf({ from: '2026-03-01', to: '2026-03-30' })).to.deep.equal({
      from: '2026-01-30',
      to: '2026-02-28',
    });
    expect(previousOf({ from: '2026-03-05', to: '2026-03-05' })).to.deep.equal({
      from: '2026-03-04',
      to: '2026-03-04',
    });
  });

  it('counts months over the turn of a year', () => {
    expect(monthAfter('2026-01', -1)).to.equal('2025-12');
    expect(monthAfter('2026-12', 1)).to.equal('2027-01');
    expect(monthsUpTo({ from: '2026-01-30', to: '2026-02-03' }, 3)).to.deep.equal([
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
  });

  it('steps cover the period without gaps; weeks begin on Monday, months on the first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15_000, max: 25_000 }),
        fc.integer({ min: 0, max: 365 }),
        fc.constantFrom(...GRANULARITIES),
        (first, more, granularity) => {
          const period = { from: dayText(first), to: dayText(first + more) };
          const steps = stepsOf(period, granularity);
          expect(steps[0]?.from).to.equal(period.from);
          expect(steps.at(-1)?.to).to.equal(period.to);
          expect(steps.reduce((sum, step) => sum + daysIn(step), 0)).to.equal(daysIn(period));
          for (const [index, step] of steps.entries()) {
            if (index === 0) continue;
            expect(dayNumber(step.from)).to.equal(dayNumber(steps[index - 1]!.to) + 1);
            if (granularity === 'week') expect(weekdayOf(dayNumber(step.from))).to.equal(1);
            if (granularity === 'month') expect(step.from).to.match(/-01$/);
          }
          if (granularity === 'day') expect(steps).to.have.length(more + 1);
        },
      ),
    );
  });
});
