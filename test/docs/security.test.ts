/** docs/security.md: a line for each requirement of ASVS 5.0 level 1 and 2 and each of the API Top 10, and every test it names is there. */
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';

const TEXT = readFileSync('docs/security.md', 'utf8');

/** Sections of ASVS 5.0.0 with the numbers of their requirements of level 1 and 2: 253. */
const ASVS = `1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1-1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2
  4.1:1-3 4.2:1-1 4.3:1-2 4.4:1-4 5.1:1-1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4
  7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1-1 8.4:1-1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4
  10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1-1 11.6:1-1 12.1:1-3 12.2:1-2 12.3:1-4 13.1:1-1
  13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1-1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3
  17.1:1-1 17.2:1-4 17.3:1-2`;

const wanted = ASVS.split(/\s+/).flatMap((one) => {
  const [section = '', range = ''] = one.split(':');
  const [first = 0, last = 0] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, n) => `${section}.${String(first + n)}`);
});

/** Cells of each row of a table whose first cell looks like that. */
const rows = (first: RegExp): readonly (readonly string[])[] =>
  TEXT.split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([cell = '']) => first.test(cell));

const TESTS = /^(`test\/[\w./-]+\.test\.ts`(, )?)+$/;
const KINDS: Readonly<Record<string, RegExp>> = {
  test: TESTS,
  document: /^documented in \[.+\]\(.+\)/,
  'does not apply': /^does not apply: .{5,}/,
  decided: /^\*\*decided\*\*: .{5,}\(#decisions\)/,
  open: /^\*\*open\*\*: .{5,}/,
};
const kindOf = (evidence: string): string | undefined =>
  Object.keys(KINDS).find((kind) => KINDS[kind]?.test(evidence));

describe('docs/security.md', () => {
  const asvs = rows(/^\d+\.\d+\.\d+$/);
  const risks = rows(/^API\d+$/);

  it('has every requirement of ASVS 5.0 of level 1 and 2 once, in order, and every risk of the API Top 10', () => {
    expect(wanted).to.have.length(253);
    expect(asvs.map(([id]) => id)).to.deep.equal(wanted);
    expect(risks.map(([id]) => id)).to.deep.equal(
      Array.from({ length: 10 }, (_, n) => `API${String(n + 1)}`),
    );
  });

  it('says of each which test or document holds it, why it does not apply, what was decided instead, or that it is open', () => {
    const wrong = asvs.filter((row) => row.length !== 4 || kindOf(row[3] ?? '') === undefined);
    expect(wrong).to.deep.equal([]);
    expect(risks.filter((row) => row.length !== 4 || !TESTS.test(row[3] ?? ''))).to.deep.equal([]);
  });

  it('names only tests that are there', () => {
    const named = [...TEXT.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
    expect(named.length).to.be.greaterThan(130);
    expect([...new Set(named)].filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it('counts them right', () => {
    const counted = (kind: string): number => asvs.filter((row) => kindOf(row[3] ?? '') === kind).length;
    const said = `${String(counted('test'))} are held by tests, ${String(counted('document'))} by documents, ${String(counted('does not apply'))} do not apply, ${String(counted('decided'))} are decided otherwise and ${String(counted('open'))} are open`;
    expect(TEXT.replaceAll(/\s+/g, ' ')).to.include(said);
  });
});
