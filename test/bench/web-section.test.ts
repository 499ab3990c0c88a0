import { expect } from 'chai';
import { webSectionOf, withWebSection } from '../../bench/report/web-section.ts';

const FACTS = { at: new Date('2026-12-01T10:00:00Z'), seconds: 200, load: [0.5, 0.5, 0.5], times: 20 };
const finding = (what: string) => ({ what, unit: 'ms', measured: [12] }) as const;

describe('the section of the browser in the benchmarks', () => {
  it('comes at the end, is replaced by the next run, and leaves the rest as it was', () => {
    const once = withWebSection('# Benchmarks\n\nrows\n', [finding('first')], FACTS);
    expect(once).to.match(/^# Benchmarks\n\nrows\n\n## In the browser\n/);
    const twice = withWebSection(once, [finding('second')], FACTS);
    expect(twice).to.include('| second |').and.not.include('| first |');
    expect(twice.split('## In the browser')).to.have.length(2);
    expect(twice.endsWith(webSectionOf(twice))).to.equal(true);
    expect(webSectionOf('# Benchmarks\n')).to.equal('');
  });
});
