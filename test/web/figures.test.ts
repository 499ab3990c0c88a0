/** What the figures are of, how they compare, and how they are drawn and saved (docs/design/figures.md#figures). */
import { expect } from 'chai';
import { changeOf } from '../../web/src/analytics/change.ts';
import {
  daysOf,
  figuresSearch,
  granularityFor,
  nameOf,
  periodQuery,
  stepped,
} from '../../web/src/analytics/periods.ts';
import { csvOf } from '../../web/src/ui/charts/csv.ts';
import { asMinutes, asPercent, asShortRupiah, shareOf } from '../../web/src/ui/charts/numbers.ts';
import { labelsThatFit, ticksOf } from '../../web/src/ui/charts/scale.ts';

const TODAY = '2026-12-01';

describe('the figures in the address', () => {
  it('take what is known, and nothing else', () => {
    const search = {
      level: 'agents',
      division: 'savi',
      by: 'year',
      from: '2026-02-30',
      to: '2026-03-01',
      q: 'x',
    };
    expect(figuresSearch(search)).to.deep.equal({ level: 'agents', division: 'savi', to: '2026-03-01' });
  });

  it('are of this month where nothing is said, and a month is asked for as a month', () => {
    const days = daysOf({}, TODAY);
    expect(days).to.deep.equal({ start: '2026-12-01', end: '2026-12-31' });
    expect(periodQuery({}, days)).to.deep.equal({ period: '2026-12' });
  });

  it('are of a day, of a week from Monday, or of days of one’s own', () => {
    expect(daysOf({ by: 'day', from: '2026-11-15' }, TODAY)).to.deep.equal({
      start: '2026-11-15',
      end: '2026-11-15',
    });
    expect(daysOf({ by: 'week' }, TODAY)).to.deep.equal({ start: '2026-11-30', end: '2026-12-06' });
    const own = daysOf({ by: 'custom', from: '2026-11-10', to: '2026-11-20' }, TODAY);
    expect(periodQuery({ by: 'custom' }, own)).to.deep.equal({
      start_date: '2026-11-10',
      end_date: '2026-11-20',
    });
  });

  it('are never of more days than the API takes, nor of days that end before they begin', () => {
    expect(daysOf({ by: 'custom', from: '2024-01-01', to: '2026-01-01' }, TODAY).end).to.equal('2024-12-31');
    expect(daysOf({ by: 'custom', from: '2026-11-20', to: '2026-11-10' }, TODAY)).to.deep.equal({
      start: '2026-11-20',
      end: TODAY,
    });
  });

  it('step to the period beside, also over months of other lengths', () => {
    expect(stepped({ from: '2026-03-31' }, TODAY, -1).from).to.equal('2026-02-01');
    expect(stepped({ by: 'week' }, TODAY, -1).from).to.equal('2026-11-23');
    expect(stepped({ by: 'custom', from: '2026-11-10', to: '2026-11-20' }, TODAY, 1)).to.deep.equal({
      by: 'custom',
      from: '2026-11-21',
      to: '2026-12-01',
    });
  });

  it('have a name that people use, and steps that make a line', () => {
    expect(nameOf({ start: '2026-07-01', end: '2026-07-31' })).to.equal('Juli 2026');
    expect(nameOf({ start: '2026-06-29', end: '2026-07-05' })).to.equal('29 Jun – 5 Jul 2026');
    expect(nameOf({ start: '2026-07-03', end: '2026-07-03' })).to.equal('Jumat, 3 Juli 2026');
    expect(granularityFor({ start: '2026-07-01', end: '2026-07-31' })).to.equal('day');
    expect(granularityFor({ start: '2026-07-01', end: '2026-10-31' })).to.equal('week');
    expect(granularityFor({ start: '2026-01-01', end: '2026-12-31' })).to.equal('month');
  });
});

describe('a figure', () => {
  it('compares shares in points, all else in percent, and nothing with nothing', () => {
    expect(changeOf(62.5, 60, true)).to.deep.equal({ text: '+2,5 poin', way: 1 });
    expect(changeOf(75, 100, false)).to.deep.equal({ text: '−25%', way: -1 });
    expect(changeOf(7, 7, false)).to.deep.equal({ text: '±0%', way: 0 });
    expect([changeOf(5, 0, false), changeOf(null, 3, true), changeOf(3, null, true)]).to.deep.equal([
      null,
      null,
      null,
    ]);
  });

  it('is a dash where there is nothing to divide by', () => {
    expect([asPercent(shareOf(1, 3)), asPercent(shareOf(1, 0))]).to.deep.equal(['33,3%', '–']);
    expect([3.4, 712.6].map(asMinutes)).to.deep.equal(['3,4 mnt', '11,9 jam']);
    expect([999, 12_500, 3_400_000, 1_250_000_000].map(asShortRupiah)).to.deep.equal([
      'Rp999',
      'Rp12,5 rb',
      'Rp3,4 jt',
      'Rp1,3 M',
    ]);
  });
});

describe('a chart', () => {
  it('has round steps from nought to no less than its highest value', () => {
    expect(ticksOf(8, true)).to.deep.equal([0, 2, 4, 6, 8]);
    expect(ticksOf(61.3, false)).to.deep.equal([0, 20, 40, 60, 80]);
    expect(ticksOf(1, true)).to.deep.equal([0, 1]);
    expect([ticksOf(0, true), ticksOf(0, false)]).to.deep.equal([
      [0, 1],
      [0, 10],
    ]);
    for (const highest of [0.3, 3, 7, 99, 101, 12_345, 9_876_543]) {
      const ticks = ticksOf(highest, highest >= 1);
      expect(ticks.at(-1)).to.be.least(highest);
      expect(ticks.length).to.be.within(2, 6);
    }
  });

  it('names the last place, and of the others those that fit', () => {
    expect([...labelsThatFit(12, 300, 50)]).to.deep.equal([1, 3, 5, 7, 9, 11]);
    expect([...labelsThatFit(3, 10, 50)]).to.deep.equal([2]);
  });
});

describe('a table as a file', () => {
  it('is what Excel reads, and holds nothing that it would calculate', () => {
    const rows = [
      ['Jakarta, Pusat', 12, null],
      ['=HYPERLINK("x")', 0.5, 'a\nb'],
    ];
    expect(csvOf({ name: 'x', columns: ['Rute', 'Lead', 'Catatan'], rows })).to.equal(
      '\uFEFFRute,Lead,Catatan\r\n"Jakarta, Pusat",12,\r\n"\'=HYPERLINK(""x"")",0.5,"a\nb"\r\n',
    );
  });
});
