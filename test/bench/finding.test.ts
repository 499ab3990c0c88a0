import { expect } from 'chai';
import { type Finding, isMet, median, quantile, ratiosOf } from '../../bench/report/finding.ts';
import { table } from '../../bench/report/report.ts';

const finding: Finding = {
  what: 'takeover',
  unit: '/s',
  measured: [10_000, 4_000, 9_000],
  limit: { what: 'CRUD', measured: [4_000, 1_000, 4_500] },
  bar: { of: 'ratio', atLeast: 2.5 },
};

describe('what a bench found', () => {
  it('makes ratios within a round, so that a slow moment counts for both sides', () => {
    expect(ratiosOf(finding)).to.deep.equal([2.5, 4, 2]);
    expect(isMet(finding)).to.equal(true);
    expect(isMet({ ...finding, bar: { of: 'ratio', atLeast: 2.6 } })).to.equal(false);
  });

  it('holds a figure against a bar of its own, and a figure without a bar against nothing', () => {
    const late: Finding = {
      what: 'p99',
      unit: 'ms',
      measured: [9, 30, 10],
      bar: { of: 'value', atMost: 10 },
    };
    expect(isMet(late)).to.equal(true);
    expect(isMet({ ...late, measured: [9, 30, 11] })).to.equal(false);
    expect(isMet({ what: 'p50', unit: 'ms', measured: [1] })).to.equal(undefined);
  });

  it('knows median and quantiles', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
    expect(
      quantile(
        Array.from({ length: 100 }, (_, n) => n + 1),
        0.99,
      ),
    ).to.equal(100);
  });

  it('prints what was measured, the limit next to it, the ratio and whether it is enough', () => {
    expect(table([finding]).split('\n').at(-1)).to.equal(
      '| takeover | 9,000/s (4,000-10,000) | 4,000/s (1,000-4,500): CRUD | 2.50 (2.00-4.00) x | >= 2.5 x | met |',
    );
  });
});
